import SQLite
import struct Foundation.Date

/// Lines of the audit log that nobody has to keep any longer. The tables themselves refuse to give up the lines of a
/// year, and the last one of each app.
struct OldAuditLines {
    /// Rows that one transaction looks at.
    static let maxRows = 50

    let database: Database

    /// - Returns: nil behind the last row that is old enough.
    func removeNext(after id: Int64, writtenBefore horizon: Date) throws -> (last: Int64, removed: Int)? {
        let rows = try database.run(
            "SELECT id, written_at FROM audit WHERE id > ? ORDER BY id LIMIT ?",
            [.integer(id), .integer(Int64(Self.maxRows))])
        let old = rows.prefix { $0.date("written_at") < horizon }
        guard let last = old.last?.integer("id") else { return nil }
        try database.run(
            """
            DELETE FROM audit WHERE id > ?1 AND id <= ?2 AND EXISTS (
                SELECT 1 FROM audit AS newer WHERE newer.app = audit.app AND newer.number > audit.number)
            """, [.integer(id), .integer(last)])
        return (last, database.changedRows)
    }
}
