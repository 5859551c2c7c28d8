import Foundation

/// Where the bot may answer to one command or press (docs.slack.dev, "Handling user interaction", "Message
/// responses").
struct ResponseURL: Sendable {
    static let maxUses = 5
    static let lifetime: TimeInterval = 30 * 60

    let user: String
    let channel: String
    let thread: String?
    /// What `replace_original` and `delete_original` mean; nil for a slash command.
    let original: SlackPlace?
    let expiry: Date
    var uses = 0
}

/// The right to open a modal for somebody, once and soon.
struct Trigger: Sendable {
    /// docs.slack.dev, "Modals": a `trigger_id` expires in three seconds.
    static let lifetime: TimeInterval = 3

    let user: String
    let expiry: Date
    var isUsed = false
}

/// Where somebody does something.
package enum SlackPlace: Sendable, Equatable {
    case message(channel: String, timestamp: String)
    case ephemeral(timestamp: String)
    case modal(viewID: String)
    case home
}
