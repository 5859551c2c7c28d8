import JSON

/// A message that one person sees, until they reload (docs.slack.dev, "chat.postEphemeral").
package struct ChatEphemeral: Sendable, Equatable {
    package let timestamp: String
    package let user: String
    package let channel: String
    package let threadTimestamp: String?
    package var text: String
    package var blocks: [JSON]

    package var json: JSON {
        var json: JSON = [
            "ts": .string(timestamp), "user": .string(user), "channel": .string(channel), "text": .string(text),
            "blocks": .array(blocks),
        ]
        if let threadTimestamp { json["thread_ts"] = .string(threadTimestamp) }
        return json
    }
}
