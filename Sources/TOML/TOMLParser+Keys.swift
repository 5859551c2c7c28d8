// Keys: bare, quoted and dotted (TOML 1.0, "Keys").
extension TOMLParser {
    static func isBareKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }

    /// Reads a key of one or more parts and the spaces after it.
    mutating func parseKeyPath() throws(TOMLError) -> TOMLKeyPath {
        var path = TOMLKeyPath(last: try parseKey())
        while true {
            skipSpaces()
            guard current == UInt8(ascii: ".") else { return path }
            offset += 1
            skipSpaces()
            guard path.count < Self.maxNestingDepth else { throw Self.tooDeep(at: position()) }
            path.leading.append(path.last)
            path.last = try parseKey()
        }
    }

    private mutating func parseKey() throws(TOMLError) -> TOMLKey {
        let position = position()
        let name: String
        switch current {
        case UInt8(ascii: "\""):
            try refuseMultiline("\"\"\"")
            name = try parseBasicString()
        case UInt8(ascii: "'"):
            try refuseMultiline("'''")
            name = try parseLiteralString()
        default:
            let start = offset
            while Self.isBareKeyByte(current) { offset += 1 }
            guard offset > start else { throw noKey() }
            name = text(start..<offset)
            guard current < 0x80 else { throw error(at: start, notBare(start)) }
        }
        return TOMLKey(name: name, position: position)
    }

    mutating func expectEquals(after path: TOMLKeyPath) throws(TOMLError) {
        guard current == UInt8(ascii: "=") else {
            throw error(
                Self.isBareKeyByte(current) || current >= 0x80
                    ? "`\(path)` must be followed by `=`, not \(found()); a key with spaces needs quotes"
                    : "`\(path)` must be followed by `=`, not \(found())")
        }
        offset += 1
        skipSpaces()
    }

    private mutating func refuseMultiline(_ quotes: String) throws(TOMLError) {
        guard bytes[offset...].starts(with: quotes.utf8) else { return }
        throw error("a key cannot be a string of several lines; use one quote at either end")
    }

    private mutating func noKey() -> TOMLError {
        if current >= 0x80 { return error(notBare(offset)) }
        return error("a key is missing here, in front of \(found())")
    }

    private func notBare(_ start: Int) -> String {
        var end = start
        while Self.isBareKeyByte(byte(end)) || byte(end) >= 0x80 { end += 1 }
        let text = text(start..<end)
        if let sentence = Self.invisible(in: text) { return sentence }
        let key = TOMLText.plain(text)
        return """
            `\(key)` is no key without quotes, which may contain A-Z, a-z, 0-9, `_` and `-` only; \
            write "\(key)" if it is meant
            """
    }

    /// A sentence about the first invisible character that is not ASCII: they come along with
    /// text from web pages and chats, and no editor shows them.
    static func invisible(in text: String) -> String? {
        for scalar in text.unicodeScalars where !scalar.isASCII {
            switch scalar.properties.generalCategory {
            case .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .control:
                return "the invisible character \(TOMLText.codePoint(scalar)) stands here; remove it"
            default: continue
            }
        }
        return nil
    }
}
