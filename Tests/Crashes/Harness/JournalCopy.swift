import Deploys
import Foundation
import JSON
import SQLite
import TestSupport

/// The journal as a crash left it: a copy, so that nobody but the service recovers the original.
struct JournalCopy {
    struct Operation {
        let id: Int64
        let kind: String
        let app: String
        let environment: String?
        let state: String
        let lane: String
        let commit: String?
        let build: Int64?
        let release: Int64?
        let timestamp: String?
        let isFinished: Bool
        /// Why it failed, in the words that people read.
        let failure: String?
        /// Seconds since 1970.
        let finishedAt: Double?
    }

    /// In the order of acceptance.
    private(set) var operations: [Operation] = []
    private(set) var operationsByKey: [String: Int64] = [:]
    /// Keys of what was taken and is no operation yet.
    private(set) var waitingKeys: Set<String> = []
    /// What SQLite and the journal's own rules say against it.
    private(set) var faults: [String] = []
    /// Waiting notices, by lane.
    private(set) var notices: [String: Int64] = [:]
    /// Parts of commits' pages that are not told yet, and those that GitHub refused.
    private(set) var untold: Int64 = 0
    private(set) var refused: [String] = []
    /// The digest of each build's image, by app and number.
    private(set) var images: [String: String] = [:]
    private(set) var apps: Set<String> = []

    /// Nil when there is no journal yet: the service was killed before it made one.
    init?(of state: URL, in scratch: URL) throws {
        guard FileManager.default.fileExists(atPath: state.appending(path: Self.journal).path) else { return nil }
        let folder = scratch.appending(path: "copy-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in [Self.inbox, Self.journal].flatMap({ file in ["", "-wal", "-journal"].map { file + $0 } }) {
            let source = state.appending(path: name)
            guard FileManager.default.fileExists(atPath: source.path) else { continue }
            try FileManager.default.copyItem(at: source, to: folder.appending(path: name))
        }
        let database = try Database(path: folder.appending(path: Self.journal).path)
        defer { database.close() }
        faults = try Self.check(database)
        // Killed while the tables were made: nothing can have been taken yet.
        guard try Self.isComplete(database) else { return nil }
        try read(database)
        try readInbox(folder.appending(path: Self.inbox).path)
    }

    private static let journal = "iterapp.db"
    private static let inbox = "iterapp-inbox.db"

    private mutating func readInbox(_ file: String) throws {
        guard FileManager.default.fileExists(atPath: file) else { return }
        let database = try Database(path: file)
        defer { database.close() }
        faults += try database.run("PRAGMA integrity_check").map { $0.text("integrity_check") }.filter { $0 != "ok" }
        guard try Self.isComplete(database) else { return }
        let waiting = try database.run("SELECT key FROM inbox").compactMap { $0.optionalText("key") }
        waitingKeys = Set(waiting).subtracting(operationsByKey.keys)
    }

    private static func isComplete(_ database: Database) throws -> Bool {
        try !database.run("SELECT name FROM sqlite_schema WHERE name = 'inbox'").isEmpty
    }

    private static func check(_ database: Database) throws -> [String] {
        let damage = try database.run("PRAGMA integrity_check").map { $0.text("integrity_check") }.filter { $0 != "ok" }
        let dangling = try database.run("PRAGMA foreign_key_check").map { "a row of \($0.text("table")) refers to nothing" }
        guard try isComplete(database) else { return damage + dangling }
        return damage + dangling + (try halves(database))
    }

    /// What one transaction writes together is there together.
    private static func halves(_ database: Database) throws -> [String] {
        let rules = [
            ("has no line in the audit log", "kind IN ('deploy', 'build', 'register', 'deregister') AND id NOT IN "
                + "(SELECT operation FROM audit WHERE operation IS NOT NULL)"),
            ("has no deduplication key", "kind IN ('deploy', 'build', 'register', 'deregister') AND id NOT IN "
                + "(SELECT operation FROM deduplication_keys)"),
            ("has no report", "state != 'superseded' AND id NOT IN (SELECT operation FROM reports)"),
            ("has neither a message nor a notice of one", "message_timestamp IS NULL AND state != 'superseded' "
                + "AND id NOT IN (SELECT operation FROM notices WHERE kind = 'live')"),
        ]
        var found: [String] = []
        for (what, condition) in rules {
            found += try database.run("SELECT id FROM operations WHERE \(condition)")
                .map { "operation \($0.integer("id")) \(what)" }
        }
        for row in try database.run("""
            SELECT name, count, (SELECT count(*) FROM operations WHERE state = name) AS real FROM tallies
            WHERE name IN ('queued', 'running', 'succeeded', 'failed', 'superseded', 'cancelled') AND count != real
            """)
        {
            found.append("the tally of \(row.text("name")) says \(row.integer("count")), not \(row.integer("real"))")
        }
        return found
    }

    private mutating func read(_ database: Database) throws {
        let reports = "SELECT * FROM operations LEFT JOIN reports ON reports.operation = operations.id ORDER BY id"
        operations = try database.run(reports).map { row in
            let end = row.optionalReal("finished_at")
            let failure = row.optionalText("report").flatMap { $0.firstMatch(of: #/"sentence":"([^"]*)"/#) }
            return Operation(
                id: row.integer("id"), kind: row.text("kind"), app: row.text("app_name"),
                environment: row.optionalText("environment"), state: row.text("state"), lane: row.text("lane"),
                commit: row.optionalText("commit_id"), build: row.optionalInteger("build_number"),
                release: row.optionalInteger("release_number"), timestamp: row.optionalText("message_timestamp"),
                isFinished: end != nil, failure: failure.map { String($0.1) }, finishedAt: end.map { $0 + Date.timeIntervalBetween1970AndReferenceDate })
        }
        for row in try database.run("SELECT key, operation FROM deduplication_keys") {
            operationsByKey[row.text("key")] = row.integer("operation")
        }
        for row in try database.run("SELECT lane, count(*) AS n FROM notices GROUP BY lane") {
            notices[row.text("lane")] = row.integer("n")
        }
        untold = try database.run("SELECT count(*) AS n FROM commit_marks WHERE told IS NOT wanted AND refused IS NULL")
            .first?.integer("n") ?? 0
        refused = try database.run("SELECT operation, refused FROM commit_marks WHERE refused IS NOT NULL")
            .map { "operation \($0.integer("operation")): \($0.text("refused"))" }
        for row in try database.run("SELECT app, number, images FROM builds WHERE images IS NOT NULL") {
            let image = (try JSON.parse(row.text("images")).object ?? [:]).values.first?.string ?? ""
            images["\(row.text("app")) \(row.integer("number"))"] = image
        }
        apps = Set(try database.run("SELECT name FROM apps WHERE is_active = 1").map { $0.text("name") })
    }

    /// Whether an order is on disk.
    func has(_ key: String) -> Bool { operationsByKey[key] != nil || waitingKeys.contains(key) }

    /// Nothing is left to do or to tell.
    var isQuiet: Bool {
        waitingKeys.isEmpty && operations.allSatisfy(\.isFinished) && notices.values.allSatisfy { $0 == 0 } && untold == 0
    }
}
