import JSON
import SQLite

/// Channels and who is in them. `SlackCaller` also tells the bot about such changes.
extension Workspace {
    /// In the order of their ids; archived ones and direct ones included.
    package func channels() throws -> [ChatChannel] {
        try database.run("SELECT * FROM channels ORDER BY id").map(Self.channel)
    }

    package func channel(_ id: String) throws -> ChatChannel? {
        try database.run("SELECT * FROM channels WHERE id = ?", [.text(id)]).first.map(Self.channel)
    }

    /// - Parameter name: without `#`.
    package func channel(named name: String) throws -> ChatChannel? {
        try database.run("SELECT * FROM channels WHERE name = ? AND kind != 'direct'", [.text(name)]).first
            .map(Self.channel)
    }

    /// Adds a channel, or changes one.
    package func put(_ channel: ChatChannel) throws {
        try database.run(
            "INSERT OR REPLACE INTO channels (id, name, kind, members, is_archived, created) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(channel.id), .text(channel.name), .text(channel.kind.rawValue),
                .text(WorkspaceSchema.list(channel.members)), .integer(channel.isArchived ? 1 : 0),
                .integer(Int64(channel.created)),
            ])
        announce(.channel(channel))
    }

    package func makeChannel(_ name: String, kind: ChatChannel.Kind, members: [String]) throws -> ChatChannel {
        let channel = ChatChannel(
            id: freshID("C"), name: name, kind: kind, members: members, created: Int(now().timeIntervalSince1970))
        try put(channel)
        return channel
    }

    /// - Returns: the channel as it is then; nil when there is no such channel.
    @discardableResult
    package func change(_ id: String, _ change: @Sendable (inout ChatChannel) -> Void) throws -> ChatChannel? {
        guard var channel = try channel(id) else { return nil }
        change(&channel)
        try put(channel)
        return channel
    }

    @discardableResult
    package func rename(_ id: String, to name: String) throws -> ChatChannel? {
        try change(id) { $0.name = name }
    }

    /// Archiving throws bots out; bringing a channel back does not bring them back.
    @discardableResult
    package func setArchived(_ id: String, _ isArchived: Bool) throws -> ChatChannel? {
        try change(id) { channel in
            channel.isArchived = isArchived
            if isArchived { channel.members.removeAll { $0 == Self.botID } }
        }
    }

    @discardableResult
    package func invite(_ member: String, to id: String) throws -> ChatChannel? {
        try change(id) { if !$0.members.contains(member) { $0.members.append(member) } }
    }

    @discardableResult
    package func remove(_ member: String, from id: String) throws -> ChatChannel? {
        try change(id) { $0.members.removeAll { $0 == member } }
    }

    private static func channel(_ row: SQLiteRow) -> ChatChannel {
        ChatChannel(
            id: row.text("id"), name: row.text("name"), kind: ChatChannel.Kind(rawValue: row.text("kind")) ?? .open,
            members: WorkspaceSchema.members(row.text("members")), isArchived: row.integer("is_archived") == 1,
            created: Int(row.integer("created")))
    }
}
