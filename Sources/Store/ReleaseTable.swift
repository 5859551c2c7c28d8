import Deploys
import struct Foundation.Data
import struct Foundation.Date
import class Foundation.JSONDecoder
import SQLite

/// Releases as rows: a number per app for one operation, whose commit is the release's.
struct ReleaseTable {
    let database: Database

    func number(of operation: OperationID) throws -> Int? {
        try database.run("SELECT number FROM releases WHERE operation = ?", [.integer(operation.number)])
            .first?.int("number")
    }

    func insertNext(for operation: Operation, at now: Date) throws -> Int {
        let number = try database.run(
            "SELECT coalesce(max(number), 0) + 1 AS next FROM releases WHERE app = ?",
            [.text(operation.app.key)]
        ).first?.int("next") ?? 1
        try database.run(
            "INSERT INTO releases (app, number, operation, is_live, reserved_at) VALUES (?, ?, ?, 0, ?)",
            [.text(operation.app.key), .integer(number), .integer(operation.id.number), .date(now)])
        return number
    }

    func keep(_ plan: ClusterPlan, of operation: OperationID) throws {
        let text = try JSONText.of(plan)
        try database.run(
            "UPDATE releases SET plan = ? WHERE operation = ?", [.text(text), .integer(operation.number)])
    }

    func plan(of number: Int, app: String) throws -> ClusterPlan? {
        try database.run(
            "SELECT plan FROM releases WHERE app = ? AND number = ?", [.text(app), .integer(number)]
        ).first?.optionalText("plan").map { text in
            try JSONDecoder().decode(ClusterPlan.self, from: Data(text.utf8))
        }
    }

    /// Of an app's environment, so many of the newest live releases can be put in place again as they were.
    static let maxKeptPlans = 10

    /// Called at the end of an operation: a release that failed is not put in place again, unless it was left there.
    func forgetOldPlans(of operation: Operation) throws {
        guard operation.releaseNumber != nil, let environment = operation.environment else { return }
        let app = operation.app.key
        try database.run(
            """
            UPDATE releases SET plan = NULL WHERE operation = ?1 AND is_live = 0 AND number != coalesce((
                SELECT release FROM environments WHERE app = ?2 AND environment = ?3), 0)
            """, [.integer(operation.id.number), .text(app), .text(environment.rawValue)])
        try database.run(
            """
            UPDATE releases INDEXED BY releases_live SET plan = NULL
            WHERE app = ?1 AND environment = ?2 AND is_live = 1 AND number = (
                SELECT number FROM releases INDEXED BY releases_live
                WHERE app = ?1 AND environment = ?2 AND is_live = 1 ORDER BY number DESC LIMIT 1 OFFSET ?3)
            """, [.text(app), .text(environment.rawValue), .integer(Self.maxKeptPlans)])
    }

    func markLive(_ operation: Operation) throws {
        try database.run(
            "UPDATE releases SET is_live = 1, environment = ? WHERE operation = ?",
            [.text(orNull: operation.environment?.rawValue), .integer(operation.id.number)])
        guard database.changedRows == 1 else {
            throw JournalError.unavailable("operation \(operation.id) released without having taken a number")
        }
    }

    /// An environment's releases go live in the order of their numbers: they share a lane.
    /// Without being told which index to use, SQLite would go through all releases of the app.
    func current(of app: AppID, in environment: EnvironmentName) throws -> Int? {
        try database.run(
            """
            SELECT number FROM releases INDEXED BY releases_live
            WHERE app = ? AND environment = ? AND is_live = 1 ORDER BY number DESC LIMIT 1
            """, [.text(app.key), .text(environment.rawValue)]
        ).first?.int("number")
    }

    func liveOperation(_ number: Int, of app: AppID) throws -> OperationID? {
        try database.run(
            "SELECT operation FROM releases WHERE app = ? AND number = ? AND is_live = 1",
            [.text(app.key), .integer(number)]
        ).first.map { OperationID($0.integer("operation")) }
    }
}
