import Foundation
import JSON
import SQLite

/// The demo's chat workspace: one channel, kept on disk, with a feed of its changes.
actor Workspace {
    enum Event: Sendable {
        /// A new message, or one that was edited.
        case message(ChatMessage)
        /// Something only the page's member sees, and only now.
        case onlyForMember(String)
    }

    static let channelID = "C0ITERAPP1"
    static let channelName = "iterapp-logs"
    static let botID = "U0ITERAPP1"
    /// Whoever sits in front of the page.
    static let memberID = "U0YOU00001"
    static let memberName = "you"
    /// The page shows the newest ones.
    static let maxShownMessages = 500

    private let executor: BlockingExecutor
    private let database: Database
    private let now: @Sendable () -> Date
    private var lastMicroseconds: Int64
    private var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
    private var nextListener = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(path: String, now: @escaping @Sendable () -> Date) throws {
        executor = BlockingExecutor(label: "demo.workspace")
        database = try Database(path: path)
        self.now = now
        try database.execute("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS messages (
                ts INTEGER PRIMARY KEY, thread INTEGER, user TEXT NOT NULL, text TEXT NOT NULL,
                blocks TEXT NOT NULL, metadata TEXT, edited INTEGER NOT NULL DEFAULT 0
            );
            CREATE INDEX IF NOT EXISTS messages_of_thread ON messages (thread, ts);
            """)
        lastMicroseconds = try database.run("SELECT max(ts) AS newest FROM messages").first?
            .optionalInteger("newest") ?? 0
    }

    /// Adds a message and gives it the next free timestamp.
    func post(user: String, text: String, blocks: [JSON], metadata: JSON?, thread: String?) throws -> ChatMessage {
        lastMicroseconds = max(lastMicroseconds + 1, Int64(now().timeIntervalSince1970 * 1_000_000))
        let message = ChatMessage(
            timestamp: Self.text(lastMicroseconds), threadTimestamp: thread, user: user, text: text,
            blocks: blocks, metadata: metadata, isEdited: false)
        try database.run(
            "INSERT INTO messages (ts, thread, user, text, blocks, metadata) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .integer(lastMicroseconds), thread.flatMap(Self.microseconds).map { .integer($0) } ?? .null,
                .text(user), .text(text), .text(JSON.array(blocks).text), metadata.map { .text($0.text) } ?? .null,
            ])
        announce(message)
        return message
    }

    /// Nil when there is no such message.
    func edit(_ timestamp: String, text: String, blocks: [JSON]) throws -> ChatMessage? {
        guard var message = try message(timestamp) else { return nil }
        message.text = text
        message.blocks = blocks
        message.isEdited = true
        try database.run(
            "UPDATE messages SET text = ?, blocks = ?, edited = 1 WHERE ts = ?",
            [.text(text), .text(JSON.array(blocks).text), .integer(Self.microseconds(timestamp) ?? 0)])
        announce(message)
        return message
    }

    func message(_ timestamp: String) throws -> ChatMessage? {
        guard let key = Self.microseconds(timestamp) else { return nil }
        return try database.run("SELECT * FROM messages WHERE ts = ?", [.integer(key)]).first.map(Self.message)
    }

    /// The channel's newest messages outside of threads, newest first, as Slack lists them.
    func history(limit: Int) throws -> [ChatMessage] {
        try database.run(
            "SELECT * FROM messages WHERE thread IS NULL ORDER BY ts DESC LIMIT ?", [.integer(Int64(limit))]
        ).map(Self.message)
    }

    /// A thread, its first message included, oldest first.
    func replies(to timestamp: String, limit: Int) throws -> [ChatMessage] {
        guard let key = Self.microseconds(timestamp) else { return [] }
        return try database.run(
            "SELECT * FROM messages WHERE ts = ? OR thread = ? ORDER BY ts LIMIT ?",
            [.integer(key), .integer(key), .integer(Int64(limit))]
        ).map(Self.message)
    }

    /// Everything the page shows, oldest first.
    func shown() throws -> [ChatMessage] {
        try database.run(
            "SELECT * FROM messages ORDER BY ts DESC LIMIT ?", [.integer(Int64(Self.maxShownMessages))]
        ).map(Self.message).reversed()
    }

    /// What happens from now on.
    func changes() -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream<Event>.makeStream(bufferingPolicy: .bufferingNewest(1_000))
        let listener = nextListener
        nextListener += 1
        listeners[listener] = continuation
        continuation.onTermination = { _ in Task { await self.forget(listener) } }
        return stream
    }

    private func forget(_ listener: Int) { listeners[listener] = nil }

    func tellMember(_ text: String) {
        for listener in listeners.values { listener.yield(.onlyForMember(text)) }
    }

    private func announce(_ message: ChatMessage) {
        for listener in listeners.values { listener.yield(.message(message)) }
    }

    private static func message(_ row: SQLiteRow) -> ChatMessage {
        ChatMessage(
            timestamp: text(row.integer("ts")), threadTimestamp: row.optionalInteger("thread").map(text),
            user: row.text("user"), text: row.text("text"),
            blocks: (try? JSON.parse(row.text("blocks")))?.array ?? [],
            metadata: row.optionalText("metadata").flatMap { try? JSON.parse($0) },
            isEdited: row.integer("edited") == 1)
    }

    private static func text(_ microseconds: Int64) -> String {
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }

    private static func microseconds(_ timestamp: String) -> Int64? {
        let halves = timestamp.split(separator: ".")
        guard halves.count == 2, halves[1].count == 6, let seconds = Int64(halves[0]), let rest = Int64(halves[1])
        else { return nil }
        return seconds * 1_000_000 + rest
    }
}
