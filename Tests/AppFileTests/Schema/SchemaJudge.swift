import Foundation
import JSON
import TOML

/// Decides whether a value fits a JSON Schema, as far as ours use draft 7
/// (https://json-schema.org/draft-07/draft-handrews-json-schema-validation-01). `SchemaFileTests` holds it to
/// Python's `jsonschema`.
final class SchemaJudge {
    private var expressions: [String: NSRegularExpression] = [:]

    func accepts(_ value: JSON, _ schema: JSON) -> Bool {
        if let type = schema["type"]?.string, !hasType(value, type) { return false }
        if let choices = schema["enum"]?.array, !choices.contains(value) { return false }
        if let choices = schema["anyOf"]?.array, !choices.contains(where: { accepts(value, $0) }) { return false }
        switch value {
        case .string(let text): return acceptsText(text, schema)
        case .int(let number):
            return number >= schema["minimum"]?.int ?? .min && number <= schema["maximum"]?.int ?? .max
        case .array(let items):
            guard items.count <= schema["maxItems"]?.int ?? .max else { return false }
            return schema["items"].map { one in items.allSatisfy { accepts($0, one) } } ?? true
        case .object(let members): return acceptsMembers(members, schema)
        default: return true
        }
    }

    private func hasType(_ value: JSON, _ type: String) -> Bool {
        switch value {
        case .bool: type == "boolean"
        case .int: type == "integer" || type == "number"
        case .double: type == "number"
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        case .null: type == "null"
        }
    }

    private func acceptsText(_ text: String, _ schema: JSON) -> Bool {
        guard text.unicodeScalars.count <= schema["maxLength"]?.int ?? .max else { return false }
        return schema["pattern"]?.string.map { matches(text, $0) } ?? true
    }

    private func acceptsMembers(_ members: [String: JSON], _ schema: JSON) -> Bool {
        guard members.count <= schema["maxProperties"]?.int ?? .max,
            schema["required"]?.array?.allSatisfy({ members[$0.string ?? ""] != nil }) ?? true
        else { return false }
        return members.allSatisfy { name, value in
            if let known = schema.at("properties", name) { return accepts(value, known) }
            let fitting = schema["patternProperties"]?.object?.first { matches(name, $0.key) }
            if let fitting { return accepts(value, fitting.value) }
            return schema["additionalProperties"] != false
        }
    }

    /// All our expressions span the whole text; `$` of this engine also stops in front of a last line break.
    private func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = expressions[pattern] ?? (try? NSRegularExpression(pattern: pattern)) else {
            return false
        }
        expressions[pattern] = expression
        let whole = NSRange(location: 0, length: text.utf16.count)
        return expression.firstMatch(in: text, range: whole)?.range == whole
    }
}

extension JSON {
    /// As Python's `tomllib` and editors hand TOML on. Dates, which JSON does not have, become a type that our
    /// schema never wants.
    init(_ table: TOMLTable) {
        self = .object(Dictionary(uniqueKeysWithValues: table.entries.map { ($0.name, JSON($0.value)) }))
    }

    private init(_ value: TOMLValue) {
        switch value.content {
        case .string(let text): self = .string(text)
        case .integer(let number): self = .int(number)
        case .float(let number): self = .double(number)
        case .boolean(let flag): self = .bool(flag)
        case .dateTime, .date, .time: self = .null
        case .array(let values): self = .array(values.map { JSON($0) })
        case .table(let table): self = JSON(table)
        }
    }
}
