import Deploys
import struct Foundation.Date
import typealias Foundation.TimeInterval
import SQLite

/// Which deliveries were acted upon, so that none acts twice.
struct DeduplicationTable {
    /// Longer than anybody repeats a delivery: Slack does so for a day, and people redeliver GitHub's
    /// webhooks by hand for some days.
    static let retentionSeconds: TimeInterval = 30 * 24 * 3_600
    /// More than the one that each call adds, so that old keys run out however many there were.
    private static let maxRemovedAtOnce = 8

    let database: Database

    func operation(for key: String?) throws -> OperationID? {
        guard let key else { return nil }
        return try database.run("SELECT operation FROM deduplication_keys WHERE key = ?", [.text(key)]).first
            .map { OperationID($0.integer("operation")) }
    }

    func remember(_ key: String?, for operation: OperationID, at now: Date) throws {
        guard let key else { return }
        try database.run(
            "INSERT INTO deduplication_keys (key, operation, created_at) VALUES (?, ?, ?)",
            [.text(key), .integer(operation.number), .date(now)])
        try removeOld(at: now, atMost: Self.maxRemovedAtOnce)
    }

    func removeOld(at now: Date, atMost maxCount: Int) throws {
        try database.run(
            """
            DELETE FROM deduplication_keys WHERE key IN (
                SELECT key FROM deduplication_keys WHERE created_at < ? ORDER BY created_at LIMIT ?)
            """, [.date(now.addingTimeInterval(-Self.retentionSeconds)), .integer(maxCount)])
    }
}
