import Deploys
import SQLite
import struct Foundation.Date

extension SQLiteJournal {
    /// Removes what is older than it has to be, in small portions.
    ///
    /// - Parameters:
    ///   - pause: between two portions; ends them all when it returns false.
    ///   - onRemoved: what each portion came to.
    package func removeOld(
        _ limits: RetentionLimits, at now: Date, pause: @Sendable () async -> Bool,
        onRemoved: @escaping @Sendable (_ operations: Int, _ auditLines: Int) -> Void
    ) async throws(JournalError) {
        try await removeOldKeys(at: now, pause)
        let history = now.addingTimeInterval(-RetentionLimits.seconds(limits.historyDays))
        let repeatable = now.addingTimeInterval(-DeduplicationTable.retentionSeconds)
        let keyed = try await reader.run {
            try OldOperations(database: $0).keyed(since: repeatable, createdBefore: history)
        }
        let start = self.now()
        try await inPortions(pause) { database, last in
            let old = OldOperations(database: database)
            return try old.removeNext(
                after: last, endedBefore: history, keyed: keyed.union(try old.keyed(since: start)))
        } onRemoved: { onRemoved($0, 0) }
        let audit = now.addingTimeInterval(-RetentionLimits.seconds(limits.auditDays))
        try await inPortions(pause) { database, last in
            try OldAuditLines(database: database).removeNext(after: last, writtenBefore: audit)
        } onRemoved: { onRemoved(0, $0) }
    }

    /// Before the operations that they name.
    private func removeOldKeys(at now: Date, _ pause: @Sendable () async -> Bool) async throws(JournalError) {
        while await pause() {
            let removed = try await writer.run { database in
                try DeduplicationTable(database: database).removeOld(at: now, atMost: OldOperations.maxRows)
                return database.changedRows
            }
            if removed < OldOperations.maxRows { return }
        }
    }

    /// Portion by portion, until there is none.
    private func inPortions(
        _ pause: @Sendable () async -> Bool,
        _ remove: @escaping @Sendable (Database, _ last: Int64) throws -> (last: Int64, removed: Int)?,
        onRemoved: (Int) -> Void
    ) async throws(JournalError) {
        var id: Int64 = 0
        while await pause() {
            let last = id
            guard let portion = try await writer.run({ try remove($0, last) }) else { return }
            onRemoved(portion.removed)
            id = portion.last
        }
    }

    /// Whether somebody waits for the disk.
    package var isBusy: Bool { writer.queuedJobs > 0 }
}
