import JSON

/// docs.slack.dev, "conversations.history", "conversations.replies".
extension SlackStandIn {
    static let maxHistory = 999

    /// Newest first; each page goes on behind the oldest message of the one before.
    func history(_ arguments: SlackArguments) async throws -> JSON {
        let channel = try await readablePlace(try arguments.required("channel"))
        var range = try range(arguments)
        if let cursor = try SlackCursor.read(arguments, kind: "next_ts") {
            guard let last = SlackTimestamp.microseconds(cursor) else { throw SlackRefusal("invalid_cursor") }
            // The cursor names the first message of its page.
            range.latest = last + (range.isInclusive ? 0 : 1)
        }
        let limit = range.limit
        range.limit += 1
        let found = try await workspace.history(of: channel.id, range)
        var answer = try await listing(Array(found.prefix(limit)), arguments)
        if found.count > limit { answer = continued(answer, at: found[limit].timestamp) }
        answer["pin_count"] = 0
        return answer
    }

    /// Oldest first. The thread's first message heads the first page, whatever `oldest` and `latest` say.
    func replies(_ arguments: SlackArguments) async throws -> JSON {
        let channel = try await readablePlace(try arguments.required("channel"))
        let timestamp = try arguments.required("ts")
        var range = try range(arguments)
        let cursor = try SlackCursor.read(arguments, kind: "next_ts")
        if let cursor {
            guard let first = SlackTimestamp.microseconds(cursor) else { throw SlackRefusal("invalid_cursor") }
            range.oldest = first - (range.isInclusive ? 0 : 1)
        }
        let root = try await workspace.message(timestamp, in: channel.id)
        let limit = range.limit
        range.limit += 1
        let answers = try await workspace.replies(to: timestamp, in: channel.id, range)
        guard root != nil || !answers.isEmpty else { throw SlackRefusal("thread_not_found") }
        let found = (cursor == nil ? [root].compactMap { $0 } : []) + answers
        let answer = try await listing(Array(found.prefix(limit)), arguments)
        return found.count > limit ? continued(answer, at: found[limit].timestamp) : answer
    }

    private func range(_ arguments: SlackArguments) throws -> Workspace.Range {
        var range = Workspace.Range(limit: try limit(arguments, most: Self.maxHistory))
        range.oldest = try bound(arguments, "oldest")
        range.latest = try bound(arguments, "latest")
        range.isInclusive = try arguments.flag("inclusive") ?? false
        return range
    }

    private func bound(_ arguments: SlackArguments, _ name: String) throws -> Int64? {
        guard let text = try arguments.time(name), !text.isEmpty, text != "0" else { return nil }
        guard let bound = SlackTimestamp.bound(text) else { throw SlackRefusal("invalid_ts_\(name)") }
        return bound
    }

    private func continued(_ answer: JSON, at timestamp: String) -> JSON {
        var answer = answer
        answer["has_more"] = true
        answer["response_metadata"] = ["next_cursor": .string(SlackCursor("next_ts", timestamp).text)]
        return answer
    }

    private func listing(_ messages: [ChatMessage], _ arguments: SlackArguments) async throws -> JSON {
        let withMetadata = try arguments.flag("include_all_metadata") ?? false
        var list: [JSON] = []
        for message in messages {
            var json = message.json(withMetadata: withMetadata)
            if message.threadTimestamp == nil { try await describeThread(of: message, &json) }
            list.append(json)
        }
        return ["messages": .array(list), "has_more": false]
    }

    /// What a thread's first message says about its answers.
    private func describeThread(of message: ChatMessage, _ json: inout JSON) async throws {
        guard let thread = try await workspace.threadSummary(of: message) else { return }
        json["thread_ts"] = .string(message.timestamp)
        json["reply_count"] = .int(thread.count)
        json["reply_users"] = .array(thread.users.map(JSON.string))
        json["reply_users_count"] = .int(thread.users.count)
        json["latest_reply"] = .string(thread.latest)
        json["is_locked"] = false
        json["subscribed"] = false
    }
}
