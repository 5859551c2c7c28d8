import JSON
import SQLite

/// Who is here, and which groups they are in.
extension Workspace {
    /// In the order of their ids, the bot included.
    package func members() throws -> [ChatMember] {
        try database.run("SELECT * FROM members ORDER BY id").map { row in
            ChatMember(
                id: row.text("id"), name: row.text("name"), realName: row.text("real_name"),
                isBot: row.integer("is_bot") == 1, isDeactivated: row.integer("is_deactivated") == 1)
        }
    }

    package func member(_ id: String) throws -> ChatMember? { try members().first { $0.id == id } }

    /// Adds somebody, with a direct channel; or changes their name, or whether they are still there.
    package func put(_ member: ChatMember) throws {
        try database.run(
            """
            INSERT INTO members (id, name, real_name, is_bot, is_deactivated) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, real_name = excluded.real_name,
                is_deactivated = excluded.is_deactivated
            """,
            [
                .text(member.id), .text(member.name), .text(member.realName), .integer(member.isBot ? 1 : 0),
                .integer(member.isDeactivated ? 1 : 0),
            ])
        let direct = Self.directID(of: member.id)
        if !member.isBot, try channel(direct) == nil {
            try put(ChatChannel(
                id: direct, name: "", kind: .direct, members: [member.id, Self.botID],
                created: Int(now().timeIntervalSince1970)))
        }
    }

    /// In the order of their ids, disabled ones included.
    package func groups() throws -> [ChatGroup] {
        try database.run("SELECT * FROM user_groups ORDER BY id").map { row in
            ChatGroup(
                id: row.text("id"), handle: row.text("handle"), name: row.text("name"),
                members: WorkspaceSchema.members(row.text("members")), isDisabled: row.integer("is_disabled") == 1)
        }
    }

    package func put(_ group: ChatGroup) throws {
        try database.run(
            "INSERT OR REPLACE INTO user_groups (id, handle, name, members, is_disabled) VALUES (?, ?, ?, ?, ?)",
            [
                .text(group.id), .text(group.handle), .text(group.name), .text(WorkspaceSchema.list(group.members)),
                .integer(group.isDisabled ? 1 : 0),
            ])
    }
}
