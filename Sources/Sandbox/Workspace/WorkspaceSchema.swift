import Foundation
import JSON
import SQLite

/// The workspace's tables, and who and what is in a new one.
enum WorkspaceSchema {
    /// Also opens files of programs that knew one channel only.
    static func bringUp(_ database: Database, at now: Date) throws {
        try database.execute("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS messages (
                ts INTEGER PRIMARY KEY, thread INTEGER, user TEXT NOT NULL, text TEXT NOT NULL,
                blocks TEXT NOT NULL, metadata TEXT, edited INTEGER NOT NULL DEFAULT 0
            );
            CREATE TABLE IF NOT EXISTS members (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, real_name TEXT NOT NULL, is_bot INTEGER NOT NULL,
                is_deactivated INTEGER NOT NULL DEFAULT 0
            );
            CREATE TABLE IF NOT EXISTS user_groups (
                id TEXT PRIMARY KEY, handle TEXT NOT NULL, name TEXT NOT NULL, members TEXT NOT NULL,
                is_disabled INTEGER NOT NULL DEFAULT 0
            );
            CREATE TABLE IF NOT EXISTS channels (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, members TEXT NOT NULL,
                is_archived INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL
            );
            CREATE TABLE IF NOT EXISTS homes (user TEXT PRIMARY KEY, view TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS files (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, uploaded INTEGER NOT NULL DEFAULT 0,
                content BLOB, description TEXT
            );
            """)
        let columns = Set(try database.run("PRAGMA table_info(messages)").map { $0.text("name") })
        for (name, type) in [
            ("channel", "TEXT NOT NULL DEFAULT '\(Workspace.channelID)'"), ("editor", "TEXT"), ("edited_ts", "INTEGER"),
            ("files", "TEXT"),
        ] where !columns.contains(name) {
            try database.execute("ALTER TABLE messages ADD COLUMN \(name) \(type)")
        }
        try database.execute("""
            DROP INDEX IF EXISTS messages_of_thread;
            CREATE INDEX IF NOT EXISTS messages_of_channel ON messages (channel, thread, ts);
            """)
        try database.transaction { try seed(database, at: now) }
    }

    private static func seed(_ database: Database, at now: Date) throws {
        for member in Workspace.firstMembers {
            try database.run(
                "INSERT OR IGNORE INTO members (id, name, real_name, is_bot) VALUES (?, ?, ?, ?)",
                [.text(member.id), .text(member.name), .text(member.realName), .integer(member.isBot ? 1 : 0)])
        }
        for group in Workspace.firstGroups {
            try database.run(
                "INSERT OR IGNORE INTO user_groups (id, handle, name, members) VALUES (?, ?, ?, ?)",
                [.text(group.id), .text(group.handle), .text(group.name), .text(list(group.members))])
        }
        for channel in Workspace.firstChannels(created: Int(now.timeIntervalSince1970)) {
            try database.run(
                "INSERT OR IGNORE INTO channels (id, name, kind, members, created) VALUES (?, ?, ?, ?, ?)",
                [
                    .text(channel.id), .text(channel.name), .text(channel.kind.rawValue), .text(list(channel.members)),
                    .integer(Int64(channel.created)),
                ])
        }
    }

    static func list(_ members: [String]) -> String { JSON.array(members.map(JSON.string)).text }

    static func members(_ text: String) -> [String] {
        ((try? JSON.parse(text))?.array ?? []).compactMap(\.string)
    }
}
