import JSON

/// What Slack refuses in text objects (docs.slack.dev, "Text object"). Each problem is a sentence with a JSON pointer.
enum TextRules {
    static func plain(_ text: JSON?, _ pointer: String, max: Int, required: Bool) -> [String] {
        check(text, pointer, types: ["plain_text"], max: max, required: required)
    }

    static func any(_ text: JSON?, _ pointer: String, max: Int, required: Bool) -> [String] {
        check(text, pointer, types: ["plain_text", "mrkdwn"], max: max, required: required)
    }

    private static func check(
        _ text: JSON?, _ pointer: String, types: [String], max: Int, required: Bool
    ) -> [String] {
        guard let text, !text.isNull else {
            return required ? ["missing required field: \(last(pointer)) \(at(parent(pointer)))"] : []
        }
        guard text.object != nil else { return ["must be an object \(at(pointer))"] }
        guard let type = text["type"]?.string, types.contains(type) else {
            return ["must be one of: \(types.joined(separator: ", ")) \(at(pointer + "/type"))"]
        }
        let extras = type == "plain_text" ? "emoji" : "verbatim"
        return Properties.check(text, pointer, known: ["type", "text", extras])
            + Properties.flags(text, pointer, [extras])
            + string(text["text"], pointer + "/text", in: 1...max, required: true)
    }

    /// - Parameter range: how many characters there may be.
    static func string(_ value: JSON?, _ pointer: String, in range: ClosedRange<Int>, required: Bool) -> [String] {
        guard let value, !value.isNull else {
            return required ? ["missing required field: \(last(pointer)) \(at(parent(pointer)))"] : []
        }
        guard let string = value.string else { return ["must be a string \(at(pointer))"] }
        let count = string.unicodeScalars.count
        if count < range.lowerBound { return ["must be more than \(range.lowerBound - 1) characters \(at(pointer))"] }
        if count > range.upperBound { return ["must be less than \(range.upperBound + 1) characters \(at(pointer))"] }
        return []
    }

    static func at(_ pointer: String) -> String { "[json-pointer:\(pointer)]" }

    private static func last(_ pointer: String) -> String {
        String(pointer.split(separator: "/").last ?? "")
    }

    private static func parent(_ pointer: String) -> String {
        pointer.lastIndex(of: "/").map { String(pointer[..<$0]) } ?? pointer
    }
}

/// What Slack refuses in any object.
enum Properties {
    static func check(_ object: JSON, _ pointer: String, known: Set<String>) -> [String] {
        (object.object?.keys.sorted() ?? []).filter { !known.contains($0) }.map {
            "invalid additional property: \($0) \(TextRules.at(pointer))"
        }
    }

    static func flags(_ object: JSON, _ pointer: String, _ names: [String]) -> [String] {
        names.filter { object[$0].map { $0.bool == nil } ?? false }.map {
            "must be a boolean \(TextRules.at("\(pointer)/\($0)"))"
        }
    }

    static func choice(_ object: JSON, _ pointer: String, _ name: String, _ values: [String]) -> [String] {
        guard let value = object[name], !values.contains(value.string ?? "") else { return [] }
        return ["must be one of: \(values.joined(separator: ", ")) \(TextRules.at("\(pointer)/\(name)"))"]
    }
}
