import JSON

/// What Slack refuses in rich text (docs.slack.dev, "Rich text block").
enum RichTextRules {
    static func problems(_ block: JSON, _ pointer: String) -> [String] {
        guard let elements = block["elements"]?.array, !elements.isEmpty else {
            return ["must have at least 1 item \(TextRules.at(pointer + "/elements"))"]
        }
        return elements.enumerated().flatMap { index, element in container(element, "\(pointer)/elements/\(index)") }
    }

    private static func container(_ element: JSON, _ pointer: String) -> [String] {
        guard let items = element["elements"]?.array else {
            return ["missing required field: elements \(TextRules.at(pointer))"]
        }
        switch element["type"]?.string {
        case "rich_text_section", "rich_text_preformatted", "rich_text_quote":
            return items.enumerated().flatMap { index, item in leaf(item, "\(pointer)/elements/\(index)") }
        case "rich_text_list":
            return Properties.choice(element, pointer, "style", ["bullet", "ordered"])
                + (element["style"] == nil ? ["missing required field: style \(TextRules.at(pointer))"] : [])
                + items.enumerated().flatMap { index, item -> [String] in
                    let place = "\(pointer)/elements/\(index)"
                    guard item["type"] == "rich_text_section" else {
                        return ["unsupported type \(TextRules.at(place + "/type"))"]
                    }
                    return container(item, place)
                }
        case let type: return ["unsupported type: \(type ?? "missing") \(TextRules.at(pointer + "/type"))"]
        }
    }

    /// The member that a leaf of each type must have.
    private static let contents = [
        "text": "text", "link": "url", "emoji": "name", "user": "user_id", "usergroup": "usergroup_id",
        "channel": "channel_id", "broadcast": "range", "date": "timestamp", "color": "value",
    ]

    private static func leaf(_ item: JSON, _ pointer: String) -> [String] {
        guard let type = item["type"]?.string, let content = contents[type] else {
            return ["unsupported type: \(item["type"]?.string ?? "missing") \(TextRules.at(pointer + "/type"))"]
        }
        guard let value = item[content] else { return ["missing required field: \(content) \(TextRules.at(pointer))"] }
        if type == "text" || type == "link", value.string?.isEmpty != false {
            return ["must be more than 0 characters \(TextRules.at("\(pointer)/\(content)"))"]
        }
        return []
    }
}
