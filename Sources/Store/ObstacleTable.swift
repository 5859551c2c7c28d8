import Deploys
import struct Foundation.Date
import SQLite

/// What keeps notices from being sent: few rows, which outlive the process.
struct ObstacleTable {
    let database: Database

    func all() throws -> [OutboxStatistics.Trouble] {
        try database.run("SELECT * FROM obstacles ORDER BY scope").compactMap { row in
            guard let scope = Obstacle.Scope(stored: row.text("scope")),
                let kind = Obstacle.Kind(rawValue: row.text("kind"))
            else { return nil }
            let obstacle = Obstacle(scope, kind, reason: row.text("reason"), until: row.date("until"))
            return OutboxStatistics.Trouble(obstacle, since: row.date("since"), failures: row.int("failures"))
        }
    }

    /// Only what went wrong makes pauses longer; a workspace that asks for a slower pace says how long.
    func add(_ obstacle: Obstacle, at now: Date) throws {
        let failures = SQLiteValue.integer(obstacle.kind == .limit ? 0 : 1)
        try database.run(
            """
            INSERT INTO obstacles (scope, kind, reason, since, until, failures) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (scope) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
                until = max(until, excluded.until), failures = failures + excluded.failures
            """, [
                .text(obstacle.scope.stored), .text(obstacle.kind.rawValue), .text(obstacle.reason), .date(now),
                .date(obstacle.until), failures,
            ])
    }

    func remove(_ scopes: [Obstacle.Scope]) throws {
        for scope in scopes {
            try database.run("DELETE FROM obstacles WHERE scope = ?", [.text(scope.stored)])
        }
    }

    func removeRefusals() throws {
        try database.run("DELETE FROM obstacles WHERE kind = ?", [.text(Obstacle.Kind.refusal.rawValue)])
    }
}

extension Obstacle.Scope {
    var stored: String {
        switch self {
        case .everything: "everything"
        case .edits: "edits"
        case .files: "files"
        case .posts(let channel): "posts \(channel)"
        case .channel(let channel): "channel \(channel)"
        }
    }

    init?(stored: String) {
        let parts = stored.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("everything", 1): self = .everything
        case ("edits", 1): self = .edits
        case ("files", 1): self = .files
        case ("posts", 2): self = .posts(parts[1])
        case ("channel", 2): self = .channel(parts[1])
        default: return nil
        }
    }
}
