import JSON

/// A message of a person to the bot, as an event tells it (docs.slack.dev, "app_mention event", "message.im event").
struct IncomingMessage: Sendable, Hashable {
    let user: String
    let channel: String
    let text: String
    /// Of the thread that it stands in.
    let thread: String?
    let isDirect: Bool

    /// Ways to write that are no other event: words sent to the channel from a thread, or with a file.
    private static let ownSubtypes: Set = ["thread_broadcast", "file_share"]

    /// Nil for what is no message of a person: of bots, ourselves included, edits, joins, deletions.
    init?(event: JSON, botUserID: String?) {
        switch event["type"]?.string {
        case "app_mention": isDirect = event["channel_type"] == "im"
        // Of other channels we are told nothing that is meant for us.
        case "message" where event["channel_type"] == "im" || event["channel_type"] == "app_home": isDirect = true
        default: return nil
        }
        guard event["bot_id"]?.string == nil, event["edited"] == nil, event["hidden"] != true,
            event["subtype"]?.string.map(Self.ownSubtypes.contains) ?? true,
            let user = event["user"]?.string, !user.isEmpty, user != botUserID,
            let channel = event["channel"]?.string, !channel.isEmpty
        else { return nil }
        self.user = user
        self.channel = channel
        text = event["text"]?.string ?? ""
        thread = event["thread_ts"]?.string
    }

    /// In a channel, nobody but the person needs to read the answer.
    var reply: Reply {
        guard !isDirect else { return Reply(person: user, ways: [.message(channel: channel, thread: thread)]) }
        return Reply(
            person: user, ways: [.ephemeral(channel: channel, thread: thread), .message(channel: user, thread: nil)])
    }
}
