import SQLite
import struct Foundation.Date

/// Operations that ended long ago, with all that is known of them and needed by nothing any more.
///
/// Kept whatever their age: what has not ended; what is live, was live before, or can be rolled back to, with the
/// builds behind it; what failed last in its place; what the chat or a commit's page has still to be told; where a
/// branch stands; what a repeated delivery may name; each person's last one; and each app's last build and release,
/// from which numbers go on.
struct OldOperations {
    /// Rows that one transaction looks at, so that whoever is accepted waits for a millisecond.
    static let maxRows = 50

    let database: Database

    /// Looks at the next rows behind `id` and removes those that are not needed.
    ///
    /// - Parameters:
    ///   - horizon: younger ones stay.
    ///   - keyed: operations that deliveries may name.
    /// - Returns: nil behind the last row that is old enough.
    func removeNext(
        after id: Int64, endedBefore horizon: Date, keyed: Set<Int64>
    ) throws -> (last: Int64, removed: Int)? {
        let rows = try database.run(
            "SELECT id, created_at FROM operations WHERE id > ? ORDER BY id LIMIT ?",
            [.integer(id), .integer(Int64(Self.maxRows))])
        let old = rows.prefix { $0.date("created_at") < horizon }
        guard let last = old.last?.integer("id") else { return nil }
        let unneeded = try database.run(
            Self.unneeded, [.integer(id), .integer(last), .date(horizon)]
        ).map { $0.integer("id") }.filter { !keyed.contains($0) }
        for id in unneeded { try remove(id) }
        return (last, unneeded.count)
    }

    /// Once for all portions: keys are found by what was delivered, not by what it became.
    ///
    /// - Parameter horizon: younger operations stay anyway.
    func keyed(since date: Date, createdBefore horizon: Date) throws -> Set<Int64> {
        let rows = try database.run(
            """
            SELECT DISTINCT operations.id FROM deduplication_keys
            CROSS JOIN operations ON operations.id = deduplication_keys.operation
            WHERE deduplication_keys.created_at >= ? AND operations.created_at < ?
            """, [.date(date), .date(horizon)])
        return Set(rows.map { $0.integer("id") })
    }

    /// Those that got one in the meantime.
    func keyed(since date: Date) throws -> Set<Int64> {
        let rows = try database.run(
            "SELECT operation FROM deduplication_keys WHERE created_at >= ?", [.date(date)])
        return Set(rows.map { $0.integer("operation") })
    }

    private func remove(_ id: Int64) throws {
        for table in ["reports", "commit_marks", "builds", "releases"] {
            try database.run("DELETE FROM \(table) WHERE operation = ?", [.integer(id)])
        }
        try database.run("DELETE FROM operations WHERE id = ?", [.integer(id)])
    }

    private static let unneeded = """
        SELECT id FROM operations AS old
        WHERE id > ?1 AND id <= ?2 AND finished_at < ?3
            AND NOT EXISTS (SELECT 1 FROM notices WHERE operation = old.id)
            AND NOT EXISTS (SELECT 1 FROM site_watches WHERE operation = old.id)
            AND NOT EXISTS (
                SELECT 1 FROM environment_states WHERE app = old.app
                    AND (old.id IN (live_operation, failed_operation) OR previous_release = old.release_number))
            AND NOT EXISTS (SELECT 1 FROM environments WHERE app = old.app AND release = old.release_number)
            AND NOT EXISTS (
                SELECT 1 FROM releases WHERE operation = old.id AND (plan IS NOT NULL OR number = (
                    SELECT max(number) FROM releases AS others WHERE others.app = old.app)))
            AND NOT EXISTS (
                SELECT 1 FROM builds WHERE operation = old.id AND (
                    number = (SELECT max(number) FROM builds AS others WHERE others.app = old.app)
                    OR number IN (
                        SELECT build_number FROM releases INDEXED BY releases_planned
                            JOIN operations AS users ON users.id = releases.operation
                        WHERE releases.app = old.app AND plan IS NOT NULL)
                    OR number IN (
                        SELECT build_number FROM environment_states
                            JOIN operations AS users ON users.id = live_operation
                        WHERE environment_states.app = old.app)))
            AND NOT EXISTS (
                SELECT 1 FROM commit_marks WHERE operation = old.id AND told IS NOT wanted)
            AND NOT EXISTS (
                SELECT 1 FROM branch_heads
                WHERE app = old.app AND branch = old.revision AND branch_heads.commit_id = old.commit_id)
            AND (person_id IS NULL OR EXISTS (
                SELECT 1 FROM operations AS newer WHERE newer.person_id = old.person_id AND newer.id > old.id))
        """
}
