import Crypto

/// application/x-www-form-urlencoded (WHATWG URL, section 5.2).
enum FormEncoding {
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "*"):
                String(UnicodeScalar(byte))
            case UInt8(ascii: " "): "+"
            default: "%" + hex([byte])
            }
        }.joined()
    }
}
