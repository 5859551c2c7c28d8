import Foundation
import JSON

/// docs.slack.dev, "The Events API".
extension SlackCaller {
    /// Somebody writes a message. The bot is told when it is mentioned where it is, or when it is written to directly.
    @discardableResult
    package func say(
        _ text: String, by member: String = Workspace.memberID, in channel: String = Workspace.channelID,
        thread: String? = nil
    ) async throws -> (message: ChatMessage, delivery: EventDelivery?) {
        _ = try await name(of: member)
        let message = try await workspace.post(user: member, in: channel, text: text, thread: thread)
        guard let place = try await workspace.channel(channel), place.hasBot else { return (message, nil) }
        var event = message.json
        event["team"] = .string(Workspace.teamID)
        event["event_ts"] = .string(message.timestamp)
        if place.kind == .direct {
            event["type"] = "message"
            event["channel_type"] = "im"
        } else if text.contains("<@\(Workspace.botID)>") {
            event["type"] = "app_mention"
        } else {
            return (message, nil)
        }
        return (message, await tellIfHeard(event))
    }

    /// Tells the bot of a message in a direct channel: Slack tells of the bot's own ones, too, and of later changes.
    /// - Parameter subtype: `message_changed` or `message_deleted`; nil for a new message.
    @discardableResult
    package func tellDirect(_ message: ChatMessage, subtype: String? = nil) async -> EventDelivery? {
        var event = message.json(withMetadata: false)
        if let subtype {
            event = [
                "type": "message", "subtype": .string(subtype), "hidden": true,
                subtype == "message_deleted" ? "previous_message" : "message": event,
                "ts": .string(timestamp()),
            ]
        }
        event["channel"] = .string(message.channel)
        event["channel_type"] = "im"
        event["event_ts"] = event["ts"]
        return await tellIfHeard(event)
    }

    @discardableResult
    package func openHome(
        by member: String = Workspace.memberID, tab: String = "home"
    ) async throws -> EventDelivery? {
        var event: JSON = [
            "type": "app_home_opened", "user": .string(member), "tab": .string(tab),
            "channel": .string(Workspace.directID(of: member)), "event_ts": .string(timestamp()),
        ]
        if tab == "home", let view = try await workspace.home(of: member) { event["view"] = view.json }
        return await tellIfHeard(event)
    }

    @discardableResult
    package func rename(_ channel: String, to name: String) async throws -> EventDelivery? {
        let hadBot = try await workspace.channel(channel)?.hasBot ?? false
        let changed = try await workspace.rename(channel, to: name)
        return await tell("rename", changed, hadBot: hadBot) {
            [
                "id": .string($0.id), "name": .string($0.name), "name_normalized": .string($0.name),
                "created": .int($0.created),
            ]
        }
    }

    @discardableResult
    package func setArchived(
        _ channel: String, _ isArchived: Bool, by member: String = Workspace.memberID
    ) async throws -> EventDelivery? {
        // Archiving throws the bot out.
        let hadBot = try await workspace.channel(channel)?.hasBot ?? false
        let changed = try await workspace.setArchived(channel, isArchived)
        return await tell(isArchived ? "archive" : "unarchive", changed, hadBot: hadBot, user: member) {
            .string($0.id)
        }
    }

    /// Takes the bot out of a channel.
    @discardableResult
    package func removeBot(
        from channel: String, by member: String = Workspace.memberID
    ) async throws -> EventDelivery? {
        guard let changed = try await workspace.remove(Workspace.botID, from: channel) else { return nil }
        return await tellIfHeard([
            "type": changed.kind == .closed ? "group_left" : "channel_left", "channel": .string(channel),
            "actor_id": .string(member), "event_ts": .string(timestamp()),
        ])
    }

    @discardableResult
    package func inviteBot(
        to channel: String, by member: String = Workspace.memberID
    ) async throws -> EventDelivery? {
        guard let changed = try await workspace.invite(Workspace.botID, to: channel) else { return nil }
        return await tellIfHeard([
            "type": "member_joined_channel", "user": .string(Workspace.botID), "channel": .string(channel),
            "channel_type": changed.kind == .closed ? "G" : "C", "team": .string(Workspace.teamID),
            "inviter": .string(member), "event_ts": .string(timestamp()),
        ])
    }

    /// The first request that an events URL gets; the bot's answer shall be the challenge.
    package func verifyURL(challenge: String) async -> BotAnswer {
        await post(
            "/slack/events", "application/json",
            JSON.object(["token": "unused", "challenge": .string(challenge), "type": "url_verification"]).bytes)
    }

    /// More than 30,000 events an hour: Slack says so, and drops the rest of the minute's.
    package func tellRateLimit() async -> BotAnswer {
        let minute = Int(now().timeIntervalSince1970) / 60 * 60
        return await post(
            "/slack/events", "application/json",
            JSON.object([
                "token": "unused", "type": "app_rate_limited", "team_id": .string(Workspace.teamID),
                "minute_rate_limited": .int(minute), "api_app_id": .string(Workspace.appID),
            ]).bytes)
    }

    /// Events of public channels and of private ones have different names; a bot hears of private ones only where it
    /// is.
    private func tell(
        _ verb: String, _ channel: ChatChannel?, hadBot: Bool, user: String? = nil,
        describing: (ChatChannel) -> JSON
    ) async -> EventDelivery? {
        guard let channel, channel.kind == .open || (channel.kind == .closed && hadBot) else { return nil }
        var event: JSON = [
            "type": .string("\(channel.kind == .closed ? "group" : "channel")_\(verb)"),
            "channel": describing(channel), "event_ts": .string(timestamp()),
        ]
        if let user { event["user"] = .string(user) }
        return await tellIfHeard(event)
    }

    func tellIfHeard(_ event: JSON) async -> EventDelivery? {
        if let subscriptions, !subscriptions.contains(EventSubscription.name(of: event)) { return nil }
        if let scope = EventSubscription.scope(of: event), let grant, !grant.scopes.contains(scope) { return nil }
        return await tell(event)
    }

    func timestamp() -> String { SlackTimestamp.text(Int64(now().timeIntervalSince1970 * 1_000_000)) }
}
