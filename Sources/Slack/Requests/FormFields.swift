/// The fields of an `application/x-www-form-urlencoded` body (WHATWG URL, section 5.1).
package struct FormFields: Sendable {
    /// In their order: a form has a dozen of them, and a few are looked for.
    private let fields: [(name: String, value: String)]

    static let maxFields = 100

    /// Nil when an escape is broken, the text is no UTF-8, or there are absurdly many fields. The first of
    /// several fields of one name counts.
    package init?(_ body: [UInt8]) {
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(16)
        let isRead = body.withUnsafeBufferPointer { body in
            var start = 0
            while start < body.count {
                let end = body[start...].firstIndex(of: UInt8(ascii: "&")) ?? body.count
                defer { start = end + 1 }
                guard start < end else { continue }
                let middle = body[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
                guard fields.count < Self.maxFields, let name = Self.decode(body[start..<middle]),
                    let value = Self.decode(body[min(middle + 1, end)..<end])
                else { return false }
                fields.append((name, value))
            }
            return true
        }
        guard isRead else { return nil }
        self.fields = fields
    }

    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    private static func decode(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        // As most are: a name, an identifier, a word.
        if bytes.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "%") }) {
            return String(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"):
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let high = digit(bytes[index + 1]),
                    let low = digit(bytes[index + 2])
                else { return nil }
                decoded.append(high << 4 | low)
                index += 2
            case let byte:
                decoded.append(byte)
            }
            index += 1
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
