import JSON

/// What Slack refuses in views (docs.slack.dev, "Views", "Modals", "Home tabs").
enum ViewRules {
    static let maxBytes = 250 << 10
    static let maxTitleCharacters = 24
    static let maxCallbackIDCharacters = 255
    static let maxPrivateMetadataCharacters = 3_000

    /// - Returns: the view, checked.
    static func modal(_ view: JSON?) throws(SlackRefusal) -> JSON {
        let view = try common(view, type: "modal")
        var problems = TextRules.plain(view["title"], "/view/title", max: maxTitleCharacters, required: true)
        let hasInputs = view["blocks"]?.array?.contains { $0["type"] == "input" } ?? false
        for key in ["submit", "close"] {
            problems += TextRules.plain(
                view[key], "/view/\(key)", max: maxTitleCharacters, required: key == "submit" && hasInputs)
        }
        try refuse(problems)
        return view
    }

    static func home(_ view: JSON?) throws(SlackRefusal) -> JSON {
        let view = try common(view, type: "home")
        for key in ["title", "submit", "close"] where view[key] != nil {
            try refuse(["unsupported property for a home view [json-pointer:/view/\(key)]"])
        }
        return view
    }

    private static func common(_ view: JSON?, type: String) throws(SlackRefusal) -> JSON {
        guard let view, view.object != nil else {
            throw SlackRefusal("invalid_arguments", details: ["view must be an object"])
        }
        guard view.bytes.count <= maxBytes else { throw SlackRefusal("view_too_large") }
        var problems: [String] = []
        if view["type"]?.string != type { problems.append("must be \(type) [json-pointer:/view/type]") }
        for key in view.object?.keys.sorted() ?? [] where !known.contains(key) {
            problems.append("additional property: \(key) [json-pointer:/view]")
        }
        for (key, most) in [
            ("callback_id", maxCallbackIDCharacters), ("external_id", maxCallbackIDCharacters),
            ("private_metadata", maxPrivateMetadataCharacters),
        ] {
            guard let value = view[key], !value.isNull else { continue }
            guard let text = value.string else {
                problems.append("must be a string [json-pointer:/view/\(key)]")
                continue
            }
            if text.unicodeScalars.count > most {
                problems.append("must be less than \(most + 1) characters [json-pointer:/view/\(key)]")
            }
        }
        guard let blocks = view["blocks"]?.array else {
            try refuse(problems + ["missing required field: blocks [json-pointer:/view]"])
            return view
        }
        problems += BlockRules.problems(blocks, on: type == "home" ? .home : .modal, at: "/view/blocks")
        try refuse(problems)
        return view
    }

    private static let known: Set<String> = [
        "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
        "notify_on_close", "external_id", "submit_disabled",
    ]

    private static func refuse(_ problems: [String]) throws(SlackRefusal) {
        if !problems.isEmpty { throw SlackRefusal("invalid_arguments", details: problems) }
    }
}
