import JSON

/// Which events an app hears of: those that it asked for and has the right to (docs.slack.dev, "Events").
enum EventSubscription {
    /// What a manifest calls the event; direct messages and others share a `type`.
    static func name(of event: JSON) -> String {
        let type = event["type"]?.string ?? ""
        return type == "message" ? "message.\(event["channel_type"]?.string ?? "channels")" : type
    }

    /// Nil when none is needed.
    static func scope(of event: JSON) -> String? {
        let name = name(of: event)
        switch name {
        case "app_mention": return "app_mentions:read"
        case "message.im": return "im:history"
        case "app_home_opened", "tokens_revoked", "app_uninstalled": return nil
        case "subteam_updated", "subteam_members_changed": return "usergroups:read"
        case "member_joined_channel": return event["channel_type"] == "G" ? "groups:read" : "channels:read"
        default: return name.hasPrefix("group_") ? "groups:read" : name.hasPrefix("channel_") ? "channels:read" : nil
        }
    }
}
