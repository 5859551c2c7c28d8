import Deploys
import struct Foundation.Data
import struct Foundation.Date
import class Foundation.JSONDecoder
import SQLite

extension NoticeTable {
    struct Head: Sendable {
        let notice: Notice
        /// The draft as stored.
        let text: String
        /// Nothing is sent to the channel before.
        let waitUntil: Date?
    }

    /// Steps from one channel to the next through the index, past all notices of a channel at once.
    func channels() throws -> [String] {
        try database.run(
            """
            WITH RECURSIVE found (channel) AS (
                SELECT min(channel) FROM notices
                UNION ALL
                SELECT (SELECT min(channel) FROM notices WHERE channel > found.channel) FROM found
                WHERE found.channel IS NOT NULL
            ) SELECT channel FROM found WHERE channel IS NOT NULL
            """
        ).map { $0.text("channel") }
    }

    func oldest() throws -> Date? {
        try database.run("SELECT written_at FROM notices WHERE id = (SELECT min(id) FROM notices)").first?
            .date("written_at")
    }

    func head(of channel: String) throws -> Head? {
        let rows = try database.run(
            """
            SELECT notices.id, notices.operation, notices.draft, notices.is_begun,
                operations.message_channel, operations.message_timestamp, channel_waits.until,
                coalesce(channel_waits.failures, 0) AS failures
            FROM notices JOIN operations ON operations.id = notices.operation
                LEFT JOIN channel_waits ON channel_waits.channel = notices.channel
            WHERE notices.channel = ? ORDER BY notices.id LIMIT 1
            """, [.text(channel)])
        guard let row = rows.first else { return nil }
        let text = row.text("draft")
        let notice = Notice(
            id: NoticeID(row.integer("id")), operation: OperationID(row.integer("operation")),
            channel: channel, draft: try decode(text, of: row.integer("id")),
            isDoubtful: row.bool("is_begun"), liveMessage: liveMessage(row), failures: row.int("failures"))
        return Head(notice: notice, text: text, waitUntil: row.optionalDate("until"))
    }

    private func liveMessage(_ row: SQLiteRow) -> MessageReference? {
        guard let channel = row.optionalText("message_channel"),
            let timestamp = row.optionalText("message_timestamp")
        else { return nil }
        return MessageReference(channel: channel, timestamp: timestamp)
    }

    private func decode(_ text: String, of id: Int64) throws -> NoticeDraft {
        do {
            return try JSONDecoder().decode(NoticeDraft.self, from: Data(text.utf8))
        } catch {
            throw JournalError.unavailable(
                "notice \(id) in the journal can't be read; run the version of iterapp that wrote it")
        }
    }

    /// - Parameter sending: the draft that was handed out, if it was in this process.
    func begin(_ id: NoticeID, sending: String?) throws {
        let rows = try database.run(
            """
            UPDATE notices SET is_begun = 1 WHERE id = ?
            RETURNING operation, channel, kind, draft, written_at
            """, [.integer(id.number)])
        guard let row = rows.first else { throw unknown(id) }
        guard let sending, sending != row.text("draft") else { return }
        try append(
            operation: OperationID(row.integer("operation")), channel: row.text("channel"),
            kind: row.text("kind"), text: row.text("draft"), writtenAt: row.date("written_at"))
    }

    /// Repeating it changes nothing. An edit that gave way to a newer one meanwhile is gone already.
    func finish(_ id: NoticeID, in channel: String?, as message: MessageReference?) throws {
        if let channel { try endWait(of: channel) }
        let rows = try database.run(
            "DELETE FROM notices WHERE id = ? RETURNING operation, channel, kind", [.integer(id.number)])
        guard let row = rows.first else { return }
        try endWait(of: row.text("channel"))
        guard row.text("kind") == "live", let message else { return }
        try database.run(
            "UPDATE operations SET message_channel = ?, message_timestamp = ? WHERE id = ?",
            [.text(message.channel), .text(message.timestamp), .integer(row.integer("operation"))])
    }

    private func endWait(of channel: String) throws {
        try database.run("DELETE FROM channel_waits WHERE channel = ?", [.text(channel)])
    }

    /// The whole channel waits, and its failures are counted together: a notice that takes this one's place
    /// would fare no better and come sooner than the workspace asked for.
    ///
    /// - Parameter channel: where it was handed out for: an edit may have given way to a newer one meanwhile.
    func postpone(
        _ id: NoticeID, in channel: String?, until date: Date, reason: String, mayHaveArrived: Bool
    ) throws {
        let rows = try database.run(
            "UPDATE notices SET is_begun = iif(?, is_begun, 0) WHERE id = ? RETURNING channel",
            [.integer(mayHaveArrived ? 1 : 0), .integer(id.number)])
        guard let channel = rows.first?.text("channel") ?? channel else { throw unknown(id) }
        try database.run(
            """
            INSERT INTO channel_waits (channel, until, failures, reason) VALUES (?, ?, 1, ?)
            ON CONFLICT (channel) DO UPDATE SET until = excluded.until, failures = failures + 1,
                reason = excluded.reason
            """, [.text(channel), .date(date), .text(reason)])
    }

    /// What was being sent to that message or its thread cannot have arrived, so it is in no doubt.
    func forgetLiveMessage(of operation: OperationID) throws {
        try database.run(
            "UPDATE operations SET message_channel = NULL, message_timestamp = NULL WHERE id = ?",
            [.integer(operation.number)])
        try database.run(
            "UPDATE notices SET is_begun = 0 WHERE operation = ?", [.integer(operation.number)])
    }

    private func unknown(_ id: NoticeID) -> JournalError {
        .unavailable("notice \(id) is not in the outbox")
    }
}
