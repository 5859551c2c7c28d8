import JSON

/// A message of the demo's channel, as Slack's `conversations.history` describes one.
struct ChatMessage: Sendable, Equatable {
    /// Seconds since 1970 with six digits behind the point; unique in the channel, and its name.
    let timestamp: String
    /// The thread's first message; nil outside of threads.
    let threadTimestamp: String?
    /// A member's id, or the bot's.
    let user: String
    var text: String
    var blocks: [JSON]
    var metadata: JSON?
    var isEdited: Bool

    /// What `GET /demo/messages` promises, and what the page shows.
    var json: JSON {
        var json: JSON = [
            "ts": .string(timestamp), "text": .string(text), "blocks": .array(blocks), "user": .string(user),
        ]
        if let threadTimestamp { json["thread_ts"] = .string(threadTimestamp) }
        if isEdited { json["edited"] = true }
        return json
    }

    func json(withMetadata: Bool) -> JSON {
        var json = json
        json["type"] = "message"
        if withMetadata, let metadata { json["metadata"] = metadata }
        return json
    }
}
