import JSON

/// A user group: people who are mentioned together (docs.slack.dev, "Usergroup object").
package struct ChatGroup: Sendable, Equatable {
    /// `S…`
    package let id: String
    /// Without `@`.
    package var handle: String
    package var name: String
    /// Ids.
    package var members: [String]
    package var isDisabled = false

    func json(includingUsers: Bool, includingCount: Bool) -> JSON {
        var json: JSON = [
            "id": .string(id), "team_id": .string(Workspace.teamID), "is_usergroup": true, "name": .string(name),
            "handle": .string(handle), "description": "", "is_external": false, "date_create": 0, "date_update": 0,
            "date_delete": .int(isDisabled ? 1 : 0), "auto_type": .null,
        ]
        if includingUsers { json["users"] = .array(members.map(JSON.string)) }
        if includingCount { json["user_count"] = .int(members.count) }
        return json
    }
}
