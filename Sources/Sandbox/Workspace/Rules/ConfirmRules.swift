import JSON

/// What Slack refuses in questions before an action (docs.slack.dev, "Confirmation dialog object").
enum ConfirmRules {
    static let maxTitleCharacters = 100
    static let maxTextCharacters = 300
    static let maxButtonCharacters = 30

    static func problems(_ confirm: JSON, _ pointer: String) -> [String] {
        guard confirm.object != nil else { return ["must be an object \(TextRules.at(pointer))"] }
        return Properties.check(confirm, pointer, known: ["title", "text", "confirm", "deny", "style"])
            + TextRules.plain(confirm["title"], pointer + "/title", max: maxTitleCharacters, required: true)
            + TextRules.any(confirm["text"], pointer + "/text", max: maxTextCharacters, required: true)
            + TextRules.plain(confirm["confirm"], pointer + "/confirm", max: maxButtonCharacters, required: true)
            + TextRules.plain(confirm["deny"], pointer + "/deny", max: maxButtonCharacters, required: true)
            + Properties.choice(confirm, pointer, "style", ["primary", "danger"])
    }
}
