import JSON

/// Walks over one text. Rules are named as in the specification where they are the same.
struct YAMLParser {
    /// UTF-8, checked, with line feeds as the only line breaks.
    let bytes: [UInt8]
    /// The next byte to read. `position <= bytes.count` always holds.
    var position = 0
    /// Where the current line begins.
    var lineStart = 0
    private var depth = 0

    init(_ input: some Sequence<UInt8>) throws(YAMLError) {
        var raw = Array(input.prefix(YAML.maxBytes + 1))
        guard raw.count <= YAML.maxBytes else {
            throw YAMLError(line: 1, column: 1, reason: "the text is longer than \(YAML.maxBytes) bytes")
        }
        if raw.starts(with: [0xEF, 0xBB, 0xBF]) { raw.removeFirst(3) }
        bytes = Self.withLineFeeds(raw)
        if let offset = Self.firstUnreadable(bytes) {
            throw error("a byte that is no printable character in UTF-8", at: offset)
        }
    }

    /// A carriage return, alone or before a line feed, is a line break as well (section 5.4).
    private static func withLineFeeds(_ raw: [UInt8]) -> [UInt8] {
        guard raw.contains(0x0D) else { return raw }
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        for (index, byte) in raw.enumerated() {
            if byte == 0x0A, index > 0, raw[index - 1] == 0x0D { continue }
            result.append(byte == 0x0D ? 0x0A : byte)
        }
        return result
    }

    /// Section 5.1, `c-printable`.
    private static func firstUnreadable(_ bytes: [UInt8]) -> Int? {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let encoded):
                switch Unicode.UTF8.decode(encoded).value {
                case 0x09, 0x0A, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...: break
                default: return offset
                }
                offset += encoded.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }

    mutating func document() throws(YAMLError) -> JSON {
        try skipToContent()
        if column == 0, at(UInt8(ascii: "%")) { throw error("directives are not supported") }
        let isMarked = isAtMarker("---")
        if isMarked { position += 3 }
        let value = try blockNode(parent: -1, after: isMarked ? .marker : .nothing)
        try skipToContent()
        if isAtMarker("...") {
            position += 3
            try endOfLine()
            try skipToContent()
        }
        if isAtMarker("---") { throw error("a second document; there must be one only") }
        guard isAtEnd else { throw error("expected the end of the text") }
        return value
    }

    // MARK: - Where we are

    var isAtEnd: Bool { position >= bytes.count }
    var column: Int { position - lineStart }

    /// Nothing but indentation stands before us on this line.
    var isFirstOnLine: Bool { bytes[lineStart..<position].allSatisfy { $0 == 0x20 } }

    /// Nil at the end.
    func peek(_ distance: Int = 0) -> UInt8? {
        let index = position + distance
        return index < bytes.count ? bytes[index] : nil
    }

    func at(_ byte: UInt8) -> Bool { peek() == byte }

    /// Space, tab, line break or the end.
    func isBlank(_ distance: Int = 0) -> Bool {
        guard let byte = peek(distance) else { return true }
        return byte == 0x20 || byte == 0x09 || byte == 0x0A
    }

    /// `-`, `?` or `:` as an indicator: blank space follows.
    func isAtIndicator(_ character: Unicode.Scalar) -> Bool {
        at(UInt8(ascii: character)) && isBlank(1)
    }

    /// `---` or `...` at the beginning of a line.
    func isAtMarker(_ marker: StaticString) -> Bool {
        let character = marker.utf8Start.pointee
        return column == 0 && peek() == character && peek(1) == character && peek(2) == character && isBlank(3)
    }

    var isAtAnyMarker: Bool { isAtMarker("---") || isAtMarker("...") }

    // MARK: - Moving on

    /// Spaces and tabs.
    mutating func skipBlanks() {
        while at(0x20) || at(0x09) { position += 1 }
    }

    /// Steps over a line break.
    mutating func nextLine() {
        position += 1
        lineStart = position
    }

    /// To the next content, over blanks, comments and line breaks (section 6.7).
    /// - Parameter inFlow: tabs may indent.
    /// - Returns: whether a tab stands before the content on its line.
    @discardableResult
    mutating func skipToContent(inFlow: Bool = false) throws(YAMLError) -> Bool {
        while true {
            let start = position
            skipBlanks()
            let hasTab = bytes[start..<position].contains(0x09)
            skipComment()
            guard at(0x0A) else {
                if hasTab, start == lineStart, !inFlow, !isAtEnd { throw error("a tab must not indent", at: start) }
                return hasTab
            }
            nextLine()
        }
    }

    /// A `#` begins a comment only where a blank or nothing stands before it.
    private mutating func skipComment() {
        guard at(UInt8(ascii: "#")), position == lineStart || isBlank(-1) else { return }
        while let byte = peek(), byte != 0x0A { position += 1 }
    }

    /// Nothing but a comment may follow on this line.
    mutating func endOfLine() throws(YAMLError) {
        skipBlanks()
        skipComment()
        guard isAtEnd || at(0x0A) else { throw error("expected the end of the line") }
    }

    mutating func enter() throws(YAMLError) {
        depth += 1
        guard depth <= YAML.maxDepth else { throw error("nested more than \(YAML.maxDepth) deep") }
    }

    mutating func leave() { depth -= 1 }

    // MARK: - Errors

    /// - Parameter index: where it went wrong; the current position when nil.
    func error(_ reason: String, at index: Int? = nil) -> YAMLError {
        let before = bytes[..<min(index ?? position, bytes.count)]
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Every byte that does not go on a character begins one.
        let characters = before[start...].count { $0 & 0xC0 != 0x80 }
        return YAMLError(line: 1 + before.count { $0 == 0x0A }, column: characters + 1, reason: reason)
    }
}
