import Foundation
import JSON

/// Whether an object has the shape that the schema tables give its kind.
enum TypeRules {
    // MARK: Server-side apply

    /// What server-side apply finds wrong, in the words of Kubernetes' structured-merge-diff:
    /// `.spec.replicas: expected numeric (int or float), got string`.
    static func applyProblems(_ value: JSON, _ type: SchemaType, _ path: String = "") -> [String] {
        switch type {
        case .structure, .map: members(value, type, path)
        case .list(let element, let identity, _): items(value, type, element, identity, path)
        case .any, .quantity: []
        case .int:
            value.isNumber ? [] : ["\(path): expected numeric (int or float), got \(goType(value))"]
        case .bool: value.bool != nil ? [] : ["\(path): expected boolean, got &{\(goValue(value))}"]
        case .intOrString:
            value.object == nil && value.array == nil
                ? [] : ["\(path): expected any scalar, got &{\(goValue(value))}"]
        case .string, .time, .bytes:
            value.string != nil
                ? []
                : ["\(path): expected string, got &value.valueUnstructured{Value:\(goValue(value))}"]
        }
    }

    private static func members(_ value: JSON, _ type: SchemaType, _ path: String) -> [String] {
        guard let members = value.object else { return ["\(path): expected map, got &{\(goValue(value))}"] }
        return members.sorted { $0.key < $1.key }.flatMap { key, member in
            guard let child = type.child(key)?.type else {
                return ["\(path).\(key): field not declared in schema"]
            }
            return applyProblems(member, child, "\(path).\(key)")
        }
    }

    private static func items(
        _ value: JSON, _ type: SchemaType, _ element: SchemaType, _ identity: ListIdentity, _ path: String
    ) -> [String] {
        guard let items = value.array else { return ["\(path): expected list, got &{\(goValue(value))}"] }
        var seen: Set<FieldStep> = []
        var problems: [String] = []
        for (index, item) in items.enumerated() {
            guard identity != .atomic else {
                problems += applyProblems(item, element, "\(path)[\(index)]")
                continue
            }
            guard let step = type.step(to: item) else {
                return problems + ["\(path): element \(index): \(stepProblem(item, identity))"]
            }
            if !seen.insert(step).inserted {
                problems.append("\(path): duplicate entries for key \(step.text)")
            }
            problems += applyProblems(item, element, path + step.text)
        }
        return problems
    }

    private static func stepProblem(_ item: JSON, _ identity: ListIdentity) -> String {
        guard case .keys(let names) = identity else {
            return "associative list without keys has an element that's a map type"
        }
        if item.object == nil { return "associative list with keys may not have non-map elements" }
        let list = names.map { "\"\($0)\"" }.joined(separator: " ")
        return "associative list with keys has an element that omits all key fields [\(list)] "
            + "(and doesn't have default values for any key fields)"
    }

    private static func goType(_ value: JSON) -> String {
        switch value {
        case .null: "<nil>"
        case .bool: "bool"
        case .int: "int64"
        case .double: "float64"
        case .string: "string"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        }
    }

    private static func goValue(_ value: JSON) -> String {
        switch value {
        case .string(let text): text
        case .array(let items): "[" + items.map(goValue).joined(separator: " ") + "]"
        case .object(let members):
            "map["
                + members.sorted { $0.key < $1.key }.map { "\($0.key):\(goValue($0.value))" }
                .joined(separator: " ") + "]"
        default: value.text
        }
    }

    // MARK: Whole objects

    /// What decoding a whole object finds: a sentence for the first value of a wrong type, and the paths of
    /// fields that the kind does not have.
    struct Decoding {
        var problem: String?
        var unknown: [String] = []
        /// The object without the unknown fields.
        var object: JSON = [:]
    }

    static func decode(_ value: JSON, _ kind: ResourceKind) -> Decoding {
        var result = Decoding()
        let structure = Schema.structure(of: kind)
        result.object = decode(value, .structure(structure), "", owner: structure.name, &result)
        return result
    }

    private static func decode(
        _ value: JSON, _ type: SchemaType, _ path: String, owner: String, _ result: inout Decoding
    ) -> JSON {
        switch (type, value) {
        case (.structure(let structure), .object(let members)):
            var known: [String: JSON] = [:]
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                let path = path.isEmpty ? key : "\(path).\(key)"
                guard let field = structure.fields[key] else {
                    result.unknown.append(path)
                    continue
                }
                known[key] = decode(member, field.type, path, owner: structure.name, &result)
            }
            return .object(known)
        case (.map(let element, _), .object(let members)):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.sorted { $0.key < $1.key }.map {
                        ($0.key, decode($0.value, element, "\(path).\($0.key)", owner: owner, &result))
                    }))
        case (.list(let element, _, _), .array(let items)):
            return .array(
                items.enumerated().map {
                    decode($0.element, element, "\(path)[\($0.offset)]", owner: owner, &result)
                })
        default:
            if result.problem == nil { result.problem = mismatch(value, type, path, owner: owner) }
            return value
        }
    }

    private static func mismatch(_ value: JSON, _ type: SchemaType, _ path: String, owner: String) -> String?
    {
        let wanted: String
        switch (type, value) {
        case (.string, .string), (.int, .int), (.bool, .bool), (.any, _), (.intOrString, .int),
            (.intOrString, .string), (.time, .string), (.bytes, .string), (.quantity, _):
            return malformed(value, type)
        case (.string, _), (.time, _), (.bytes, _), (.intOrString, _): wanted = "string"
        case (.int, _): wanted = "int32"
        case (.bool, _): wanted = "bool"
        case (.list, _): wanted = "[]v1.\(owner)"
        case (.map, _), (.structure, _): wanted = "map[string]string"
        }
        let found =
            switch value {
            case .bool: "bool"
            case .int(let number): wanted == "int32" ? "number \(number)" : "number"
            case .double(let number): wanted == "int32" ? "number \(number)" : "number"
            case .string: "string"
            case .array: "array"
            case .object: "object"
            case .null: "null"
            }
        let field = path.filter { !$0.isNumber || !path.contains("[") }.replacingOccurrences(
            of: "[]", with: "")
        return "json: cannot unmarshal \(found) into Go struct field \(owner).\(field) of type \(wanted)"
    }

    // MARK: Values in text

    /// What is wrong with text that stands for something else; nil when nothing is.
    static func malformed(_ value: JSON, _ type: SchemaType) -> String? {
        switch (type, value) {
        case (.quantity, .string(let text)): ExactQuantity(text) == nil ? ExactQuantity.sentence : nil
        case (.quantity, .int), (.quantity, .double): nil
        case (.quantity, _): ExactQuantity.sentence
        case (.bytes, .string(let text)): base64Problem(text)
        case (.time, .string(let text)):
            isTime(text) ? nil : "parsing time \"\(text)\" as RFC 3339: cannot parse"
        case (.string(.format(.microTime)), .string(let text)):
            text.isMicroTime ? nil : microTimeProblem(text)
        case (.int, .double(let number)): "unable to convert \(number) to a whole number"
        default: nil
        }
    }

    /// What is wrong begins behind the seconds, when those are right.
    private static func microTimeProblem(_ text: String) -> String {
        let isRight = isTime(String(text.prefix(19)) + "Z")
        let (rest, wanted) = isRight
            ? (String(text.dropFirst(19)), ".000000") : (text, "2006-01-02T15:04:05.000000Z07:00")
        return "parsing time \"\(text)\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"\(rest)\" as "
            + "\"\(wanted)\""
    }

    /// The first malformed value anywhere in an object whose types are right.
    static func malformedValue(in value: JSON, _ type: SchemaType) -> String? {
        switch (type, value) {
        case (.structure, .object(let members)), (.map, .object(let members)):
            members.sorted { $0.key < $1.key }.lazy
                .compactMap { key, member in type.child(key).flatMap { malformedValue(in: member, $0.type) } }
                .first
        case (.list(let element, _, _), .array(let items)):
            items.lazy.compactMap { malformedValue(in: $0, element) }.first
        default: malformed(value, type)
        }
    }

    private static func isTime(_ text: String) -> Bool {
        (try? Date(text, strategy: .iso8601)) != nil
            || (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))) != nil
    }

    private static func base64Problem(_ text: String) -> String? {
        if Data(base64Encoded: text) != nil { return nil }
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=".utf8)
        let position = Array(text.utf8).firstIndex { !alphabet.contains($0) } ?? text.utf8.count / 4 * 4
        return "illegal base64 data at input byte \(position)"
    }
}

extension JSON {
    var isNumber: Bool {
        switch self {
        case .int, .double: true
        default: false
        }
    }

    /// Without members that are null: Kubernetes reads those as absent.
    var withoutNulls: JSON {
        switch self {
        case .object(let members): .object(members.filter { !$0.value.isNull }.mapValues(\.withoutNulls))
        case .array(let items): .array(items.map(\.withoutNulls))
        default: self
        }
    }
}
