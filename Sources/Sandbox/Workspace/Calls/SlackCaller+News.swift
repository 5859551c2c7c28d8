import JSON

/// What happens to the app and to the workspace (docs.slack.dev, "tokens_revoked", "app_uninstalled",
/// "subteam_updated", "subteam_members_changed").
extension SlackCaller {
    /// The app's token ends, and the app hears of it.
    @discardableResult
    package func revokeToken() async -> EventDelivery? {
        grant?.end(with: "token_revoked")
        return await tellIfHeard([
            "type": "tokens_revoked", "tokens": ["oauth": [], "bot": [.string(Workspace.botID)]],
            "event_ts": .string(timestamp()),
        ])
    }

    /// Somebody takes the app out of the workspace.
    @discardableResult
    package func uninstall() async -> EventDelivery? {
        grant?.end(with: "account_inactive")
        return await tellIfHeard(["type": "app_uninstalled", "event_ts": .string(timestamp())])
    }

    /// A user group gets another name, or other people, or is switched off.
    /// - Returns: one delivery for each event.
    @discardableResult
    package func change(_ group: ChatGroup) async throws -> [EventDelivery] {
        let old = try await workspace.groups().first { $0.id == group.id }
        try await workspace.put(group)
        let added = group.members.filter { !(old?.members.contains($0) ?? false) }
        let removed = (old?.members ?? []).filter { !group.members.contains($0) }
        var events: [JSON] = [
            ["type": "subteam_updated", "subteam": group.json(includingUsers: true, includingCount: true)]
        ]
        if !added.isEmpty || !removed.isEmpty {
            events.append([
                "type": "subteam_members_changed", "subteam_id": .string(group.id),
                "team_id": .string(Workspace.teamID), "date_previous_update": 0, "date_update": 0,
                "added_users": .array(added.map(JSON.string)), "added_users_count": .int(added.count),
                "removed_users": .array(removed.map(JSON.string)), "removed_users_count": .int(removed.count),
            ])
        }
        var deliveries: [EventDelivery] = []
        for event in events {
            var event = event
            event["event_ts"] = .string(timestamp())
            if let delivery = await tellIfHeard(event) { deliveries.append(delivery) }
        }
        return deliveries
    }

    /// Tells the bot of what it writes in direct channels itself, as Slack does, until the task is cancelled.
    /// - Parameter changes: the workspace's.
    package func echoDirectMessages(among changes: AsyncStream<Workspace.Event>) async {
        for await event in changes {
            guard case .message(let message) = event, message.user == Workspace.botID,
                message.channel.hasPrefix("D")
            else { continue }
            // One that is told again for minutes holds up no other.
            Task { await tellDirect(message, subtype: message.isEdited ? "message_changed" : nil) }
        }
    }
}
