import JSON

/// Reads the compact notation of the tables beside this file.
///
/// A line at the margin names a structure (`@atomic`: one owner for all of it); indented lines list its
/// fields: `name:type`, `name!:type` when required. A `|` at the beginning goes on with the one before.
///
/// Types: `string` or a string format, `string(A|B)` for one of some values, `string(1..63)` for a length,
/// `int(0..)`, `bool`, `quantity`, `time`, `bytes`, `port`, `share`, `intOrString`, `any`, the name of a
/// structure, `{T}` a map and `{T}@atomic`, `[T]` a list with one owner, `[T]@set`, `[T]@key,key` a list
/// whose items are known by keys, and `[T](..16)` with the most items.
///
/// `=json` at the end is the value of an absent field, `~json` also that of a zero one.
struct SchemaTable {
    private let lines: [String: (isAtomic: Bool, fields: [String])]
    private var done: [String: SchemaStructure] = [:]

    init(_ texts: [String]) {
        var lines: [String: (isAtomic: Bool, fields: [String])] = [:]
        var current = ""
        for line in texts.joined(separator: "\n").split(separator: "\n") {
            if line.first == " " {
                for token in line.split(separator: " ") {
                    if token.first == "|", let last = lines[current]?.fields.indices.last {
                        lines[current]?.fields[last] += token
                    } else {
                        lines[current]?.fields.append(String(token))
                    }
                }
            } else {
                let parts = line.split(separator: "@")
                current = String(parts[0])
                lines[current] = (parts.count > 1, [])
            }
        }
        self.lines = lines
    }

    /// The tables are part of the program, so a mistake in one is a programming error.
    mutating func structure(_ name: String) -> SchemaStructure {
        if let known = done[name] { return known }
        guard let line = lines[name] else { preconditionFailure("no structure \(name) in the schema tables") }
        var fields: [String: SchemaField] = [:]
        for token in line.fields {
            let field = field(token[...])
            fields[field.name] = field
        }
        let structure = SchemaStructure(name: name, isAtomic: line.isAtomic, fields: fields)
        done[name] = structure
        return structure
    }

    private mutating func field(_ token: Substring) -> SchemaField {
        guard let colon = token.firstIndex(of: ":") else { preconditionFailure("no type in \(token)") }
        var name = token[..<colon]
        let isRequired = name.hasSuffix("!")
        if isRequired { name.removeLast() }
        var type = token[token.index(after: colon)...]
        var standard = SchemaField.Standard.none
        if let mark = type.firstIndex(where: { $0 == "=" || $0 == "~" }) {
            let value = Self.value(type[type.index(after: mark)...])
            standard = type[mark] == "=" ? .ifAbsent(value) : .ifZero(value)
            type = type[..<mark]
        }
        return SchemaField(
            name: String(name), type: self.type(type), isRequired: isRequired, standard: standard)
    }

    private static func value(_ text: Substring) -> JSON {
        (try? JSON.parse(String(text))) ?? .string(String(text))
    }

    private mutating func type(_ text: Substring) -> SchemaType {
        switch text.first {
        case "[": return list(text)
        case "{":
            let end = text.lastIndex(of: "}") ?? text.endIndex
            return .map(
                type(text[text.index(after: text.startIndex)..<end]), isAtomic: text.hasSuffix("@atomic"))
        default: return named(text)
        }
    }

    private mutating func list(_ text: Substring) -> SchemaType {
        guard let end = text.lastIndex(of: "]") else { preconditionFailure("no ] in \(text)") }
        let element = type(text[text.index(after: text.startIndex)..<end])
        var rest = text[text.index(after: end)...]
        var maxItems = Int.max
        if let open = rest.firstIndex(of: "(") {
            maxItems = Self.range(rest[rest.index(after: open)...].dropLast()).upperBound
            rest = rest[..<open]
        }
        let identity: ListIdentity =
            switch rest.dropFirst() {
            case "": .atomic
            case "set": .set
            default: .keys(rest.dropFirst().split(separator: ",").map(String.init).sorted())
            }
        return .list(element, identity, maxItems: maxItems)
    }

    private mutating func named(_ text: Substring) -> SchemaType {
        let open = text.firstIndex(of: "(") ?? text.endIndex
        let rule = text[open...].dropFirst().dropLast()
        switch text[..<open] {
        case "string" where rule.contains(".."): return .string(.length(Self.range(rule)))
        case "string" where !rule.isEmpty: return .string(.oneOf(rule.split(separator: "|").map(String.init)))
        case "string": return .string(.free)
        case "int": return .int(rule.isEmpty ? Int.min...Int.max : Self.range(rule))
        case "bool": return .bool
        case "quantity": return .quantity
        case "time": return .time
        case "bytes": return .bytes
        case "any": return .any
        case "intOrString": return .intOrString(.free)
        case "port": return .intOrString(.port)
        case "share": return .intOrString(.share)
        default:
            if let format = StringFormat(rawValue: String(text)) { return .string(.format(format)) }
            return .structure(structure(String(text)))
        }
    }

    private static func range(_ text: Substring) -> ClosedRange<Int> {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return (Int(parts[0]) ?? 0)...(Int(parts[parts.count - 1]) ?? Int.max)
    }
}
