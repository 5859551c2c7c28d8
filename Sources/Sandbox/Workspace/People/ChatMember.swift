import JSON

/// A person of the workspace, or the bot's user.
package struct ChatMember: Sendable, Equatable {
    /// `U…`, as Slack's ids look.
    package let id: String
    /// The handle, without `@`.
    package var name: String
    package var realName: String
    package var isBot = false
    /// Somebody who left: Slack keeps the user and sets `deleted`.
    package var isDeactivated = false

    /// docs.slack.dev, "User object".
    package var json: JSON {
        [
            "id": .string(id), "team_id": .string(Workspace.teamID), "name": .string(name),
            "deleted": .bool(isDeactivated), "real_name": .string(realName), "tz": "Europe/Oslo", "tz_offset": 3_600,
            "profile": [
                "real_name": .string(realName), "display_name": .string(name), "team": .string(Workspace.teamID),
            ],
            "is_bot": .bool(isBot), "is_app_user": false, "is_admin": false, "is_owner": false,
            "is_restricted": false, "is_ultra_restricted": false, "updated": 0,
        ]
    }
}
