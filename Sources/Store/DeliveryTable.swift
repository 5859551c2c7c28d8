import Deploys
import struct Foundation.Date
import SQLite

/// Deliveries that were acted upon without becoming an operation of their own.
struct DeliveryTable {
    /// More than the one that each call adds, so that old ones run out however many there were.
    private static let maxRemovedAtOnce = 8

    let database: Database

    func has(_ id: String?) throws -> Bool {
        guard let id else { return false }
        return try !database.run("SELECT id FROM deliveries WHERE id = ?", [.text(id)]).isEmpty
    }

    func note(_ operation: OperationID, causedBy id: String) throws {
        try database.run(
            "UPDATE deliveries SET operation = ? WHERE id = ?", [.integer(operation.number), .text(id)])
    }

    /// - Returns: false when it was there before.
    func insert(_ id: String, at now: Date) throws -> Bool {
        try database.run(
            "INSERT INTO deliveries (id, received_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
            [.text(id), .date(now)])
        let isNew = database.changedRows == 1
        let tooOld = now.addingTimeInterval(-DeduplicationTable.retentionSeconds)
        try database.run(
            """
            DELETE FROM deliveries WHERE id IN (
                SELECT id FROM deliveries WHERE received_at < ? ORDER BY received_at LIMIT ?)
            """, [.date(tooOld), .integer(Self.maxRemovedAtOnce)])
        return isNew
    }
}
