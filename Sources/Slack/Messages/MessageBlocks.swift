import Deploys
import Foundation
import JSON

/// Notices as Slack messages: a text for notifications, and Block Kit (docs.slack.dev, "Blocks"). Pure.
package struct MessageBlocks: Sendable {
    /// What notifications and screen readers get.
    package let text: String
    package let blocks: [JSON]

    /// The `action_id` of buttons whose value is a command: messages that an earlier version posted have some.
    static let commandAction = "command"

    /// Of the words alone.
    static let maxWordsCharacters = 1_500

    package init(_ draft: NoticeDraft) {
        switch draft {
        case .live(let report):
            let words = ReportWords(report)
            self.init(text: "\(words.emoji) \(words.headline)", blocks: LiveMessage.blocks(report))
        case .announcement(let report):
            self.init(text: Announcement.text(report), blocks: Announcement.blocks(report))
        case .detail(let title, let lines):
            self.init(text: Mrkdwn.words(title), blocks: Detail.blocks(title, lines))
        // The file speaks for itself.
        case .file(let title, _, _): self.init(text: Mrkdwn.words(title), blocks: [])
        }
    }

    init(text: String, blocks: [JSON]) {
        self.text = Mrkdwn.cutMarkup(text, to: Limits.maxNotificationUnits)
        self.blocks = BlockBudget.fitted(blocks, maxBlocks: Limits.maxMessageBlocks)
    }

    /// What the message says, without blocks: for a workspace that does not take them.
    var words: String {
        let sections = blocks.compactMap { $0.at("text", "text")?.string }
        return Mrkdwn.cutMarkup(sections.joined(separator: "\n"), to: Self.maxWordsCharacters)
    }
}
