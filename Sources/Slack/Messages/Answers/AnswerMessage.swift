import Deploys
import JSON

/// What the sender of a command reads, alone: the page that the answer has, or its words.
struct AnswerMessage {
    /// Says the same as the blocks, in plainer form.
    let text: String
    let blocks: [JSON]

    static let maxSections = 4

    init(_ answer: Answer) {
        let words = Mrkdwn.neutral(answer.text)
        let body: [JSON] =
            switch answer.page {
            case .help(let page) where page.topic == nil: HelpBlocks.overview(page)
            case .apps(let list): AppsBlocks.blocks(list)
            case .status(let app): StatusBlocks.blocks(app)
            case .audit(let page): AuditBlocks.blocks(page)
            case .help, nil:
                Blocks.sections(
                    words.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                        .map { String(Substring($0)) },
                    atMost: Self.maxSections)
            }
        let hint = answer.hint.map { [Blocks.context(["💡 \(Mrkdwn.neutral($0))"])] } ?? []
        text = Mrkdwn.cutMarkup(words, to: Limits.maxNotificationUnits)
        blocks = BlockBudget.fitted(body + hint, maxBlocks: Limits.maxMessageBlocks)
    }

    /// The body for a slash command's answer and for a `response_url` (docs.slack.dev, "Handling user interaction").
    var json: JSON {
        [
            "response_type": "ephemeral", "replace_original": false, "text": .string(text),
            "blocks": .array(blocks),
        ]
    }
}
