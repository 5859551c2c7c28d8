import JSON

/// The last look at a message: whatever its parts allowed themselves, all of it together is taken by Slack.
enum BlockBudget {
    /// Ends the message where it would become too long, and says so. What stands first matters most; the buttons at
    /// the end are kept.
    static func fitted(_ blocks: [JSON], maxBlocks: Int, maxUnits: Int = Limits.maxMessageUnits) -> [JSON] {
        guard blocks.count > maxBlocks || units(blocks) > maxUnits else { return blocks }
        let end = blocks.last.map { $0["type"] == "actions" ? [$0] : [] } ?? []
        var left = maxUnits - units(end) - 100
        var kept: [JSON] = []
        for block in blocks.dropLast(end.count) {
            left -= units([block])
            guard left >= 0, kept.count + end.count + 1 < maxBlocks else { break }
            kept.append(block)
        }
        return kept + [Blocks.context(["… and more, which does not fit here."])] + end
    }

    /// Of everything that somebody wrote in it: texts, values, addresses.
    static func units(_ blocks: [JSON]) -> Int { blocks.reduce(0) { $0 + units($1) } }

    private static func units(_ value: JSON) -> Int {
        switch value {
        case .string(let text): text.utf16.count
        case .array(let items): items.reduce(0) { $0 + units($1) }
        case .object(let members): members.values.reduce(0) { $0 + units($1) }
        default: 0
        }
    }
}
