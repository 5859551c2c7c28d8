import JSON

/// Collections in brackets and braces (section 7.4).
extension YAMLParser {
    static let flowIndicators = Set(",[]{}".utf8)

    mutating func flowNode() throws(YAMLError) -> JSON {
        switch peek() {
        case UInt8(ascii: "["): return try flowSequence()
        case UInt8(ascii: "{"): return try flowMapping()
        default:
            let start = position
            if let text = try quoted() { return .string(text) }
            return try resolve(try flowPlain(), at: start)
        }
    }

    private mutating func flowSequence() throws(YAMLError) -> JSON {
        try enter()
        defer { leave() }
        var items: [JSON] = []
        position += 1
        try skipInFlow()
        while !at(UInt8(ascii: "]")) {
            items.append(try flowNode())
            try skipInFlow()
            if at(UInt8(ascii: ":")) { throw error("a pair within a sequence needs braces") }
            try separator(or: UInt8(ascii: "]"), "expected “,” or “]”")
        }
        position += 1
        return .array(items)
    }

    private mutating func flowMapping() throws(YAMLError) -> JSON {
        try enter()
        defer { leave() }
        var members: [String: JSON] = [:]
        position += 1
        try skipInFlow()
        while !at(UInt8(ascii: "}")) {
            let start = position
            let quotedKey = try quoted()
            let key = if let quotedKey { quotedKey } else { try flowPlainKey() }
            if members[key] != nil { throw error("the mapping has this key already", at: start) }
            try skipInFlow()
            // After a key in quotes the blank may be missing, as in JSON.
            if at(UInt8(ascii: ":")), quotedKey != nil || isBlankInFlow(1) {
                position += 1
                members[key] = try flowValue()
            } else {
                members[key] = .null
            }
            try skipInFlow()
            try separator(or: UInt8(ascii: "}"), "expected “,” or “}”")
        }
        position += 1
        return .object(members)
    }

    private mutating func flowValue() throws(YAMLError) -> JSON {
        try skipInFlow()
        if at(UInt8(ascii: ",")) || at(UInt8(ascii: "}")) { return .null }
        return try flowNode()
    }

    private mutating func flowPlainKey() throws(YAMLError) -> String {
        let start = position
        if at(UInt8(ascii: "[")) || at(UInt8(ascii: "{")) { throw error("a key must be a scalar") }
        let text = try flowPlain()
        if text == "<<" { throw error("merge keys are not supported", at: start) }
        return text
    }

    private mutating func flowPlain() throws(YAMLError) -> String {
        try checkPlainStart(inFlow: true)
        return try plainRest(plainLine(inFlow: true), parent: nil)
    }

    private mutating func separator(or end: UInt8, _ expectation: String) throws(YAMLError) {
        if at(UInt8(ascii: ",")) {
            position += 1
            try skipInFlow()
        } else if !at(end) {
            throw error(expectation)
        }
    }

    private mutating func skipInFlow() throws(YAMLError) {
        try skipToContent(inFlow: true)
        if isAtEnd { throw error("the text ends inside brackets or braces") }
        if isAtAnyMarker { throw error("the document ends inside brackets or braces") }
    }

    func isBlankInFlow(_ distance: Int) -> Bool {
        isBlank(distance) || peek(distance).map(Self.flowIndicators.contains) == true
    }
}
