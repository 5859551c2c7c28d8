/// Scalars in quotes and plain ones (sections 7.3 and 6.5).
extension YAMLParser {
    /// Nil when no quote stands here.
    mutating func quoted() throws(YAMLError) -> String? {
        guard at(UInt8(ascii: "\"")) || at(UInt8(ascii: "'")) else { return nil }
        let start = position
        let isDouble = at(UInt8(ascii: "\""))
        let quote = bytes[position]
        position += 1
        var content: [UInt8] = []
        while let byte = peek() {
            switch byte {
            case quote:
                position += 1
                // Two single quotes stand for one.
                guard !isDouble, at(quote) else { return String(decoding: content, as: UTF8.self) }
                content.append(quote)
                position += 1
            case UInt8(ascii: "\\") where isDouble: try escape(into: &content)
            case 0x20, 0x09, 0x0A: try foldInQuotes(into: &content)
            default:
                content.append(byte)
                position += 1
            }
        }
        throw error("the text ends inside quotes that begin here", at: start)
    }

    /// Blanks within a line stay; around line breaks they go, one break becomes a space, more become one fewer.
    private mutating func foldInQuotes(into content: inout [UInt8]) throws(YAMLError) {
        let start = position
        skipBlanks()
        guard at(0x0A) else {
            content += bytes[start..<position]
            return
        }
        let breaks = try skipBreaksInQuotes()
        content += breaks == 1 ? [0x20] : Array(repeating: 0x0A, count: breaks - 1)
    }

    /// - Returns: how many line breaks there were.
    private mutating func skipBreaksInQuotes() throws(YAMLError) -> Int {
        var breaks = 0
        while at(0x0A) {
            nextLine()
            breaks += 1
            if isAtAnyMarker { throw error("the document ends inside quotes") }
            skipBlanks()
        }
        return breaks
    }

    /// Section 5.7. Stands on the backslash.
    private mutating func escape(into content: inout [UInt8]) throws(YAMLError) {
        let start = position
        position += 1
        guard let letter = peek() else { throw error("the text ends inside quotes") }
        if letter == 0x0A {
            // The break is none; empty lines behind it are breaks.
            let breaks = try skipBreaksInQuotes()
            content += Array(repeating: 0x0A, count: breaks - 1)
            return
        }
        position += 1
        if let simple = Self.simpleEscapes[letter] {
            content += Array(String(simple).utf8)
            return
        }
        let digits = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][letter]
        guard let digits else { throw error("an escape that YAML does not have", at: start) }
        var value = try hexadecimal(digits, from: start)
        if letter == UInt8(ascii: "u"), (0xD800..<0xDC00).contains(value) {
            value = try surrogatePair(value, from: start)
        }
        guard let scalar = Unicode.Scalar(value) else { throw error("an escape for no character", at: start) }
        content += Array(String(scalar).utf8)
    }

    private static let simpleEscapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "t"): "\t",
        0x09: "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "f"): "\u{C}",
        UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1B}", 0x20: " ", UInt8(ascii: "\""): "\"",
        UInt8(ascii: "/"): "/", UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
        UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
    ]

    private mutating func hexadecimal(_ count: Int, from start: Int) throws(YAMLError) -> UInt32 {
        let end = position + count
        guard end <= bytes.count, bytes[position..<end].allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
            let value = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
        else { throw error("an escape needs \(count) hexadecimal digits", at: start) }
        position = end
        return value
    }

    /// JSON, which every YAML reader takes, writes characters beyond U+FFFF as two escapes.
    private mutating func surrogatePair(_ high: UInt32, from start: Int) throws(YAMLError) -> UInt32 {
        guard at(UInt8(ascii: "\\")), peek(1) == UInt8(ascii: "u") else {
            throw error("an escape for half a character", at: start)
        }
        position += 2
        let low = try hexadecimal(4, from: start)
        guard (0xDC00..<0xE000).contains(low) else { throw error("an escape for half a character", at: start) }
        return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    }

    // MARK: - Plain

    func checkPlainStart(inFlow: Bool) throws(YAMLError) {
        guard let first = peek() else { throw error("expected a value, but the text ends") }
        switch first {
        case UInt8(ascii: "&"), UInt8(ascii: "*"): throw error("anchors and aliases are not supported")
        case UInt8(ascii: "!"): throw error("tags are not supported")
        case UInt8(ascii: "?") where isBlank(1): throw error("keys of this form are not supported")
        // Readers differ on what it means in brackets.
        case UInt8(ascii: "?") where inFlow: throw error("a text that begins with this character needs quotes")
        case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
            if inFlow ? isBlankInFlow(1) : isBlank(1) { throw error("expected a value") }
        case _ where Self.indicators.contains(first):
            throw error("a text that begins with this character needs quotes")
        default: break
        }
    }

    /// Section 5.3, without those that `checkPlainStart` names.
    private static let indicators = Set(",[]{}#|>'\"%@`".utf8)

    /// The rest of this line up to a comment or a colon that ends a key, without blanks at its end.
    mutating func plainLine(inFlow: Bool) -> String {
        let start = position
        var end = position
        while let byte = peek(), byte != 0x0A {
            if byte == UInt8(ascii: ":"), inFlow ? isBlankInFlow(1) : isBlank(1) { break }
            if byte == UInt8(ascii: "#"), position > start, isBlank(-1) { break }
            if inFlow, Self.flowIndicators.contains(byte) { break }
            position += 1
            if byte != 0x20 && byte != 0x09 { end = position }
        }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The lines that go on with a plain scalar (section 7.3.3).
    /// - Parameter parent: lines must be indented further than this; nil in brackets.
    mutating func plainRest(_ first: String, parent: Int?) throws(YAMLError) -> String {
        var text = first
        while at(0x0A) {
            let before = (position, lineStart)
            var breaks = 0
            while at(0x0A) {
                nextLine()
                breaks += 1
                while at(0x20) { position += 1 }
                if let parent, column <= parent, !at(0x0A) { break }
                skipBlanks()
            }
            guard goesOn(parent: parent) else {
                (position, lineStart) = before
                break
            }
            let start = position
            text += breaks == 1 ? " " : String(repeating: "\n", count: breaks - 1)
            text += plainLine(inFlow: parent == nil)
            if parent != nil, at(UInt8(ascii: ":")) {
                throw error("a key within a text; is it indented too far?", at: start)
            }
        }
        return text
    }

    private func goesOn(parent: Int?) -> Bool {
        guard let byte = peek(), byte != UInt8(ascii: "#"), !isAtAnyMarker, byte != 0x0A else { return false }
        if let parent { return column > parent }
        return !Self.flowIndicators.contains(byte) && !(byte == UInt8(ascii: ":") && isBlankInFlow(1))
    }
}
