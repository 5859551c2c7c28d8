import Deploys
import struct Foundation.Date
import SQLite

/// What a row tells of a notice, besides what is in its way.
struct WaitingNotice {
    private let row: SQLiteRow

    init(_ row: SQLiteRow) { self.row = row }

    static let columns = """
        notices.id, notices.operation, notices.channel, notices.draft, notices.revision, notices.begun_at, \
        operations.message_channel, operations.message_timestamp
        """

    /// To be sent, or to be put aside.
    func next(failures: (Notice) -> Int) -> NextNotice {
        let draft: NoticeDraft
        do { draft = try NoticeTable.decode(row.text("draft"), of: row.integer("id")) } catch {
            return .unreadable(UnreadableNotice(
                id: NoticeID(row.integer("id")), operation: OperationID(row.integer("operation")),
                revision: row.int("revision"), reason: "\(error)"))
        }
        return .notice(notice(draft, failures: failures(notice(draft, failures: 0))))
    }

    private func notice(_ draft: NoticeDraft, failures: Int) -> Notice {
        Notice(
            id: NoticeID(row.integer("id")), operation: OperationID(row.integer("operation")),
            channel: row.text("channel"), draft: draft,
            revision: row.int("revision"), begunAt: row.optionalDate("begun_at"), liveMessage: liveMessage,
            failures: failures)
    }

    private var liveMessage: MessageReference? {
        guard let channel = row.optionalText("message_channel"),
            let timestamp = row.optionalText("message_timestamp")
        else { return nil }
        return MessageReference(channel: channel, timestamp: timestamp)
    }
}

extension NoticeTable {
    /// Steps from one channel to the next through the index, past all notices of a channel at once. Left to itself,
    /// SQLite takes the index of lanes and looks at every post that waits.
    func channelsWithPosts() throws -> [String] {
        try database.run(
            """
            WITH RECURSIVE found (channel) AS (
                SELECT min(channel) FROM notices INDEXED BY notices_to_post WHERE lane = 'posts'
                UNION ALL
                SELECT (
                    SELECT min(channel) FROM notices INDEXED BY notices_to_post
                    WHERE lane = 'posts' AND channel > found.channel)
                FROM found WHERE found.channel IS NOT NULL
            ) SELECT channel FROM found WHERE channel IS NOT NULL
            """
        ).map { $0.text("channel") }
    }

    func oldest() throws -> Date? {
        try database.run("SELECT written_at FROM notices WHERE id = (SELECT min(id) FROM notices)").first?
            .date("written_at")
    }

    func firstPost(in channel: String, filesToo: Bool) throws -> WaitingNotice? {
        try database.run(
            """
            SELECT \(WaitingNotice.columns) FROM notices JOIN operations ON operations.id = notices.operation
            WHERE notices.lane = 'posts' AND notices.channel = ? AND (notices.kind != 'file' OR ?)
            ORDER BY notices.id LIMIT 1
            """, [.text(channel), .integer(filesToo ? 1 : 0)]
        ).first.map(WaitingNotice.init)
    }

    /// Ends first, then what failed least often, so that one that fails holds up no other, then the oldest.
    ///
    /// - Parameter date: edits in channels that wait beyond it are passed over.
    func firstEdit(at date: Date) throws -> WaitingNotice? {
        try database.run(
            """
            SELECT \(WaitingNotice.columns) FROM notices JOIN operations ON operations.id = notices.operation
            WHERE notices.lane = 'edits' AND NOT EXISTS (
                SELECT 1 FROM obstacles WHERE scope = 'channel ' || notices.channel AND until > ?)
            ORDER BY notices.urgency, notices.failures, notices.id LIMIT 1
            """, [.date(date)]
        ).first.map(WaitingNotice.init)
    }

    func begin(_ notice: Notice, at now: Date) throws -> Bool {
        try database.run(
            """
            UPDATE notices SET begun_at = coalesce(begun_at, ?)
            WHERE id = ? AND revision = ? AND lane = 'posts' RETURNING id
            """, [.date(now), .integer(notice.id.number), .integer(Int64(notice.revision))]
        ).isEmpty == false
    }

    /// Repeating it changes nothing.
    ///
    /// - Parameter revision: of the draft that arrived; nil when nobody knows.
    func finish(_ notice: Notice, revision: Int?, as message: MessageReference?) throws {
        guard case .live = notice.draft, let message else { return try remove(notice) }
        if notice.liveMessage == nil {
            try database.run(
                "UPDATE operations SET message_channel = ?, message_timestamp = ? WHERE id = ?",
                [.text(message.channel), .text(message.timestamp), .integer(notice.operation.number)])
        }
        let isNewest = revision.map { SQLiteValue.integer(Int64($0)) } ?? .null
        try database.run(
            "DELETE FROM notices WHERE id = ? AND revision = ?", [.integer(notice.id.number), isNewest])
        try database.run(
            "UPDATE notices SET lane = 'edits', begun_at = NULL, failures = 0 WHERE id = ?",
            [.integer(notice.id.number)])
    }

    private func remove(_ notice: Notice) throws {
        try database.run("DELETE FROM notices WHERE id = ?", [.integer(notice.id.number)])
    }

    /// - Parameter mayHaveArrived: then it stays in doubt since it was first begun.
    func postpone(_ notice: Notice, mayHaveArrived: Bool) throws {
        try database.run(
            "UPDATE notices SET failures = failures + 1, begun_at = iif(?, begun_at, NULL) WHERE id = ?",
            [.integer(mayHaveArrived ? 1 : 0), .integer(notice.id.number)])
    }

    /// A newer draft may have come meanwhile, and deserves a try. Of too many, the oldest are given up.
    func park(_ id: NoticeID, revision: Int, reason: String) throws {
        try database.run(
            """
            UPDATE notices SET lane = 'parked', begun_at = NULL, urgency = 1, failures = 0, reason = ?
            WHERE id = ? AND revision = ?
            """, [.text(reason), .integer(id.number), .integer(Int64(revision))])
        try database.run(
            """
            DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE lane = 'parked'
                ORDER BY urgency DESC, failures DESC, id DESC LIMIT -1 OFFSET ?)
            """, [.integer(Int64(Self.maxParkedNotices))])
    }

    /// Notices that were put aside and are kept.
    static let maxParkedNotices = 1_000

    func unpark() throws {
        try database.run(
            "UPDATE notices SET lane = iif(kind = 'live', \(Self.laneOfLive), 'posts') WHERE lane = 'parked'")
    }

    /// The replies queue up again behind the message that they go with. What was sent to the old one is gone, so none
    /// is in doubt.
    func forgetLiveMessage(of notice: Notice, at now: Date) throws -> Bool {
        let operation = SQLiteValue.integer(notice.operation.number)
        if let gone = notice.liveMessage {
            try database.run(
                """
                UPDATE operations SET message_channel = NULL, message_timestamp = NULL
                WHERE id = ? AND message_timestamp = ?
                """, [operation, .text(gone.timestamp)])
        }
        try database.run(
            "UPDATE notices SET lane = \(Self.laneOfLive) WHERE operation = ? AND kind = 'live'", [operation])
        try postAnew(notice, at: now)
        let live = try database.run("SELECT id FROM notices WHERE operation = ? AND kind = 'live'", [operation])
        guard let live = live.first?.integer("id") else { return false }
        try moveReplies(of: operation, behind: live)
        return true
    }

    /// What the message said last, unless a newer state waits or it is there again.
    private func postAnew(_ notice: Notice, at now: Date) throws {
        guard let report = try ReportTable(database: database).find(notice.operation) else { return }
        try database.run(
            """
            INSERT INTO notices (operation, channel, kind, draft, written_at)
            SELECT id, ?2, 'live', ?3, ?4 FROM operations WHERE id = ?1 AND message_timestamp IS NULL
                AND NOT EXISTS (SELECT 1 FROM notices WHERE operation = ?1 AND kind = 'live')
            """, [
                .integer(notice.operation.number), .text(notice.channel), .text(try Self.encode(.live(report))),
                .date(now),
            ])
    }

    private func moveReplies(of operation: SQLiteValue, behind live: Int64) throws {
        for kind in ["detail", "file"] {
            let earlier = "operation = ? AND kind = '\(kind)' AND id < ? AND lane = 'posts'"
            try database.run(
                """
                INSERT INTO notices (operation, channel, kind, draft, written_at, revision)
                SELECT operation, channel, kind, draft, written_at, revision + 1 FROM notices
                WHERE \(earlier) ORDER BY id
                """, [operation, .integer(live)])
            try database.run("DELETE FROM notices WHERE \(earlier)", [operation, .integer(live)])
        }
    }
}
