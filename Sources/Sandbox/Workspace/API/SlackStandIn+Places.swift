/// Which channels the bot sees, and where it may write.
extension SlackStandIn {
    /// - Throws: `channel_not_found`, also for a private channel that the bot is not in: it must not learn that
    ///   there is one.
    func place(_ id: String) async throws -> ChatChannel {
        guard let channel = try await workspace.channel(id), channel.kind == .open || channel.hasBot else {
            throw SlackRefusal("channel_not_found")
        }
        return channel
    }

    /// - Parameter name: an id, a name with or without `#`, or a person's id, which means the direct channel.
    func place(toPost name: String) async throws -> ChatChannel {
        let channel: ChatChannel
        if let known = try await workspace.channel(name) {
            channel = try await place(known.id)
        } else if try await workspace.member(name) != nil {
            channel = try await place(Workspace.directID(of: name))
        } else if let named = try await workspace.channel(named: String(name.trimmingPrefix("#"))) {
            channel = try await place(named.id)
        } else {
            throw SlackRefusal("channel_not_found")
        }
        if channel.isArchived { throw SlackRefusal("is_archived") }
        let isMember = channel.hasBot || grant.scopes.contains("chat:write.public")
        guard isMember else { throw SlackRefusal("not_in_channel") }
        return channel
    }

    /// A channel whose messages the bot may read.
    func readablePlace(_ id: String) async throws -> ChatChannel {
        let channel = try await place(id)
        try grant.require(Self.scope("history", channel.kind))
        guard channel.hasBot else { throw SlackRefusal("not_in_channel") }
        return channel
    }

    /// `channels:read`, `groups:history`, …
    static func scope(_ verb: String, _ kind: ChatChannel.Kind) -> String {
        switch kind {
        case .open: "channels:\(verb)"
        case .closed: "groups:\(verb)"
        case .direct: "im:\(verb)"
        }
    }
}
