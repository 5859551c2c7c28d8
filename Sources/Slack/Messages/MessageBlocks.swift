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

    package init(_ draft: NoticeDraft) {
        switch draft {
        case .live(let report): self = .live(report)
        case .announcement(let report): self = .announcement(report)
        case .detail(let title, let lines): self = .detail(title, lines)
        }
    }

    init(text: String, blocks: [JSON]) {
        let isShort = text.count <= Self.maxSectionCharacters
        self.text = isShort ? text : String(text.prefix(Self.maxSectionCharacters)) + "…"
        self.blocks = blocks
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
            let cut = shown.count > maxCharacters ? String(shown.prefix(maxCharacters)) + "…" : shown
            guard count + cut.count + 1 <= maxCharacters else { break }
            count += cut.count + 1
            kept.append(cut)
        }
        let cut = kept.count < lines.count ? " (the last \(kept.count) of \(lines.count) lines)" : ""
        let body = kept.reversed().joined(separator: "\n")
        return MessageBlocks(
            text: Mrkdwn.words(title),
            blocks: [section("*\(Mrkdwn.words(title))*\(cut)\n```\n\(body)\n```")])
    }

    private static func section(_ text: String) -> JSON {
        let cut = text.count > maxSectionCharacters ? String(text.prefix(maxSectionCharacters)) + "…" : text
        return ["type": "section", "text": ["type": "mrkdwn", "text": .string(cut)]]
    }

    private static func context(_ text: String) -> JSON {
        let cut = String(text.prefix(maxSectionCharacters))
        return ["type": "context", "elements": [["type": "mrkdwn", "text": .string(cut)]]]
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
