import Deploys
import struct Foundation.Data
import struct Foundation.Date
import class Foundation.JSONDecoder
import SQLite

/// The outbox as rows: a row is a notice that was not delivered yet.
struct NoticeTable {
    let database: Database

    // MARK: Writing

    /// Appends the drafts; a live one takes the place of the one of its operation that waits.
    func write(_ drafts: [NoticeDraft], about operation: Operation, at now: Date) throws {
        for draft in drafts {
            if let kept = try ReportTable(database: database).keep(draft, of: operation.id, at: now) {
                try writeLive(kept, operation, at: now)
            } else if case .announcement(let report) = draft, try isSaidByPost(report) {
                continue
            } else {
                try append(draft, operation, at: now)
            }
        }
    }

    private func append(_ draft: NoticeDraft, _ operation: Operation, at now: Date) throws {
        try database.run(
            "INSERT INTO notices (operation, channel, kind, draft, written_at) VALUES (?, ?, ?, ?, ?)",
            [
                .integer(operation.id.number), .text(operation.channel), .text(draft.kind),
                .text(try Self.encode(draft)), .date(now),
            ])
    }

    private func writeLive(_ kept: ReportTable.Kept, _ operation: Operation, at now: Date) throws {
        let report = kept.report
        let id = SQLiteValue.integer(operation.id.number)
        let text = SQLiteValue.text(try kept.text.map(Self.live) ?? Self.encode(.live(report)))
        let urgency = SQLiteValue.integer(report.operation.isFinished ? 0 : 1)
        let replaced = try database.run(
            """
            UPDATE notices SET draft = ?, urgency = ?, revision = revision + 1, reason = NULL,
                lane = iif(lane = 'parked', \(Self.laneOfLive), lane)
            WHERE operation = ? AND kind = 'live' RETURNING id
            """, [text, urgency, id])
        if replaced.isEmpty {
            try database.run(
                """
                INSERT INTO notices (operation, channel, kind, draft, urgency, written_at, lane)
                SELECT id, ?, 'live', ?, ?, ?, iif(message_timestamp IS NULL, 'posts', 'edits')
                FROM operations WHERE id = ?
                """, [.text(operation.channel), text, urgency, .date(now), id])
        } else {
            try database.run("UPDATE tallies SET count = count + 1 WHERE name = 'collapsed'")
        }
    }

    /// Where the live notice of a row's operation waits.
    static let laneOfLive = """
        iif((SELECT message_timestamp FROM operations WHERE operations.id = notices.operation) IS NULL, \
        'posts', 'edits')
        """

    /// Whether the live message is still to be posted, and will say the same: then it notifies people itself.
    private func isSaidByPost(_ report: Report) throws -> Bool {
        let waiting = try database.run(
            """
            SELECT id, draft FROM notices
            WHERE operation = ? AND kind = 'live' AND lane = 'posts' AND begun_at IS NULL
            """, [.integer(report.operation.id.number)])
        guard let row = waiting.first,
            case .live(let live) = try Self.decode(row.text("draft"), of: row.integer("id"))
        else { return false }
        return live.phase == report.phase
    }

    /// Takes away a live message that was not posted yet, and all that goes with it. False when it was, or may have
    /// been.
    func withdraw(_ operation: OperationID) throws -> Bool {
        let id = SQLiteValue.integer(operation.number)
        let isWithdrawn = try !database.run(
            """
            DELETE FROM notices WHERE operation = ? AND kind = 'live' AND lane = 'posts' AND begun_at IS NULL
            RETURNING id
            """, [id]
        ).isEmpty
        guard isWithdrawn else { return false }
        try database.run("DELETE FROM notices WHERE operation = ?", [id])
        // It begins anew: nobody saw what it said.
        try database.run("DELETE FROM reports WHERE operation = ?", [id])
        return true
    }

    // MARK: Drafts as text

    static func encode(_ draft: NoticeDraft) throws -> String { try JSONText.of(draft) }

    /// What `encode` makes of a live draft, of its report's JSON: making that costs more than all the rest of accepting
    /// an operation.
    static func live(_ report: String) -> String { #"{"live":{"_0":\#(report)}}"# }

    static func decode(_ text: String, of id: Int64) throws -> NoticeDraft {
        do {
            return try JSONDecoder().decode(NoticeDraft.self, from: Data(text.utf8))
        } catch {
            throw JournalError.unavailable(
                "notice \(id) in the journal can't be read; run the version of iterapp that wrote it")
        }
    }
}

extension NoticeDraft {
    var kind: String {
        switch self {
        case .live: "live"
        case .detail: "detail"
        case .announcement: "announcement"
        case .file: "file"
        }
    }
}
