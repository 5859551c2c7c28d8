// Values that contain other values, and the choice between all kinds of values.
extension TOMLParser {
    /// Reads a value.
    ///
    /// - Parameter depth: how many containers enclose it.
    mutating func parseValue(depth: Int) throws(TOMLError) -> TOMLValue {
        let position = position()
        return TOMLValue(try parseContent(depth: depth), at: position)
    }

    private mutating func parseContent(depth: Int) throws(TOMLError) -> TOMLValue.Content {
        switch current {
        case UInt8(ascii: "["): .array(try parseArray(depth: depth))
        case UInt8(ascii: "{"): .table(try parseInlineTable(depth: depth))
        default: try parseScalar()
        }
    }

    private mutating func parseScalar() throws(TOMLError) -> TOMLValue.Content {
        switch current {
        case UInt8(ascii: "\""):
            .string(try isTripled() ? parseMultilineBasicString() : parseBasicString())
        case UInt8(ascii: "'"):
            .string(try isTripled() ? parseMultilineLiteralString() : parseLiteralString())
        default:
            try parseBareValue()
        }
    }

    private func isTripled() -> Bool {
        byte(offset + 1) == current && byte(offset + 2) == current
    }

    private mutating func parseArray(depth: Int) throws(TOMLError) -> [TOMLValue] {
        let start = position()
        guard depth < Self.maxNestingDepth else { throw Self.tooDeep(at: start) }
        offset += 1
        openArrays += 1
        var values: [TOMLValue] = []
        while try hasElement(start) {
            values.append(try parseValue(depth: depth + 1))
            try skipSeparator(start)
        }
        offset += 1
        openArrays -= 1
        return values
    }

    // Apart from `parseArray`, since what stands in there costs stack in every level.

    /// Whether another element follows, rather than the end of the array.
    private mutating func hasElement(_ start: TOMLPosition) throws(TOMLError) -> Bool {
        try skipEmptyLines()
        if current == UInt8(ascii: "]") { return false }
        guard !isAtEnd else { throw unclosedArray(start) }
        guard current != UInt8(ascii: ",") else {
            throw error("a value is missing in front of this comma")
        }
        return true
    }

    private mutating func skipSeparator(_ start: TOMLPosition) throws(TOMLError) {
        try skipEmptyLines()
        if current == UInt8(ascii: ",") {
            offset += 1
        } else if isAtEnd {
            throw unclosedArray(start)
        } else if current != UInt8(ascii: "]") {
            throw error(
                "\(foundBesideValue()) stands where the array that begins on line \(start.line) needs a comma or `]`")
        }
    }

    private mutating func parseInlineTable(depth: Int) throws(TOMLError) -> TOMLTable {
        let start = position()
        guard depth < Self.maxNestingDepth else { throw Self.tooDeep(at: start) }
        let table = try builder.openInline(depth: depth, at: start)
        offset += 1
        skipSpaces()
        if current == UInt8(ascii: "}") {
            offset += 1
            return builder.closeInline(table)
        }
        repeat { try parseMember(of: table, depth: depth) } while try expectCommaOrEnd()
        return builder.closeInline(table)
    }

    private mutating func parseMember(of table: Int, depth: Int) throws(TOMLError) {
        try refuseLineEnd()
        let path = try parseKeyPath()
        try expectEquals(after: path)
        let value = try parseValue(depth: depth + path.count)
        try builder.set(path, value, in: table)
    }

    /// Skips a comma and says true, or skips the end of the inline table and says false.
    private mutating func expectCommaOrEnd() throws(TOMLError) -> Bool {
        skipSpaces()
        if current == UInt8(ascii: "}") {
            offset += 1
            return false
        }
        try refuseLineEnd()
        guard current == UInt8(ascii: ",") else {
            throw error("\(foundBesideValue()) stands where the inline table needs a comma or `}`")
        }
        offset += 1
        skipSpaces()
        if current == UInt8(ascii: "}") {
            throw error("an inline table cannot end with a comma; remove it")
        }
        return true
    }

    /// TOML 1.0 allows no line break, and so no comment, between the braces.
    private mutating func refuseLineEnd() throws(TOMLError) {
        switch current {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#"): break
        default: guard isAtEnd else { return }
        }
        // The lines that follow most likely are the rest of this table.
        canResume = false
        throw error(
            "an inline table must end on its line; close it with `}`, or use a `[table]` instead")
    }

    private func unclosedArray(_ start: TOMLPosition) -> TOMLError {
        TOMLError(position: start, message: "this array is not closed; write `]` after it")
    }
}
