// The four kinds of strings (TOML 1.0, "String").
extension TOMLParser {
    private static let quote = UInt8(ascii: "\"")
    private static let apostrophe = UInt8(ascii: "'")
    private static let backslash = UInt8(ascii: "\\")

    /// `"…"`
    mutating func parseBasicString() throws(TOMLError) -> String {
        let start = offset
        offset += 1
        skipPlain(until: Self.quote)
        if current == Self.quote {
            // Most strings have no escapes and are taken as they stand.
            offset += 1
            return text(start + 1..<offset - 1)
        }
        var result = Array(bytes[start + 1..<offset])
        while true {
            switch current {
            case Self.quote:
                offset += 1
                return String(decoding: result, as: UTF8.self)
            case Self.backslash:
                try parseEscape(into: &result)
            default:
                throw unterminated(start, "\"")
            }
            appendPlain(until: Self.quote, to: &result)
        }
    }

    /// `'…'`
    mutating func parseLiteralString() throws(TOMLError) -> String {
        let start = offset
        offset += 1
        while current == Self.backslash || isPlain(current, Self.apostrophe) { offset += 1 }
        guard current == Self.apostrophe else { throw unterminated(start, "'") }
        offset += 1
        return text(start + 1..<offset - 1)
    }

    /// `"""…"""`
    mutating func parseMultilineBasicString() throws(TOMLError) -> String {
        canResume = false
        let start = offset
        offset += 3
        _ = try skipLineBreak()
        var result: [UInt8] = []
        while true {
            appendPlain(until: Self.quote, to: &result)
            switch current {
            case Self.quote:
                if closeMultiline(into: &result) {
                    canResume = true
                    return String(decoding: result, as: UTF8.self)
                }
            case Self.backslash:
                guard try !skipEscapedLineBreak() else { continue }
                try parseEscape(into: &result)
            default:
                try appendLineBreak(to: &result, start, "\"\"\"")
            }
        }
    }

    /// `'''…'''`
    mutating func parseMultilineLiteralString() throws(TOMLError) -> String {
        canResume = false
        let start = offset
        offset += 3
        _ = try skipLineBreak()
        var result: [UInt8] = []
        while true {
            appendPlain(until: Self.apostrophe, to: &result)
            switch current {
            case Self.apostrophe:
                if closeMultiline(into: &result) {
                    canResume = true
                    return String(decoding: result, as: UTF8.self)
                }
            case Self.backslash:
                result.append(Self.backslash)
                offset += 1
            default:
                try appendLineBreak(to: &result, start, "'''")
            }
        }
    }
}

// MARK: Runs and quotes

extension TOMLParser {
    private func isPlain(_ byte: UInt8, _ quote: UInt8) -> Bool {
        (byte >= 0x20 || byte == UInt8(ascii: "\t")) && byte != quote && byte != Self.backslash
            && byte != 0x7F
    }

    private mutating func skipPlain(until quote: UInt8) {
        var end = offset
        while end < bytes.count, isPlain(bytes[end], quote) { end += 1 }
        offset = end
    }

    private mutating func appendPlain(until quote: UInt8, to result: inout [UInt8]) {
        let start = offset
        skipPlain(until: quote)
        result.append(contentsOf: bytes[start..<offset])
    }

    /// Reads one to five quotes. Three end the string, and up to two may stand before them as a
    /// part of it.
    private mutating func closeMultiline(into result: inout [UInt8]) -> Bool {
        let quote = current
        var count = 0
        while current == quote, count < 5 {
            offset += 1
            count += 1
        }
        let isClosed = count >= 3
        for _ in 0..<(isClosed ? count - 3 : count) { result.append(quote) }
        return isClosed
    }

    /// Adds a line break as a line feed; fails on everything else.
    private mutating func appendLineBreak(
        to result: inout [UInt8], _ start: Int, _ quotes: String
    ) throws(TOMLError) {
        let isBreak = try skipLineBreak()
        guard isBreak else { throw unterminated(start, quotes) }
        result.append(UInt8(ascii: "\n"))
    }

    private mutating func unterminated(_ start: Int, _ quotes: String) -> TOMLError {
        let isLineEnd = current == UInt8(ascii: "\n") || current == UInt8(ascii: "\r")
        guard isAtEnd || isLineEnd else {
            return error("a string cannot contain \(found()) as such; remove it or escape it")
        }
        let advice = isAtEnd ? "" : "; text of several lines needs three quotes at either end"
        return error(at: start, "this string is not closed; write \(quotes) at its end" + advice)
    }
}

// MARK: Escapes

extension TOMLParser {
    /// Reads one escape sequence, which begins at the current offset.
    private mutating func parseEscape(into result: inout [UInt8]) throws(TOMLError) {
        let replacement: UInt8
        switch byte(offset + 1) {
        case UInt8(ascii: "b"): replacement = 0x08
        case UInt8(ascii: "t"): replacement = 0x09
        case UInt8(ascii: "n"): replacement = 0x0A
        case UInt8(ascii: "f"): replacement = 0x0C
        case UInt8(ascii: "r"): replacement = 0x0D
        case Self.quote: replacement = Self.quote
        case Self.backslash: replacement = Self.backslash
        case UInt8(ascii: "u"): return try parseScalar(digits: 4, into: &result)
        case UInt8(ascii: "U"): return try parseScalar(digits: 8, into: &result)
        default: throw unknownEscape()
        }
        result.append(replacement)
        offset += 2
    }

    private mutating func parseScalar(
        digits: Int, into result: inout [UInt8]
    ) throws(TOMLError) {
        var value: UInt32 = 0
        for index in offset + 2..<offset + 2 + digits {
            guard let digit = Self.hexDigit(byte(index)) else {
                throw error("`\\\(digits == 4 ? "u" : "U")` needs \(digits) hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw error("this escape is no Unicode character: those end at 10FFFF, without D800 to DFFF")
        }
        result.append(contentsOf: String(Character(scalar)).utf8)
        offset += 2 + digits
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private mutating func unknownEscape() -> TOMLError {
        let start = offset
        offset += 1
        defer { offset = start }
        return error(
            at: start,
            """
            a backslash cannot stand before \(found(isInText: true)); write \\\\ for a backslash, or the text in \
            single quotes
            """)
    }

    /// A backslash at the end of a line joins it with the next text. False if this is none.
    private mutating func skipEscapedLineBreak() throws(TOMLError) -> Bool {
        let start = offset
        offset += 1
        skipSpaces()
        let isLineBreak = try skipLineBreak()
        guard isLineBreak else {
            offset = start
            return false
        }
        var wasEmpty = true
        while wasEmpty {
            skipSpaces()
            wasEmpty = try skipLineBreak()
        }
        return true
    }
}
