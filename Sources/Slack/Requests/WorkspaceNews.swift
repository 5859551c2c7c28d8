import JSON

/// What the workspace tells about itself, and what decides whether messages arrive.
package enum WorkspaceNews: Hashable, Sendable {
    /// - `name`: without the `#`.
    case renamed(channel: String, name: String)
    case archived(channel: String)
    case unarchived(channel: String)
    /// The bot was added to a channel.
    case joined(channel: String)
    /// Somebody came into a user group or left it, or the group was disabled.
    case groupChanged(String)
    /// The bot was taken out of a channel.
    case left(channel: String)
    /// The bot's token holds no more: revoked, or the whole app was removed.
    case tokenGone

    /// Every event of this kind (docs.slack.dev, "Events").
    static let eventTypes: Set = [
        "channel_rename", "channel_archive", "channel_unarchive", "group_rename", "group_archive", "group_unarchive",
        "channel_left", "group_left", "member_joined_channel", "tokens_revoked", "app_uninstalled",
        "subteam_members_changed", "subteam_updated",
    ]

    /// Nil for what is no news of ours.
    init?(event: JSON, botUserID: String?) {
        let channel = event["channel"]?.string
        switch event["type"]?.string {
        case "channel_rename", "group_rename":
            guard let id = event.at("channel", "id")?.string, let name = event.at("channel", "name")?.string else {
                return nil
            }
            self = .renamed(channel: id, name: name)
        case "channel_archive", "group_archive":
            guard let channel else { return nil }
            self = .archived(channel: channel)
        case "channel_unarchive", "group_unarchive":
            guard let channel else { return nil }
            self = .unarchived(channel: channel)
        case "channel_left", "group_left":
            guard let channel else { return nil }
            self = .left(channel: channel)
        case "member_joined_channel":
            guard let channel, let botUserID, event["user"]?.string == botUserID else { return nil }
            self = .joined(channel: channel)
        case "subteam_members_changed":
            guard let id = event["subteam_id"]?.string else { return nil }
            self = .groupChanged(id)
        case "subteam_updated":
            guard let id = event.at("subteam", "id")?.string else { return nil }
            self = .groupChanged(id)
        case "tokens_revoked":
            guard event.at("tokens", "bot")?.array?.isEmpty == false else { return nil }
            self = .tokenGone
        case "app_uninstalled": self = .tokenGone
        default: return nil
        }
    }
}
