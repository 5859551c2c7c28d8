/// What Slack takes (docs.slack.dev: "Blocks", "Block elements", "Composition objects", "Modal views"). Characters are
/// counted as UTF-16 units, which is never too few.
enum Limits {
    static let maxMessageBlocks = 50
    static let maxViewBlocks = 100
    /// Of all blocks of a message together Slack takes about 13,000, counted in a way that it does not tell.
    static let maxMessageUnits = 11_000
    static let maxNotificationUnits = 2_900
    static let maxSectionUnits = 2_900
    static let maxHeaderUnits = 150
    static let maxButtonUnits = 75
    static let maxButtons = 25
    static let maxContextElements = 10
    static let maxActionIDUnits = 255
    static let maxOptions = 5
    static let maxOptionUnits = 75
    static let maxOptionValueUnits = 150
    static let maxURLUnits = 3_000
    static let maxViewTitleUnits = 24
    static let maxMetadataUnits = 3_000
    static let maxLabelUnits = 2_000
    static let maxHintUnits = 150
}
