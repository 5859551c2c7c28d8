// Spaces, comments, line ends, and the name of whatever stands where it should not.
extension TOMLParser {
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    static func isSpaceOrReturn(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: "\r")
    }

    mutating func skipSpaces() {
        while Self.isSpace(current) { offset += 1 }
    }

    /// Skips spaces, comments and line breaks.
    mutating func skipEmptyLines() throws(TOMLError) {
        while true {
            skipSpaces()
            if current == UInt8(ascii: "#") { try skipComment() }
            let wasEmpty = try skipLineBreak()
            guard wasEmpty else { return }
        }
    }

    /// Skips what may follow a statement on its line. `what` is named if something else does.
    mutating func expectEndOfLine(
        after what: @autoclosure () -> String
    ) throws(TOMLError) {
        skipSpaces()
        if current == UInt8(ascii: "#") { try skipComment() }
        let hasEnded = try skipLineBreak()
        guard !hasEnded, !isAtEnd else { return }
        throw error("\(foundBesideValue()) follows \(what()); each setting needs a line of its own")
    }

    /// Skips a line break, if there is one, and says whether there was.
    mutating func skipLineBreak() throws(TOMLError) -> Bool {
        switch current {
        case UInt8(ascii: "\n"):
            offset += 1
            return true
        case UInt8(ascii: "\r"):
            guard byte(offset + 1) == UInt8(ascii: "\n") else {
                throw error("a carriage return must be followed by a line feed")
            }
            offset += 2
            return true
        default:
            return false
        }
    }

    private mutating func skipComment() throws(TOMLError) {
        offset += 1
        while !isAtEnd {
            let byte = current
            if byte == UInt8(ascii: "\n") { return }
            if byte == UInt8(ascii: "\r"), self.byte(offset + 1) == UInt8(ascii: "\n") { return }
            guard !Self.isControl(byte) else {
                throw error("a comment cannot contain \(found()); remove it")
            }
            offset += 1
        }
    }

    /// Control characters other than tab, which no TOML text may contain as such.
    static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F
    }

    /// What stands at the current offset, for sentences.
    /// - Parameter isInText: whether that is somebody's text, which may be a secret: one character of it is enough.
    func found(isInText: Bool = false) -> String {
        guard !isAtEnd else { return "the end of the file" }
        let byte = current
        if byte == UInt8(ascii: "\n") { return "the end of the line" }
        if byte == UInt8(ascii: "\r"), self.byte(offset + 1) == UInt8(ascii: "\n") {
            return "the end of the line"
        }
        if Self.isControl(byte) {
            return "the control character " + TOMLText.codePoint(Unicode.Scalar(byte))
        }
        let end = isInText ? offset : endOfToken()
        return "`" + TOMLText.plain(text(offset..<max(end, endOfScalar()))) + "`"
    }

    /// As `found`, but no words: what stands beside a value may be the rest of a secret whose quotes are wrong, and
    /// sentences are read by more people than the file.
    func foundBesideValue() -> String {
        let found = found()
        let isWord = found.hasPrefix("`") && (found.utf8.count > 3 || Self.isBareKeyByte(current))
        return isWord ? "text" : found
    }

    /// The end of the run of bytes that could belong to one bare value.
    func endOfToken() -> Int {
        var end = offset
        while end < bytes.count, !Self.endsToken(bytes[end]) { end += 1 }
        return end
    }

    private static func endsToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"),
            UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "="), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: " "), UInt8(ascii: "\t"):
            true
        default:
            isControl(byte)
        }
    }

    private func endOfScalar() -> Int {
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }
}
