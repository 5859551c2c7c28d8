import Deploys
import struct Foundation.Date
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
