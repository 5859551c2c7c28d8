import Foundation

/// How the files of build logs are called.
enum LogFile {
    static let suffix = ".log"
    /// Behind `suffix`, of a log that is written to its end.
    static let packedSuffix = ".gz"

    /// One plain file name for any text: letters, digits, `-`, `_` and inner dots stay, every other byte
    /// becomes `%` and its two hexadecimal digits. So no name leaves the directory, and no two share a file.
    static func name(_ text: String) -> String {
        guard !text.isEmpty else { return "%" }
        var name = ""
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: ".") where index > 0:
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return name
    }

    /// Of a log, packed or not; nil for any other file.
    static func build(of name: String) -> Int? {
        stem(name).flatMap { Int($0.prefix { $0.isASCII && $0.isNumber }) }
    }

    /// The appling's name, empty for an app without applings; nil for a file of another build.
    static func appling(of name: String, build: Int) -> String? {
        guard let stem = stem(name), stem.hasPrefix("\(build)") else { return nil }
        let middle = stem.dropFirst("\(build)".count)
        if middle.isEmpty { return "" }
        return middle.first == "-" ? String(middle.dropFirst()).removingPercentEncoding : nil
    }

    private static func stem(_ name: String) -> Substring? {
        let plain = name.hasSuffix(suffix + packedSuffix) ? name.dropLast(packedSuffix.count) : name[...]
        return plain.hasSuffix(suffix) ? plain.dropLast(suffix.count) : nil
    }
}
