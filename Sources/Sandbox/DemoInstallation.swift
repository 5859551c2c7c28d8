/// What the demo's workspace granted when it took the app in: what `slack-manifest.json` asks for, and no more, so that
/// what lacks there fails here, too.
enum DemoInstallation {
    static let clientID = "25259531569.11152291"
    static let userScopes: Set<String> = ["openid", "profile"]
    static let scopes: Set<String> = [
        "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:write",
        "groups:history", "groups:read", "im:history", "usergroups:read",
    ]

    static let events: Set<String> = [
        "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_left", "channel_rename",
        "channel_unarchive", "group_archive", "group_left", "group_rename", "group_unarchive",
        "member_joined_channel", "message.im", "subteam_members_changed", "subteam_updated", "tokens_revoked",
    ]
}
