import Deploys
import struct Foundation.Date
import class Foundation.JSONEncoder
import SQLite

/// The outbox as rows: a row is a notice that was not delivered yet.
struct NoticeTable {
    let database: Database

    // MARK: Writing

    /// Appends the drafts; a live one replaces those of its operation that wait.
    func write(_ drafts: [NoticeDraft], about operation: Operation, at now: Date) throws {
        for draft in drafts {
            let draft = try ReportTable(database: database).keep(draft, of: operation.id)
            let text = try Self.encode(draft)
            if case .live = draft, try replaceWaiting(of: operation.id, by: text) { continue }
            try append(
                operation: operation.id, channel: operation.channel, kind: draft.kind, text: text,
                writtenAt: now)
        }
    }

    func append(
        operation: OperationID, channel: String, kind: String, text: String, writtenAt: Date
    ) throws {
        try database.run(
            "INSERT INTO notices (operation, channel, kind, draft, written_at) VALUES (?, ?, ?, ?, ?)",
            [
                .integer(operation.number), .text(channel), .text(kind), .text(text), .date(writtenAt),
            ])
    }

    /// Takes away the operation's live notices whose sending has not begun. Whether the first of them was to
    /// post the message: then it has the new text now.
    private func replaceWaiting(of operation: OperationID, by text: String) throws -> Bool {
        let waiting = try database.run(
            "SELECT id FROM notices WHERE operation = ? AND kind = 'live' AND is_begun = 0 ORDER BY id",
            [.integer(operation.number)]
        ).map { NoticeID($0.integer("id")) }
        guard let first = waiting.first else { return false }
        let isPost = try isFirstPost(first, of: operation)
        if isPost {
            try database.run(
                "UPDATE notices SET draft = ? WHERE id = ?", [.text(text), .integer(first.number)])
        }
        for id in waiting.dropFirst(isPost ? 1 : 0) {
            try database.run("DELETE FROM notices WHERE id = ?", [.integer(id.number)])
        }
        return isPost
    }

    /// Whether the message is neither there nor on its way.
    private func isFirstPost(_ id: NoticeID, of operation: OperationID) throws -> Bool {
        try database.run(
            """
            SELECT 1 FROM operations WHERE id = ?1 AND message_timestamp IS NULL AND NOT EXISTS (
                SELECT 1 FROM notices WHERE operation = ?1 AND kind = 'live' AND id < ?2)
            """, [.integer(operation.number), .integer(id.number)]
        ).isEmpty == false
    }

    static func encode(_ draft: NoticeDraft) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(draft), as: UTF8.self)
    }
}

extension NoticeDraft {
    var kind: String {
        switch self {
        case .live: "live"
        case .detail: "detail"
        case .announcement: "announcement"
        }
    }
}
