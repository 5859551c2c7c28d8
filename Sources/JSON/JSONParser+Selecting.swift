extension JSONParser {
    /// Names of members that are longer can't be ones that are looked for.
    private static let maxNameBytes = 256

    mutating func document(only selection: JSONSelection, maxStringBytes: Int) throws(JSONError) -> JSON {
        let result = try select(selection, depth: 0, maxStringBytes)
        if current() != nil { throw unexpected("the end of the text") }
        return result ?? .null
    }

    /// Nil when the value is of another kind.
    private mutating func select(
        _ selection: JSONSelection, depth: Int, _ maxStringBytes: Int
    ) throws(JSONError) -> JSON? {
        switch (selection, current()) {
        case (.members(let members), UInt8(ascii: "{")):
            return .object(try selectMembers(members, depth: depth + 1, maxStringBytes))
        case (.items(let item, let maxCount), UInt8(ascii: "[")):
            return .array(try selectItems(item, maxCount: maxCount, depth: depth + 1, maxStringBytes))
        case (.scalar, UInt8(ascii: "\"")):
            return try shortString(maxStringBytes).map(JSON.string)
        case (.scalar, let first?) where first != UInt8(ascii: "{") && first != UInt8(ascii: "["):
            return try value(depth: depth)
        default:
            try skipValue(depth: depth)
            return nil
        }
    }

    private mutating func selectMembers(
        _ wanted: [String: JSONSelection], depth: Int, _ maxStringBytes: Int
    ) throws(JSONError) -> [String: JSON] {
        try enter(depth)
        var members: [String: JSON] = [:]
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            guard current() == UInt8(ascii: "\"") else { throw unexpected("a member's name in quotes") }
            let name = try shortString(Self.maxNameBytes)
            guard take(UInt8(ascii: ":")) else { throw unexpected("':' after a member's name") }
            if let name, let selection = wanted[name] {
                members[name] = try select(selection, depth: depth, maxStringBytes)
            } else {
                try skipValue(depth: depth)
            }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw unexpected("',' or '}' after a member") }
        return members
    }

    private mutating func selectItems(
        _ item: JSONSelection, maxCount: Int, depth: Int, _ maxStringBytes: Int
    ) throws(JSONError) -> [JSON] {
        try enter(depth)
        var items: [JSON] = []
        if take(UInt8(ascii: "]")) { return items }
        repeat {
            if items.count < maxCount {
                items.append(try select(item, depth: depth, maxStringBytes) ?? .null)
            } else {
                try skipValue(depth: depth)
            }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw unexpected("',' or ']' after an item") }
        return items
    }

    /// Nil for a string that is longer.
    private mutating func shortString(_ maxBytes: Int) throws(JSONError) -> String? {
        let start = position
        try skipString()
        guard position - start - 2 <= maxBytes else { return nil }
        position = start
        return try string()
    }

    // MARK: Checking only

    private mutating func skipValue(depth: Int) throws(JSONError) {
        switch current() {
        case UInt8(ascii: "{")?: try skipObject(depth: depth + 1)
        case UInt8(ascii: "[")?: try skipArray(depth: depth + 1)
        case UInt8(ascii: "\"")?: try skipString()
        case let byte? where byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
            _ = try scanNumber()
        default: _ = try value(depth: depth)
        }
    }

    private mutating func skipObject(depth: Int) throws(JSONError) {
        try enter(depth)
        if take(UInt8(ascii: "}")) { return }
        repeat {
            guard current() == UInt8(ascii: "\"") else { throw unexpected("a member's name in quotes") }
            try skipString()
            guard take(UInt8(ascii: ":")) else { throw unexpected("':' after a member's name") }
            try skipValue(depth: depth)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw unexpected("',' or '}' after a member") }
    }

    private mutating func skipArray(depth: Int) throws(JSONError) {
        try enter(depth)
        if take(UInt8(ascii: "]")) { return }
        repeat { try skipValue(depth: depth) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw unexpected("',' or ']' after an item") }
    }

    private mutating func skipString() throws(JSONError) {
        var scratch: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte >= 0x80 {
                position += try sequenceLength()
            } else if byte == UInt8(ascii: "\"") {
                position += 1
                return
            } else if byte == UInt8(ascii: "\\") {
                position += 1
                try escape(into: &scratch)
                scratch.removeAll(keepingCapacity: true)
            } else if byte < 0x20 {
                throw controlCharacter(at: position)
            } else {
                position += 1
            }
        }
        throw error("the text ends inside a string")
    }

    /// Of the character beyond ASCII that begins here, in bytes (RFC 3629, section 4).
    private func sequenceLength() throws(JSONError) -> Int {
        let lead = bytes[position]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: throw error("a string that is not UTF-8")
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]) else {
            throw error("a string that is not UTF-8")
        }
        for index in position + 2..<max(position + 2, position + length)
        where bytes[index] & 0xC0 != 0x80 { throw error("a string that is not UTF-8") }
        return length
    }
}
