import JSON

/// Checks values against the bounds in the schema tables.
///
/// Built-in kinds and custom resource definitions word the same finding differently, so `isCustom` decides.
struct SchemaRules {
    let isCustom: Bool
    private(set) var errors: [FieldError] = []

    init(isCustom: Bool) { self.isCustom = isCustom }

    mutating func check(_ value: JSON, _ type: SchemaType, _ path: String) {
        switch (type, value) {
        case (.structure(let structure), .object(let members)): checkMembers(members, structure, path)
        case (.list(let element, _, let maxItems), .array(let items)):
            if items.count > maxItems { errors.append(.tooMany(path, items.count, limit: maxItems)) }
            for (index, item) in items.enumerated() { check(item, element, "\(path)[\(index)]") }
        case (.map(let element, _), .object(let members)):
            for (key, item) in members.sorted(by: { $0.key < $1.key }) {
                checkEntry(key, item, element, path)
            }
        case (.string(let rule), .string(let text)): check(text, rule, path)
        case (.int(let bounds), .int(let number)): check(number, bounds, path)
        case (.intOrString(let rule), _): check(value, rule, path)
        default: break
        }
    }

    private mutating func checkMembers(
        _ members: [String: JSON], _ structure: SchemaStructure, _ path: String
    ) {
        for field in structure.fields.values.sorted(by: { $0.name < $1.name }) {
            let path = path.isEmpty ? field.name : "\(path).\(field.name)"
            // Go cannot tell an empty value of a required field from an absent one; a definition can.
            // An empty structure is one that was given.
            let mayBeEmpty = isCustom || field.type.structure != nil
            let found = members[field.name].flatMap { mayBeEmpty || !$0.isEmptyValue ? $0 : nil }
            if let found {
                check(found, field.type, path)
            } else if field.isRequired {
                errors.append(.required(path))
            }
        }
    }

    private mutating func checkEntry(_ key: String, _ item: JSON, _ element: SchemaType, _ path: String) {
        guard case .string(.format(.labelValue)) = element else {
            check(item, element, "\(path)[\(key)]")
            return
        }
        for problem in StringFormat.qualified(key) { errors.append(.invalid(path, .string(key), problem)) }
        check(item, element, path)
    }

    private mutating func check(_ text: String, _ rule: StringRule, _ path: String) {
        switch rule {
        case .free: break
        case .oneOf(let values):
            // An empty choice in a built-in kind is one that was not made.
            if !values.contains(text), isCustom || !text.isEmpty {
                errors.append(.unsupported(path, .string(text), supported: values))
            }
        case .length(let bounds):
            if text.unicodeScalars.count < bounds.lowerBound {
                let detail = "\(path) in body should be at least \(bounds.lowerBound) chars long"
                errors.append(.invalid(path, .string(text), detail))
            }
            if text.unicodeScalars.count > bounds.upperBound {
                errors.append(.tooLong(path, limit: bounds.upperBound))
            }
        case .format(let format):
            for problem in text.isEmpty ? [] : format.problems(text) {
                errors.append(.invalid(path, .string(text), problem))
            }
            if let pattern = format.failedPattern(text) {
                errors.append(.invalid(path, .string(text), "\(path) in body should match '\(pattern)'"))
            }
        }
    }

    private mutating func check(_ number: Int, _ bounds: ClosedRange<Int>, _ path: String) {
        if bounds.contains(number) { return }
        let detail: String
        switch (isCustom, bounds.lowerBound, bounds.upperBound) {
        case (true, let low, let high):
            detail =
                "\(path) in body should be "
                + (number < low ? "greater than or equal to \(low)" : "less than or equal to \(high)")
        case (false, 0, Int.max): detail = "must be greater than or equal to 0"
        case (false, 1, Int.max): detail = "must be greater than 0"
        case (false, 0, 0o777): detail = "must be a number between 0 and 0777 (octal), both inclusive"
        case (false, let low, let high): detail = "must be between \(low) and \(high), inclusive"
        }
        errors.append(.invalid(path, .int(number), detail))
    }

    private mutating func check(_ value: JSON, _ rule: IntOrStringRule, _ path: String) {
        switch (rule, value) {
        case (.port, .int(let number)): check(number, 1...65_535, path)
        case (.port, .string(let name)): check(name, .format(.portName), path)
        case (.share, .int(let number)): check(number, 0...Int.max, path)
        case (.share, .string(let text)):
            let digits = text.dropLast()
            if !text.hasSuffix("%") || digits.isEmpty || !digits.utf8.allSatisfy(\.isDigit) {
                errors.append(
                    .invalid(
                        path, value,
                        "a valid percent string must be a numeric string followed by an ending '%' "
                            + "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"))
            }
        default: break
        }
    }
}

extension JSON {
    /// What Go would leave out: "", 0, an empty list or object.
    var isEmptyValue: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .int(let number): number == 0
        case .array(let items): items.isEmpty
        case .object(let members): members.isEmpty
        case .bool, .double: false
        }
    }
}
