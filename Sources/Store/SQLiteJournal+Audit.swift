import Deploys

extension SQLiteJournal {
    package func write(_ entry: AuditEntry) async throws(JournalError) {
        try await writer.run { try AuditTable(database: $0).write(entry) }
    }

    package func audit(
        of app: AppID, atMost count: Int
    ) async throws(JournalError) -> (entries: [AuditEntry], olderCount: Int) {
        try await reader.run { try AuditTable(database: $0).newest(of: app, atMost: count) }
    }
}
