import JSON

/// A message of a channel, as Slack's `conversations.history` describes one.
package struct ChatMessage: Sendable, Equatable {
    /// Who changed a message last, and when.
    package struct Edit: Sendable, Equatable {
        package let user: String
        package let timestamp: String
    }

    /// Seconds since 1970 with six digits behind the point; unique in the channel, and its name.
    package let timestamp: String
    package let channel: String
    /// The thread's first message; nil outside of threads.
    package let threadTimestamp: String?
    /// A member's id, or the bot's.
    package let user: String
    package var text: String
    package var blocks: [JSON]
    package var metadata: JSON?
    package var edit: Edit?
    /// As the files' own objects describe them.
    package var files: [JSON]

    package var isEdited: Bool { edit != nil }

    /// What `GET /demo/messages` promises, and what the page shows.
    package var json: JSON {
        var json: JSON = [
            "ts": .string(timestamp), "text": .string(text), "blocks": .array(blocks), "user": .string(user),
            "channel": .string(channel),
        ]
        if let threadTimestamp { json["thread_ts"] = .string(threadTimestamp) }
        if let edit { json["edited"] = ["user": .string(edit.user), "ts": .string(edit.timestamp)] }
        if !files.isEmpty { json["files"] = .array(files) }
        return json
    }

    /// As Slack hands it to apps. An answer to a post or in a list has no `channel` inside.
    package func json(withMetadata: Bool) -> JSON {
        var json = json
        json["channel"] = nil
        json["type"] = "message"
        json["team"] = .string(Workspace.teamID)
        if user == Workspace.botID {
            json["bot_id"] = .string(Workspace.botProfileID)
            json["app_id"] = .string(Workspace.appID)
        }
        if withMetadata, let metadata { json["metadata"] = metadata }
        return json
    }
}
