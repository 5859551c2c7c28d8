import JSON

/// What Slack refuses in `blocks` (docs.slack.dev, "Blocks" and "Block elements"). Pure.
enum BlockRules {
    static let maxBlocks = 50
    static let maxSectionCharacters = 3_000
    static let maxContextElements = 10
    static let maxActionElements = 25
    static let maxButtonTextCharacters = 75
    static let maxButtonValueCharacters = 2_000
    static let maxHeaderCharacters = 150

    /// What is wrong with the first bad block; nil when Slack would take them.
    static func problem(_ blocks: [JSON]) -> String? {
        if blocks.count > maxBlocks { return "no more than \(maxBlocks) blocks allowed" }
        for (index, block) in blocks.enumerated() {
            if let problem = problem(block) { return "\(problem) [json-pointer:/blocks/\(index)]" }
        }
        return nil
    }

    private static func problem(_ block: JSON) -> String? {
        switch block["type"]?.string {
        case "section": return section(block)
        case "context": return context(block)
        case "actions": return actions(block)
        case "header": return text(block["text"], types: ["plain_text"], max: maxHeaderCharacters)
        case "divider": return nil
        case let type: return "unsupported type: \(type ?? "missing")"
        }
    }

    private static func section(_ block: JSON) -> String? {
        if let fields = block["fields"]?.array, fields.count > 10 { return "no more than 10 fields allowed" }
        return text(block["text"], types: ["mrkdwn", "plain_text"], max: maxSectionCharacters)
    }

    private static func context(_ block: JSON) -> String? {
        guard let elements = block["elements"]?.array, (1...maxContextElements).contains(elements.count) else {
            return "elements must have 1 to \(maxContextElements) items"
        }
        return elements.lazy.compactMap {
            text($0, types: ["mrkdwn", "plain_text"], max: maxSectionCharacters)
        }.first
    }

    private static func actions(_ block: JSON) -> String? {
        guard let elements = block["elements"]?.array, (1...maxActionElements).contains(elements.count) else {
            return "elements must have 1 to \(maxActionElements) items"
        }
        for element in elements {
            guard element["type"] == "button" else { return "unsupported element" }
            if let problem = text(element["text"], types: ["plain_text"], max: maxButtonTextCharacters) {
                return problem
            }
            guard let action = element["action_id"]?.string, (1...255).contains(action.count) else {
                return "action_id must have 1 to 255 characters"
            }
            if let value = element["value"]?.string, value.count > maxButtonValueCharacters {
                return "value must be at most \(maxButtonValueCharacters) characters"
            }
            if let style = element["style"]?.string, style != "primary", style != "danger" {
                return "style must be primary or danger"
            }
        }
        return nil
    }

    private static func text(_ text: JSON?, types: [String], max: Int) -> String? {
        guard let text, let type = text["type"]?.string, types.contains(type) else {
            return "text must be an object of type \(types.joined(separator: " or "))"
        }
        guard let words = text["text"]?.string, !words.isEmpty else { return "text must have at least 1 character" }
        return words.unicodeScalars.count > max ? "text must be at most \(max) characters" : nil
    }
}
