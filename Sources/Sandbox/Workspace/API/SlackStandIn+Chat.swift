import JSON

/// docs.slack.dev, "chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral".
extension SlackStandIn {
    func postMessage(_ arguments: SlackArguments) async throws -> JSON {
        let channel = try await place(toPost: try arguments.required("channel"))
        let content = try MessageContent(arguments)
        let thread = try await thread(arguments, in: channel)
        let message = try await workspace.post(
            user: Workspace.botID, in: channel.id, text: content.text ?? "", blocks: content.blocks ?? [],
            metadata: content.metadata == [:] ? nil : content.metadata, thread: thread)
        return [
            "channel": .string(channel.id), "ts": .string(message.timestamp),
            "message": message.json(withMetadata: true),
        ]
    }

    func updateMessage(_ arguments: SlackArguments) async throws -> JSON {
        // Unlike posting, editing takes the channel's id only.
        let channel = try await place(try arguments.required("channel"))
        let old = try await ownMessage(try arguments.required("ts"), in: channel, else: "cant_update_message")
        if channel.isArchived { throw SlackRefusal("is_inactive") }
        if let text = try arguments.string("text"), text.unicodeScalars.count > MessageContent.maxEditedCharacters {
            throw SlackRefusal("msg_too_long")
        }
        let content = try MessageContent(arguments)
        // Blocks that are not mentioned stay only when no text is given in their place.
        let blocks = content.blocks ?? (content.text == nil ? old.blocks : [])
        let edited = try await workspace.edit(
            old.timestamp, in: channel.id, text: content.text ?? old.text, blocks: blocks, metadata: content.metadata)
        return [
            "channel": .string(channel.id), "ts": .string(old.timestamp), "text": .string(edited?.text ?? ""),
            "message": edited?.json(withMetadata: true) ?? [:],
        ]
    }

    func deleteMessage(_ arguments: SlackArguments) async throws -> JSON {
        let channel = try await place(try arguments.required("channel"))
        let old = try await ownMessage(try arguments.required("ts"), in: channel, else: "cant_delete_message")
        try await workspace.delete(old.timestamp, in: channel.id)
        return ["channel": .string(channel.id), "ts": .string(old.timestamp)]
    }

    func postEphemeral(_ arguments: SlackArguments) async throws -> JSON {
        let channel = try await place(toPost: try arguments.required("channel"))
        let user = try arguments.required("user")
        guard channel.members.contains(user) else { throw SlackRefusal("user_not_in_channel") }
        let content = try MessageContent(arguments)
        let ephemeral = await workspace.whisper(
            to: user, in: channel.id, text: content.text ?? "", blocks: content.blocks ?? [],
            thread: try arguments.string("thread_ts"))
        return ["message_ts": .string(ephemeral.timestamp)]
    }

    private func ownMessage(
        _ timestamp: String, in channel: ChatChannel, else error: String
    ) async throws -> ChatMessage {
        guard let message = try await workspace.message(timestamp, in: channel.id) else {
            throw SlackRefusal("message_not_found")
        }
        guard message.user == Workspace.botID else { throw SlackRefusal(error) }
        return message
    }

    /// Where an answer goes: to a message outside of threads; also to one that is deleted, as long as it has answers.
    ///
    /// - Returns: nil when there is no such thread: Slack then puts the message into the channel itself, and only its
    ///   answer, which lacks `thread_ts`, tells.
    func thread(_ arguments: SlackArguments, in channel: ChatChannel) async throws -> String? {
        guard let thread = try arguments.string("thread_ts"), !thread.isEmpty else { return nil }
        guard SlackTimestamp.microseconds(thread) != nil else {
            throw SlackRefusal("invalid_thread_ts", details: ["\(thread) is not a valid thread_ts"])
        }
        if let root = try await workspace.message(thread, in: channel.id) { return root.threadTimestamp ?? thread }
        let answers = try await workspace.replies(to: thread, in: channel.id, Workspace.Range(limit: 1))
        return answers.isEmpty ? nil : thread
    }
}
