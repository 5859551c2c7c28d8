import Deploys
import Foundation
import JSON

/// Notices as Slack messages: a text for notifications, and Block Kit (docs.slack.dev, "Blocks"). Pure.
package struct MessageBlocks: Sendable {
    /// What notifications and screen readers get.
    package let text: String
    package let blocks: [JSON]

    /// The `action_id` of buttons whose value is a command.
    static let commandAction = "command"

    /// A section's text may have 3,000 characters.
    static let maxSectionCharacters = 2_900
    /// Of the words alone.
    static let maxWordsCharacters = 1_500

    package init(_ draft: NoticeDraft) {
        switch draft {
        case .live(let report): self = .live(report)
        case .announcement(let report): self = .announcement(report)
        case .detail(let title, let lines): self = .detail(title, lines)
        }
    }

    init(text: String, blocks: [JSON]) {
        self.text = Mrkdwn.cut(text, to: Self.maxSectionCharacters)
        self.blocks = blocks
    }

    /// What the message says, without blocks: for a workspace that does not take them.
    var words: String {
        let sections = blocks.compactMap { $0.at("text", "text")?.string }
        return Mrkdwn.cut(sections.joined(separator: "\n"), to: Self.maxWordsCharacters)
    }

    private static func live(_ report: Report) -> MessageBlocks {
        let words = ReportWords(report)
        var blocks = [section("\(words.emoji) *\(words.headline)*" + words.status.map { "\n\($0)" }.joined())]
        blocks.append(context(words.facts))
        if let button = words.button { blocks.append(actions(button)) }
        return MessageBlocks(text: "\(words.emoji) \(words.headline)", blocks: blocks)
    }

    private static func announcement(_ report: Report) -> MessageBlocks {
        let words = ReportWords(report)
        let lines = ["\(words.emoji) *\(words.headline)*"] + words.status
        let text = ([words.headline] + words.status.prefix(1)).joined(separator: ": ")
        return MessageBlocks(
            text: "\(words.emoji) \(text)",
            blocks: [section(lines.joined(separator: "\n")), context(words.shortFacts)])
    }

    private static func detail(_ title: String, _ lines: [String]) -> MessageBlocks {
        let maxCharacters = maxSectionCharacters - 200
        var kept: [String] = []
        var count = 0
        // The end of a log tells more than its beginning.
        for line in lines.reversed() {
            let shown = Mrkdwn.escaped(line.replacing("```", with: "'''"))
            let cut = Mrkdwn.cut(shown, to: maxCharacters)
            count += cut.utf16.count + 1
            guard count <= maxCharacters + 1 else { break }
            kept.append(cut)
        }
        let cut = kept.count < lines.count ? " (the last \(kept.count) of \(lines.count) lines)" : ""
        let body = kept.reversed().joined(separator: "\n")
        return MessageBlocks(
            text: Mrkdwn.words(title),
            blocks: [section("*\(Mrkdwn.words(title))*\(cut)\n```\n\(body)\n```")])
    }

    private static func section(_ text: String) -> JSON {
        ["type": "section", "text": mrkdwn(text)]
    }

    private static func context(_ text: String) -> JSON {
        ["type": "context", "elements": [mrkdwn(text)]]
    }

    private static func mrkdwn(_ text: String) -> JSON {
        ["type": "mrkdwn", "text": .string(Mrkdwn.cut(text, to: maxSectionCharacters))]
    }

    private static func actions(_ button: ReportWords.Button) -> JSON {
        [
            "type": "actions",
            "elements": [
                [
                    "type": "button", "action_id": .string(commandAction), "value": .string(button.command),
                    "text": ["type": "plain_text", "text": .string(String(button.label.prefix(75)))],
                    "style": "primary",
                ]
            ],
        ]
    }
}
