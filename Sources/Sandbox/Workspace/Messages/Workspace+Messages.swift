import JSON
import SQLite

/// What was said, and where.
extension Workspace {
    /// A stretch of a channel or thread.
    package struct Range: Sendable {
        /// Microseconds since 1970; nil is open.
        package var oldest: Int64?
        package var latest: Int64?
        /// Whether the bounds themselves are meant, too.
        package var isInclusive = false
        package var limit: Int

        package init(oldest: Int64? = nil, latest: Int64? = nil, isInclusive: Bool = false, limit: Int) {
            self.oldest = oldest
            self.latest = latest
            self.isInclusive = isInclusive
            self.limit = limit
        }

        var first: Int64 { (oldest ?? -1) + (isInclusive || oldest == nil ? 0 : 1) }
        var last: Int64 { (latest ?? .max) - (isInclusive || latest == nil ? 0 : 1) }
    }

    /// Adds a message and gives it the next free timestamp.
    package func post(
        user: String, in channel: String = Workspace.channelID, text: String, blocks: [JSON] = [],
        metadata: JSON? = nil, thread: String? = nil, files: [JSON] = []
    ) throws -> ChatMessage {
        let key = nextMicroseconds()
        let message = ChatMessage(
            timestamp: SlackTimestamp.text(key), channel: channel, threadTimestamp: thread, user: user, text: text,
            blocks: BlockIDs.filled(blocks), metadata: metadata, edit: nil, files: files)
        try database.run(
            """
            INSERT INTO messages (ts, channel, thread, user, text, blocks, metadata, files)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(key), .text(channel),
                thread.flatMap(SlackTimestamp.microseconds).map { .integer($0) } ?? .null,
                .text(user), .text(text), .text(JSON.array(message.blocks).text),
                metadata.map { .text($0.text) } ?? .null, .text(JSON.array(files).text),
            ])
        announce(.message(message))
        return message
    }

    /// - Parameter metadata: nil keeps what the message has; an empty object takes it away.
    /// - Returns: nil when there is no such message.
    package func edit(
        _ timestamp: String, in channel: String = Workspace.channelID, text: String, blocks: [JSON],
        metadata: JSON? = nil, by user: String = Workspace.botID
    ) throws -> ChatMessage? {
        guard var message = try message(timestamp, in: channel) else { return nil }
        message.text = text
        message.blocks = BlockIDs.filled(blocks)
        if let metadata { message.metadata = metadata == [:] ? nil : metadata }
        message.edit = ChatMessage.Edit(user: user, timestamp: SlackTimestamp.text(nextMicroseconds()))
        try database.run(
            """
            UPDATE messages SET text = ?, blocks = ?, metadata = ?, edited = ?, editor = ?, edited_ts = ?
            WHERE ts = ? AND channel = ?
            """,
            [
                .text(text), .text(JSON.array(message.blocks).text), message.metadata.map { .text($0.text) } ?? .null,
                .integer(message.isEdited ? 1 : 0), message.edit.map { .text($0.user) } ?? .null,
                message.edit.flatMap { SlackTimestamp.microseconds($0.timestamp) }.map { .integer($0) } ?? .null,
                .integer(SlackTimestamp.microseconds(timestamp) ?? 0), .text(channel),
            ])
        announce(.message(message))
        return message
    }

    /// - Returns: false when there is no such message. Answers in its thread stay, as Slack keeps them.
    @discardableResult
    package func delete(_ timestamp: String, in channel: String = Workspace.channelID) throws -> Bool {
        guard try message(timestamp, in: channel) != nil else { return false }
        try database.run(
            "DELETE FROM messages WHERE ts = ? AND channel = ?",
            [.integer(SlackTimestamp.microseconds(timestamp) ?? 0), .text(channel)])
        announce(.deleted(channel: channel, timestamp: timestamp))
        return true
    }

    package func message(_ timestamp: String, in channel: String = Workspace.channelID) throws -> ChatMessage? {
        guard let key = SlackTimestamp.microseconds(timestamp) else { return nil }
        return try database.run(
            "SELECT * FROM messages WHERE ts = ? AND channel = ?", [.integer(key), .text(channel)]
        ).first.map(Self.message)
    }

    /// A channel's messages outside of threads, newest first, as Slack lists them.
    package func history(of channel: String = Workspace.channelID, _ range: Range) throws -> [ChatMessage] {
        try database.run(
            """
            SELECT * FROM messages WHERE channel = ? AND thread IS NULL AND ts BETWEEN ? AND ?
            ORDER BY ts DESC LIMIT ?
            """,
            [.text(channel), .integer(range.first), .integer(range.last), .integer(Int64(range.limit))]
        ).map(Self.message)
    }

    /// The answers of a thread, oldest first, without its first message.
    package func replies(
        to timestamp: String, in channel: String = Workspace.channelID, _ range: Range
    ) throws -> [ChatMessage] {
        guard let key = SlackTimestamp.microseconds(timestamp) else { return [] }
        return try database.run(
            "SELECT * FROM messages WHERE channel = ? AND thread = ? AND ts BETWEEN ? AND ? ORDER BY ts LIMIT ?",
            [.text(channel), .integer(key), .integer(range.first), .integer(range.last), .integer(Int64(range.limit))]
        ).map(Self.message)
    }

    /// How many answers a message has, from whom, and the newest one's timestamp; nil when it has none.
    func threadSummary(of message: ChatMessage) throws -> (count: Int, users: [String], latest: String)? {
        let rows = try database.run(
            """
            SELECT user, count(*) AS answers, max(ts) AS latest FROM messages WHERE channel = ? AND thread = ?
            GROUP BY user ORDER BY user
            """,
            [.text(message.channel), .integer(SlackTimestamp.microseconds(message.timestamp) ?? 0)])
        guard let latest = rows.map({ $0.integer("latest") }).max() else { return nil }
        let count = rows.reduce(0) { $0 + Int($1.integer("answers")) }
        return (count, rows.map { $0.text("user") }, SlackTimestamp.text(latest))
    }

    /// The newest messages of a channel and its threads, oldest first.
    package func shown(in channel: String = Workspace.channelID) throws -> [ChatMessage] {
        try database.run(
            "SELECT * FROM messages WHERE channel = ? ORDER BY ts DESC LIMIT ?",
            [.text(channel), .integer(Int64(Self.maxShownMessages))]
        ).map(Self.message).reversed()
    }

    private static func message(_ row: SQLiteRow) -> ChatMessage {
        let isEdited = row.integer("edited") == 1
        return ChatMessage(
            timestamp: SlackTimestamp.text(row.integer("ts")), channel: row.text("channel"),
            threadTimestamp: row.optionalInteger("thread").map(SlackTimestamp.text), user: row.text("user"),
            text: row.text("text"), blocks: list(row.text("blocks")),
            metadata: row.optionalText("metadata").flatMap { try? JSON.parse($0) },
            edit: isEdited
                ? ChatMessage.Edit(
                    user: row.optionalText("editor") ?? row.text("user"),
                    timestamp: SlackTimestamp.text(row.optionalInteger("edited_ts") ?? row.integer("ts")))
                : nil,
            files: list(row.optionalText("files") ?? "[]"))
    }

    private static func list(_ text: String) -> [JSON] { (try? JSON.parse(text))?.array ?? [] }
}
