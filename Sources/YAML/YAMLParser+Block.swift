import JSON

/// Collections whose structure is their indentation (section 8.2).
extension YAMLParser {
    /// What stands before a node on the same line.
    enum Indicator { case nothing, marker, entry, key }

    /// A key and where it stands; the parser stands on the colon.
    struct Key {
        let text: String
        let position: Int
    }

    /// - Parameter parent: the column of the collection around; -1 for the document.
    mutating func blockNode(parent: Int, after indicator: Indicator) throws(YAMLError) -> JSON {
        let isAfterTab = try skipToContent()
        guard let first = peek(), !isAtAnyMarker else { return .null }
        // A sequence may stand at the same column as the key whose value it is.
        let isValueAtKeysColumn = indicator == .key && column == parent && isAtIndicator("-")
        if isFirstOnLine, column <= parent, !isValueAtKeysColumn { return .null }
        let mayBeCollection = isFirstOnLine || (indicator == .entry && !isAfterTab)
        switch first {
        case UInt8(ascii: "-") where isBlank(1):
            guard mayBeCollection else { throw error("a sequence must begin on a line of its own") }
            return try blockSequence()
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            return .string(try blockScalar(parent: parent))
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            let value = try flowNode()
            skipBlanks()
            if at(UInt8(ascii: ":")) { throw error("a key must be a scalar") }
            return value
        default:
            return try scalarOrMapping(parent: parent, mayBeMapping: mayBeCollection)
        }
    }

    private mutating func blockSequence() throws(YAMLError) -> JSON {
        try enter()
        defer { leave() }
        let column = column
        var items: [JSON] = []
        repeat {
            position += 1
            items.append(try blockNode(parent: column, after: .entry))
            // At the same column may follow a key of the mapping around; whoever is none refuses it.
        } while try isOnward(at: column) && isAtIndicator("-")
        return .array(items)
    }

    private mutating func blockMapping(_ first: Key, at column: Int) throws(YAMLError) -> JSON {
        try enter()
        defer { leave() }
        var members: [String: JSON] = [:]
        var key = first
        while true {
            if members[key.text] != nil { throw error("the mapping has this key already", at: key.position) }
            position += 1
            members[key.text] = try blockNode(parent: column, after: .key)
            guard try isOnward(at: column) else { return .object(members) }
            key = try nextKey()
        }
    }

    /// Whether the collection at this column goes on with the next line.
    private mutating func isOnward(at column: Int) throws(YAMLError) -> Bool {
        try skipToContent()
        if isAtEnd || isAtAnyMarker { return false }
        guard isFirstOnLine else { throw error("expected the end of the line") }
        if self.column > column { throw error("this is indented too far, or what stands before it has ended") }
        return self.column == column
    }

    private mutating func nextKey() throws(YAMLError) -> Key {
        if isAtIndicator("-") { throw error("expected a key, found an entry of a sequence") }
        let start = position
        if at(UInt8(ascii: "[")) || at(UInt8(ascii: "{")) { throw error("a key must be a scalar") }
        if let text = try quoted() { return try key(text, from: start) }
        try checkPlainStart(inFlow: false)
        let text = plainLine(inFlow: false)
        return try key(text, from: start, isPlain: true)
    }

    private mutating func scalarOrMapping(parent: Int, mayBeMapping: Bool) throws(YAMLError) -> JSON {
        let (start, column, line) = (position, column, lineStart)
        if let text = try quoted() {
            guard isKeyEnd() else { return .string(text) }
            guard line == lineStart else { throw error("a key must stand on one line", at: start) }
            return try mapping(try key(text, from: start), at: column, isAllowed: mayBeMapping)
        }
        try checkPlainStart(inFlow: false)
        let text = plainLine(inFlow: false)
        guard at(UInt8(ascii: ":")) else { return try resolve(plainRest(text, parent: parent), at: start) }
        return try mapping(try key(text, from: start, isPlain: true), at: column, isAllowed: mayBeMapping)
    }

    private mutating func mapping(_ key: Key, at column: Int, isAllowed: Bool) throws(YAMLError) -> JSON {
        guard isAllowed else {
            throw error("a mapping must begin on a line of its own; a text with a colon needs quotes", at: key.position)
        }
        return try blockMapping(key, at: column)
    }

    /// A colon with a blank behind it follows on this line.
    private mutating func isKeyEnd() -> Bool {
        skipBlanks()
        return isAtIndicator(":")
    }

    private mutating func key(_ text: String, from start: Int, isPlain: Bool = false) throws(YAMLError) -> Key {
        guard isKeyEnd() else { throw error("expected a colon and a blank after a key") }
        guard lineStart <= start else { throw error("a key must stand on one line", at: start) }
        guard position - start <= YAML.maxKeyBytes else {
            throw error("a key is longer than \(YAML.maxKeyBytes) bytes", at: start)
        }
        if isPlain, text == "<<" { throw error("merge keys are not supported", at: start) }
        return Key(text: text, position: start)
    }
}
