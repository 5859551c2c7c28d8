import Glibc

extension JSON {
    /// The shortest text: keys in byte order, slashes unescaped, characters as UTF-8 (what server-side
    /// apply needs: Kubernetes reads the body as YAML). The same value always gives the same bytes.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// `text` in UTF-8. JSON has no infinity and no not-a-number; they are written as `null`.
    package var bytes: [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(self)
        return writer.bytes
    }

    /// Two spaces of indentation, for people.
    package var prettyText: String {
        var writer = JSONWriter(indentation: 2)
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Spaces for each level; nil writes all on one line.
    private let indentation: Int?
    private var depth = 0

    init(indentation: Int?) {
        self.indentation = indentation
    }

    mutating func write(_ value: JSON) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value): append(value.description)
        // Swift's description is the shortest that reads back as the same number.
        case .double(let value): append(value.isFinite ? value.description : "null")
        case .string(let value): write(value)
        case .array(let items):
            block(open: "[", close: "]", items) { writer, item in writer.write(item) }
        case .object(let members):
            let sorted = members.sorted { $0.key.precedesInUTF8($1.key) }
            block(open: "{", close: "}", sorted) { writer, member in
                writer.write(member.key)
                writer.append(writer.indentation == nil ? ":" : ": ")
                writer.write(member.value)
            }
        }
    }

    private mutating func block<Item>(
        open: Unicode.Scalar, close: Unicode.Scalar, _ items: [Item],
        _ write: (inout JSONWriter, Item) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        depth += 1
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine()
            write(&self, item)
        }
        depth -= 1
        if !items.isEmpty { newLine() }
        bytes.append(UInt8(ascii: close))
    }

    private mutating func newLine() {
        guard let indentation else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indentation * depth))
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { content in
            bytes.append(UInt8(ascii: "\""))
            var runStart = 0
            var index = 0
            while index < content.count {
                guard Self.mayNeedEscape(content[index]), let escape = Self.escape(at: index, in: content) else {
                    index += 1
                    continue
                }
                bytes.append(contentsOf: content[runStart..<index])
                append(escape.text)
                index += escape.length
                runStart = index
            }
            bytes.append(contentsOf: content[runStart...])
            bytes.append(UInt8(ascii: "\""))
        }
    }

    @inline(__always)
    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// What must be written as an escape at `index`: nil for most characters.
    ///
    /// RFC 8259 asks for the quote, the backslash and U+0000–1F. YAML readers further refuse DEL, C1
    /// controls, U+FEFF and U+FFFE/F, and take U+0085, U+2028 and U+2029 for line breaks
    /// (https://yaml.org/spec/1.1/#id868524), so these are escaped as well.
    private static func escape(
        at index: Int, in content: UnsafeBufferPointer<UInt8>
    ) -> (text: String, length: Int)? {
        let byte = content[index]
        switch byte {
        case UInt8(ascii: "\""): return (#"\""#, 1)
        case UInt8(ascii: "\\"): return (#"\\"#, 1)
        case 0x08: return (#"\b"#, 1)
        case 0x09: return (#"\t"#, 1)
        case 0x0A: return (#"\n"#, 1)
        case 0x0C: return (#"\f"#, 1)
        case 0x0D: return (#"\r"#, 1)
        case 0..<0x20, 0x7F: return (unicodeEscape(UInt32(byte)), 1)
        case 0xC2, 0xE2, 0xEF: return rareEscape(at: index, in: content)
        default: return nil
        }
    }

    private static func rareEscape(
        at index: Int, in content: UnsafeBufferPointer<UInt8>
    ) -> (text: String, length: Int)? {
        let length = content[index] == 0xC2 ? 2 : 3
        let character = String(
            decoding: UnsafeBufferPointer(rebasing: content[index..<(index + length)]), as: UTF8.self)
        guard let scalar = character.unicodeScalars.first?.value else { return nil }
        switch scalar {
        case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: return (unicodeEscape(scalar), length)
        default: return nil
        }
    }

    private static func unicodeEscape(_ scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16)
        return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension String {
    /// Swift's own order of strings is by canonical equivalence, not by bytes.
    fileprivate func precedesInUTF8(_ other: String) -> Bool {
        let fast = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else {
                    return left.count < right.count
                }
                let order = memcmp(leftStart, rightStart, min(left.count, right.count))
                return order == 0 ? left.count < right.count : order < 0
            }
        }
        return (fast ?? nil) ?? utf8.lexicographicallyPrecedes(other.utf8)
    }
}
