import struct Foundation.Date
import typealias Foundation.TimeInterval
import SQLite

/// Events of the chat workspace that were answered.
struct SeenEventTable {
    /// Slack repeats an event for a day at most (docs.slack.dev, "Delayed Events").
    static let retentionSeconds: TimeInterval = 25 * 3_600
    /// More than the one that each call adds, so that old ones run out however many there were.
    private static let maxRemovedAtOnce = 8

    let database: Database

    func contains(_ id: String) throws -> Bool {
        try database.run("SELECT 1 AS one FROM seen_events WHERE id = ?", [.text(id)]).first != nil
    }

    func insert(_ id: String, at now: Date) throws {
        try database.run(
            "INSERT INTO seen_events (id, seen_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", [.text(id), .date(now)])
        try database.run(
            """
            DELETE FROM seen_events WHERE id IN (
                SELECT id FROM seen_events WHERE seen_at < ? ORDER BY seen_at LIMIT ?)
            """, [.date(now.addingTimeInterval(-Self.retentionSeconds)), .integer(Self.maxRemovedAtOnce)])
    }
}
