import JSON

extension AppFile {
    /// The JSON Schema (draft 7, https://json-schema.org/draft-07) of `iterapp.toml`, for editors.
    ///
    /// It says which keys there are, and what each value must look like. What several values must agree on, and
    /// what depends on the file's place in the repository, only the checker knows.
    package static var schema: JSON {
        var schema = Schema.table(Keys.all)
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        schema["title"] = .string(fileName)
        schema["description"] = "How Iterapp builds and runs an app, or one of its applings."
        return schema
    }
}

private enum Schema {
    static func table(_ keys: [Key]) -> JSON {
        var schema: [String: JSON] = ["type": "object", "additionalProperties": false]
        schema["properties"] = .object(Dictionary(uniqueKeysWithValues: keys.map { ($0.name, property($0)) }))
        let required = keys.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    private static func property(_ key: Key) -> JSON {
        var schema = value(key.shape)
        schema["description"] = .string(key.summary)
        if let standard = key.standard { schema["default"] = standard }
        return schema
    }

    private static func value(_ shape: Key.Shape) -> JSON {
        switch shape {
        case .flag: ["type": "boolean"]
        case .whole(let range): whole(range)
        case .text(let format): .object(format.schema)
        case .podCount:
            ["anyOf": [whole(0...PodCount.maxCount), ["type": "string", "pattern": "^(100|[1-9]?[0-9])%?$"]]]
        case .list(let format, let maxCount):
            ["type": "array", "items": .object(format.schema), "maxItems": .int(maxCount)]
        case .table(let keys): table(keys)
        case .tables(let keys, let maxCount):
            ["type": "array", "items": table(keys), "maxItems": .int(maxCount)]
        case .named(let names, let shape): named(names, shape)
        case .variable:
            ["anyOf": [.object(Format.plain.schema), table(Keys.reference), table(Keys.sealed)]]
        case .encrypted: table(Keys.sealed)
        }
    }

    private static func whole(_ range: ClosedRange<Int>) -> JSON {
        ["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)]
    }

    private static func named(_ names: Names, _ shape: Key.Shape) -> JSON {
        var schema: [String: JSON] = [
            "type": "object", "additionalProperties": false, "maxProperties": .int(names.maxCount),
        ]
        if !names.known.isEmpty {
            schema["properties"] = .object(
                Dictionary(uniqueKeysWithValues: names.known.map { ($0, value(shape)) }))
        }
        if let pattern = names.pattern { schema["patternProperties"] = .object([pattern: value(shape)]) }
        return .object(schema)
    }
}
