import Deploys
import JSON
import SQLite

/// User groups as they were read last.
struct UserGroupTable {
    let database: Database

    func all() throws -> [UserGroup] {
        try database.run("SELECT * FROM user_groups").map { row in
            let members = (try? JSON.parse(row.text("members")))?.array ?? []
            return UserGroup(
                id: row.text("id"), members: Set(members.compactMap(\.string)), readAt: row.date("read_at"))
        }
    }

    func put(_ group: UserGroup) throws {
        try database.run(
            """
            INSERT INTO user_groups (id, members, read_at) VALUES (?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET members = excluded.members, read_at = excluded.read_at
            """,
            [
                .text(group.id), .text(JSON.array(group.members.sorted().map { .string($0) }).text),
                .date(group.readAt),
            ])
    }
}

extension SQLiteJournal: UserGroupMemory {
    package func userGroups() async throws(JournalError) -> [UserGroup] {
        try await reader.run { try UserGroupTable(database: $0).all() }
    }

    package func remember(_ group: UserGroup) async throws(JournalError) {
        try await writer.run { try UserGroupTable(database: $0).put(group) }
    }
}
