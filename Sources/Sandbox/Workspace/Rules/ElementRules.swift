import JSON

/// What Slack refuses in the elements of blocks (docs.slack.dev, "Block elements").
enum ElementRules {
    enum Place { case accessory, actions, input, context }

    static let maxButtonTextCharacters = 75
    static let maxButtonValueCharacters = 2_000
    static let maxURLCharacters = 3_000
    static let maxAltTextCharacters = 2_000
    static let maxPlaceholderCharacters = 150
    static let maxInputCharacters = 3_000

    static func problems(_ element: JSON, in place: Place, _ pointer: String) -> [String] {
        guard let type = element["type"]?.string, let known = properties[type], allowed(type, in: place) else {
            return ["unsupported type: \(element["type"]?.string ?? "missing") \(TextRules.at(pointer + "/type"))"]
        }
        var problems = Properties.check(element, pointer, known: known.union(["type"]))
        problems += TextRules.string(
            element["action_id"], pointer + "/action_id", in: 1...BlockRules.maxIDCharacters, required: false)
        problems += TextRules.plain(
            element["placeholder"], pointer + "/placeholder", max: maxPlaceholderCharacters, required: false)
        problems += Properties.flags(element, pointer, ["focus_on_load", "multiline"])
        if let confirm = element["confirm"] { problems += ConfirmRules.problems(confirm, pointer + "/confirm") }
        switch type {
        case "button": return problems + button(element, pointer)
        case "image": return problems + image(element, pointer)
        case "plain_text_input": return problems + textInput(element, pointer)
        case "datepicker": return problems + date(element["initial_date"], pointer + "/initial_date")
        case "overflow", "static_select", "multi_static_select", "checkboxes", "radio_buttons":
            return problems + OptionRules.problems(element, type: type, pointer)
        default: return problems
        }
    }

    private static func allowed(_ type: String, in place: Place) -> Bool {
        switch place {
        case .context: type == "image"
        case .accessory: type != "plain_text_input"
        case .actions: !["plain_text_input", "image"].contains(type) && !type.hasPrefix("multi_")
        case .input: !["button", "overflow", "image"].contains(type)
        }
    }

    private static let select: Set<String> = ["action_id", "placeholder", "confirm", "focus_on_load"]

    private static let properties: [String: Set<String>] = [
        "button": ["text", "action_id", "url", "value", "style", "confirm", "accessibility_label"],
        "image": ["alt_text", "image_url", "slack_file"],
        "overflow": ["action_id", "options", "confirm"],
        "static_select": select.union(["options", "option_groups", "initial_option"]),
        "multi_static_select": select.union(["options", "option_groups", "initial_options", "max_selected_items"]),
        "users_select": select.union(["initial_user"]),
        "multi_users_select": select.union(["initial_users", "max_selected_items"]),
        "channels_select": select.union(["initial_channel", "response_url_enabled"]),
        "conversations_select": select.union([
            "initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter",
        ]),
        "checkboxes": ["action_id", "options", "initial_options", "confirm", "focus_on_load"],
        "radio_buttons": ["action_id", "options", "initial_option", "confirm", "focus_on_load"],
        "datepicker": select.union(["initial_date"]),
        "plain_text_input": [
            "action_id", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config",
            "focus_on_load", "placeholder",
        ],
    ]

    private static func button(_ element: JSON, _ pointer: String) -> [String] {
        TextRules.plain(element["text"], pointer + "/text", max: maxButtonTextCharacters, required: true)
            + TextRules.string(element["url"], pointer + "/url", in: 1...maxURLCharacters, required: false)
            + url(element["url"], pointer + "/url")
            + TextRules.string(element["value"], pointer + "/value", in: 0...maxButtonValueCharacters, required: false)
            + TextRules.string(
                element["accessibility_label"], pointer + "/accessibility_label", in: 1...maxButtonTextCharacters,
                required: false)
            + Properties.choice(element, pointer, "style", ["primary", "danger"])
    }

    /// Of an image block, too.
    static func image(_ element: JSON, _ pointer: String) -> [String] {
        var problems = TextRules.string(
            element["alt_text"], pointer + "/alt_text", in: 0...maxAltTextCharacters, required: true)
        problems += TextRules.string(
            element["image_url"], pointer + "/image_url", in: 1...maxURLCharacters,
            required: element["slack_file"] == nil)
        return problems + url(element["image_url"], pointer + "/image_url")
    }

    private static func url(_ value: JSON?, _ pointer: String) -> [String] {
        guard let text = value?.string, !text.isEmpty else { return [] }
        let hasScheme = ["http://", "https://", "mailto:", "slack://"].contains { text.lowercased().hasPrefix($0) }
        return hasScheme && !text.contains(" ") ? [] : ["must be a valid URL \(TextRules.at(pointer))"]
    }

    private static func textInput(_ element: JSON, _ pointer: String) -> [String] {
        var problems = TextRules.string(
            element["initial_value"], pointer + "/initial_value", in: 0...maxInputCharacters, required: false)
        for (name, range) in [("min_length", 0...maxInputCharacters), ("max_length", 1...maxInputCharacters)] {
            guard let value = element[name] else { continue }
            if !(value.int.map(range.contains) ?? false) {
                problems.append(
                    "must be between \(range.lowerBound) and \(range.upperBound) \(TextRules.at("\(pointer)/\(name)"))")
            }
        }
        return problems
    }

    private static func date(_ value: JSON?, _ pointer: String) -> [String] {
        guard let value else { return [] }
        let isDate = value.string?.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil
        return isDate ? [] : ["must be a date in the form YYYY-MM-DD \(TextRules.at(pointer))"]
    }
}
