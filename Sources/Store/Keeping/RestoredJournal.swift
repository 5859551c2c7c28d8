import Deploys
import Foundation
import SQLite

/// A backup that has become the journal.
///
/// - Operations that had not ended are ended as failed, and nothing is deployed: an hour-old deploy would undo a newer
///   one.
/// - Messages that waited are looked for in the chat before they are sent, as after a crash, so none comes twice.
/// - What the environments shall be like is forgotten: what runs stays untouched until each one's next deploy, as
///   nobody knows here what went live since.
/// - Numbers of operations and messages leave a gap behind the backup's, as buttons in the chat name the lost ones.
package struct RestoredJournal: Sendable {
    /// Longer than what is asked for between two backups.
    static let numberGap = 1_000_000

    /// What was in the backup.
    package let found: JournalSummary
    /// Those that had not ended.
    package let ended: [Deploys.Operation]
    /// Where the journal is kept that was there before.
    package let previous: String?

    /// Inside a transaction.
    static func settle(
        _ database: Database, at now: Date, ending: (Deploys.Operation, Report) -> Report
    ) throws -> [Deploys.Operation] {
        var ended = try endUnfinished(database, at: now, ending: ending)
        try database.execute(
            """
            UPDATE notices SET begun_at = coalesce(begun_at, written_at) WHERE lane = 'posts';
            DELETE FROM obstacles;
            DELETE FROM environments;
            DELETE FROM site_watches;
            UPDATE sqlite_sequence SET seq = seq + \(numberGap) WHERE name IN ('operations', 'notices');
            """)
        try unpack(database)
        ended += try endUnfinished(database, at: now, ending: ending)
        return ended
    }

    /// What was acknowledged in the backup's last moment becomes operations, to be ended like the others, with a
    /// message of its own: the one that it had since has a number that is not known here.
    private static func unpack(_ database: Database) throws {
        let inbox = InboxTable(database: database)
        while let last = try inbox.oldest(atMost: portion).last {
            for entry in try inbox.oldest(atMost: portion) {
                _ = try SQLiteJournal.accept(
                    entry.request, at: entry.receivedAt, limit: nil,
                    { [.live(Report(operation: $0, appLabel: $0.app.name, phase: .queued(ahead: $1)))] },
                    { _, _ in [] }, database)
            }
            try inbox.remove(upTo: last.id)
        }
    }

    private static let portion = 100

    private static func endUnfinished(
        _ database: Database, at now: Date, ending: (Deploys.Operation, Report) -> Report
    ) throws -> [Deploys.Operation] {
        let operations = OperationTable(database: database)
        let unfinished = try database.run("SELECT id FROM operations WHERE finished_at IS NULL ORDER BY id")
        var ended: [Deploys.Operation] = []
        for row in unfinished {
            var operation = try operations.get(OperationID(row.integer("id")))
            operation.state = .failed
            operation.finishedAt = now
            try operations.setState(.failed, finishedAt: now, of: operation.id)
            // Of some, such as repairs, nobody was told.
            let report = try ReportTable(database: database).find(operation.id).map { ending(operation, $0) }
            let drafts = report.map { [NoticeDraft.live($0)] } ?? []
            try StatusTable(database: database).settle(operation, .nothing, notices: drafts)
            try NoticeTable(database: database).write(drafts, about: operation, at: now)
            ended.append(operation)
        }
        return ended
    }
}
