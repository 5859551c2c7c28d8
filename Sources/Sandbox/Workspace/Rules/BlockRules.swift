import JSON

/// What Slack refuses in `blocks` (docs.slack.dev, "Blocks"). Pure.
enum BlockRules {
    enum Surface { case message, modal, home }

    static let maxMessageBlocks = 50
    static let maxViewBlocks = 100
    /// Over all blocks of a message.
    static let maxTotalCharacters = 13_000
    static let maxIDCharacters = 255
    static let maxSectionCharacters = 3_000
    static let maxFieldCharacters = 2_000
    static let maxFields = 10
    static let maxContextElements = 10
    static let maxActionElements = 25
    static let maxHeaderCharacters = 150
    static let maxLabelCharacters = 2_000
    static let maxMarkdownCharacters = 12_000

    /// Refuses blocks that Slack would refuse in a message.
    static func check(_ blocks: [JSON], on surface: Surface) throws(SlackRefusal) {
        let problems = problems(blocks, on: surface, at: "/blocks")
        if !problems.isEmpty { throw SlackRefusal("invalid_blocks", details: problems) }
        if surface == .message, characters(in: .array(blocks)) > maxTotalCharacters {
            throw SlackRefusal("msg_blocks_too_long")
        }
    }

    /// All that is wrong, in the order of the blocks.
    static func problems(_ blocks: [JSON], on surface: Surface, at pointer: String) -> [String] {
        let most = surface == .message ? maxMessageBlocks : maxViewBlocks
        if blocks.count > most { return ["no more than \(most) items allowed \(TextRules.at(pointer))"] }
        var problems: [String] = []
        var ids: Set<String> = []
        for (index, block) in blocks.enumerated() {
            let place = "\(pointer)/\(index)"
            if let id = block["block_id"]?.string, !ids.insert(id).inserted {
                problems.append("block_id \(id) already exists \(TextRules.at(place + "/block_id"))")
            }
            problems += TextRules.string(
                block["block_id"], place + "/block_id", in: 0...maxIDCharacters, required: false)
            problems += self.problems(block, on: surface, place)
        }
        return problems
    }

    private static func problems(_ block: JSON, on surface: Surface, _ pointer: String) -> [String] {
        guard let type = block["type"]?.string, let known = properties[type] else {
            return ["unsupported type: \(block["type"]?.string ?? "missing") \(TextRules.at(pointer + "/type"))"]
        }
        let extras = Properties.check(block, pointer, known: known.union(["type", "block_id"]))
        switch type {
        case "section": return extras + section(block, pointer)
        case "context": return extras + context(block, pointer)
        case "actions": return extras + actions(block, pointer)
        case "header":
            return extras + TextRules.plain(block["text"], pointer + "/text", max: maxHeaderCharacters, required: true)
        case "input": return extras + input(block, pointer)
        case "image":
            return extras + ElementRules.image(block, pointer)
                + TextRules.plain(block["title"], pointer + "/title", max: maxLabelCharacters, required: false)
        case "rich_text": return extras + RichTextRules.problems(block, pointer)
        case "markdown":
            guard surface == .message else { return ["unsupported type: markdown \(TextRules.at(pointer + "/type"))"] }
            return extras + TextRules.string(
                block["text"], pointer + "/text", in: 1...maxMarkdownCharacters, required: true)
        default: return extras
        }
    }

    private static let properties: [String: Set<String>] = [
        "section": ["text", "fields", "accessory", "expand"], "context": ["elements"], "actions": ["elements"],
        "header": ["text", "level"], "divider": [],
        "input": ["label", "element", "dispatch_action", "hint", "optional"],
        "image": ["alt_text", "image_url", "slack_file", "title"], "rich_text": ["elements"], "markdown": ["text"],
    ]

    private static func section(_ block: JSON, _ pointer: String) -> [String] {
        var problems = TextRules.any(
            block["text"], pointer + "/text", max: maxSectionCharacters, required: block["fields"] == nil)
        if let fields = block["fields"] {
            guard let list = fields.array, (1...maxFields).contains(list.count) else {
                return problems + ["must have 1 to \(maxFields) items \(TextRules.at(pointer + "/fields"))"]
            }
            for (index, field) in list.enumerated() {
                problems += TextRules.any(field, "\(pointer)/fields/\(index)", max: maxFieldCharacters, required: true)
            }
        }
        if let accessory = block["accessory"] {
            problems += ElementRules.problems(accessory, in: .accessory, pointer + "/accessory")
        }
        return problems + Properties.flags(block, pointer, ["expand"])
    }

    private static func context(_ block: JSON, _ pointer: String) -> [String] {
        guard let elements = block["elements"]?.array, (1...maxContextElements).contains(elements.count) else {
            return ["must have 1 to \(maxContextElements) items \(TextRules.at(pointer + "/elements"))"]
        }
        return elements.enumerated().flatMap { index, element in
            let place = "\(pointer)/elements/\(index)"
            return element["type"] == "image"
                ? ElementRules.problems(element, in: .context, place)
                : TextRules.any(element, place, max: maxSectionCharacters, required: true)
        }
    }

    private static func actions(_ block: JSON, _ pointer: String) -> [String] {
        guard let elements = block["elements"]?.array, (1...maxActionElements).contains(elements.count) else {
            return ["must have 1 to \(maxActionElements) items \(TextRules.at(pointer + "/elements"))"]
        }
        var ids: Set<String> = []
        return elements.enumerated().flatMap { index, element in
            let place = "\(pointer)/elements/\(index)"
            var problems = ElementRules.problems(element, in: .actions, place)
            if let id = element["action_id"]?.string, !ids.insert(id).inserted {
                problems.append("action_id \(id) already exists \(TextRules.at(place + "/action_id"))")
            }
            return problems
        }
    }

    private static func input(_ block: JSON, _ pointer: String) -> [String] {
        var problems = TextRules.plain(block["label"], pointer + "/label", max: maxLabelCharacters, required: true)
        problems += TextRules.plain(block["hint"], pointer + "/hint", max: maxLabelCharacters, required: false)
        problems += Properties.flags(block, pointer, ["optional", "dispatch_action"])
        guard let element = block["element"] else {
            return problems + ["missing required field: element \(TextRules.at(pointer))"]
        }
        return problems + ElementRules.problems(element, in: .input, pointer + "/element")
    }

    /// Of all texts, wherever they are.
    private static func characters(in json: JSON) -> Int {
        switch json {
        case .array(let items): items.reduce(0) { $0 + characters(in: $1) }
        case .object(let members):
            members.reduce(0) { sum, member in
                sum + (member.key == "text" ? member.value.string?.unicodeScalars.count ?? 0 : 0)
                    + characters(in: member.value)
            }
        default: 0
        }
    }
}
