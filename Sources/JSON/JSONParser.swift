extension JSON {
    /// Nesting beyond it is refused whatever `maxDepth` says: a value is read and freed by functions
    /// that call themselves, and the stack has to hold.
    package static let deepestNesting = 500

    /// Reads exactly one value in UTF-8, by the letter of RFC 8259.
    ///
    /// Of two members with the same name the last one counts. Half a surrogate pair and a number too
    /// large for a `Double` are refused: neither can be held, let alone written again.
    /// - Parameter maxDepth: nesting beyond it is refused.
    package static func parse(_ bytes: some Sequence<UInt8>, maxDepth: Int = 200) throws(JSONError) -> JSON {
        let depth = min(maxDepth, deepestNesting)
        let result = bytes.withContiguousStorageIfAvailable { parse(buffer: $0, maxDepth: depth) }
        if let result { return try result.get() }
        return try Array(bytes).withUnsafeBufferPointer { parse(buffer: $0, maxDepth: depth) }.get()
    }

    package static func parse(_ text: String, maxDepth: Int = 200) throws(JSONError) -> JSON {
        try parse(text.utf8, maxDepth: maxDepth)
    }

    private static func parse(buffer: UnsafeBufferPointer<UInt8>, maxDepth: Int) -> Result<JSON, JSONError> {
        var parser = JSONParser(buffer, maxDepth: maxDepth)
        do throws(JSONError) {
            return .success(try parser.document())
        } catch {
            return .failure(error)
        }
    }
}

/// Reads one text from a buffer that outlives it.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The next byte to read. `position <= bytes.count` always holds.
    var position = 0
    private let maxDepth: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    mutating func document() throws(JSONError) -> JSON {
        let result = try value(depth: 0)
        if current() != nil { throw unexpected("the end of the text") }
        return result
    }

    mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard let first = current() else { throw unexpected("a value") }
        switch first {
        case UInt8(ascii: "{"):
            return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["):
            return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try number()
        case UInt8(ascii: "t"):
            return try word("true", .bool(true))
        case UInt8(ascii: "f"):
            return try word("false", .bool(false))
        case UInt8(ascii: "n"):
            return try word("null", .null)
        default:
            throw unexpected("a value")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> [String: JSON] {
        try enter(depth)
        var members: [String: JSON] = [:]
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            guard current() == UInt8(ascii: "\"") else { throw unexpected("a member's name in quotes") }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw unexpected("':' after a member's name") }
            members[name] = try value(depth: depth)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw unexpected("',' or '}' after a member") }
        return members
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSON] {
        try enter(depth)
        var items: [JSON] = []
        if take(UInt8(ascii: "]")) { return items }
        repeat {
            items.append(try value(depth: depth))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw unexpected("',' or ']' after an item") }
        return items
    }

    mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= maxDepth else { throw error("nested more than \(maxDepth) deep") }
        position += 1
    }

    private mutating func word(_ word: StaticString, _ meaning: JSON) throws(JSONError) -> JSON {
        for offset in 0..<word.utf8CodeUnitCount {
            let index = position + offset
            guard index < bytes.count, bytes[index] == word.utf8Start[offset] else {
                throw error("expected a value; did you mean \(word)?")
            }
        }
        position += word.utf8CodeUnitCount
        return meaning
    }

    /// The next byte that is no white space; nil at the end.
    @inline(__always)
    mutating func current() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            // RFC 8259, section 2: space, tab, line feed, carriage return, nothing else.
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    @inline(__always)
    mutating func take(_ wanted: UInt8) -> Bool {
        guard current() == wanted else { return false }
        position += 1
        return true
    }

    func unexpected(_ wanted: String) -> JSONError {
        guard position < bytes.count else { return error("expected \(wanted), but the text ends") }
        return error("expected \(wanted), found \(name(of: bytes[position]))")
    }

    func name(of byte: UInt8) -> String {
        (0x21...0x7E).contains(byte)
            ? "'\(Character(UnicodeScalar(byte)))'" : "byte 0x" + String(byte, radix: 16, uppercase: true)
    }

    /// - Parameter index: where it went wrong; the current position when nil.
    func error(_ reason: String, at index: Int? = nil) -> JSONError {
        let before = bytes[..<(index ?? position)]
        let line = 1 + before.count { $0 == 0x0A }
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONError(line: line, column: before.endIndex - lineStart + 1, reason: reason)
    }
}
