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
        case UInt8(ascii: "\""):
            guard isTripled() else { return .string(try parseBasicString()) }
            return .string(try parseMultilineBasicString())
        case UInt8(ascii: "'"):
            guard isTripled() else { return .string(try parseLiteralString()) }
            return .string(try parseMultilineLiteralString())
        case UInt8(ascii: "["):
            return .array(try parseArray(depth: depth))
        case UInt8(ascii: "{"):
            return .table(try parseInlineTable(depth: depth))
        default:
            return try parseBareValue()
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
        while true {
            try skipEmptyLines()
            if current == UInt8(ascii: "]") { break }
            guard !isAtEnd else { throw unclosedArray(start) }
            guard current != UInt8(ascii: ",") else {
                throw error("a value is missing in front of this comma")
            }
            values.append(try parseValue(depth: depth + 1))
            try skipEmptyLines()
            if current == UInt8(ascii: ",") {
                offset += 1
            } else if isAtEnd {
                throw unclosedArray(start)
            } else if current != UInt8(ascii: "]") {
                throw error(
                    """
                    \(found()) stands where the array that begins on line \(start.line) needs \
                    a comma or `]`
                    """)
            }
        }
        offset += 1
        openArrays -= 1
        return values
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
        while true {
            try refuseLineEnd()
            let path = try parseKeyPath()
            try expectEquals(after: path)
            let value = try parseValue(depth: depth + path.count)
            try builder.set(path, value, in: table)
            skipSpaces()
            if current == UInt8(ascii: "}") { break }
            try expectComma()
        }
        offset += 1
        return builder.closeInline(table)
    }

    private mutating func expectComma() throws(TOMLError) {
        try refuseLineEnd()
        guard current == UInt8(ascii: ",") else {
            throw error("\(found()) stands where the inline table needs a comma or `}`")
        }
        offset += 1
        skipSpaces()
        if current == UInt8(ascii: "}") {
            throw error("an inline table cannot end with a comma; remove it")
        }
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
