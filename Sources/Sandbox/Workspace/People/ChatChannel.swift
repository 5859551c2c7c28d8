import JSON

/// A place where messages are: docs.slack.dev, "Conversation object".
package struct ChatChannel: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case open, closed, direct
    }

    /// `C…`; `D…` for a direct one.
    package let id: String
    /// Without `#`; empty for a direct one.
    package var name: String
    package let kind: Kind
    /// Ids of people and bots. A direct one has the bot and one person.
    package var members: [String]
    package var isArchived = false
    /// Seconds since 1970.
    package let created: Int

    package var hasBot: Bool { members.contains(Workspace.botID) }
    /// The person of a direct channel.
    package var peer: String? { kind == .direct ? members.first { $0 != Workspace.botID } : nil }

    /// What `types` of `conversations.list` calls it.
    var type: String {
        switch kind {
        case .open: "public_channel"
        case .closed: "private_channel"
        case .direct: "im"
        }
    }

    /// As the bot reads about it.
    package var json: JSON {
        var json: JSON = [
            "id": .string(id), "is_im": .bool(kind == .direct), "is_mpim": false, "created": .int(created),
            "is_archived": .bool(isArchived), "is_org_shared": false,
            "context_team_id": .string(Workspace.teamID), "updated": .int(created * 1_000),
        ]
        if kind == .direct {
            json["user"] = .string(peer ?? "")
            json["is_user_deleted"] = false
            return json
        }
        let isPrivate = kind == .closed
        let none: JSON = ["value": "", "creator": "", "last_set": 0]
        for (key, value) in [
            "name": .string(name), "name_normalized": .string(name), "is_channel": .bool(!isPrivate),
            "is_group": false, "is_private": .bool(isPrivate), "is_general": .bool(id == Workspace.generalID),
            "is_member": .bool(hasBot), "is_shared": false, "is_ext_shared": false, "unlinked": 0,
            "creator": .string(Workspace.memberID), "topic": none, "purpose": none, "previous_names": [],
            "num_members": .int(members.count),
        ] as [String: JSON] { json[key] = value }
        return json
    }
}
