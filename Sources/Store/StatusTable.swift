import Deploys
import class Foundation.JSONEncoder
import JSON
import SQLite

/// Environments as people ask about them: what is live, what was live before, and what failed since.
struct StatusTable {
    let database: Database

    // MARK: Writing

    /// What the end of an operation means for its environment.
    func settle(_ operation: Operation, _ settlement: Settlement, notices: [NoticeDraft]) throws {
        guard operation.kind != .build, operation.environment != nil else { return }
        if case .released = settlement { return try setLive(operation, sites: notices.liveSites ?? []) }
        switch operation.state {
        case .failed: try setFailed(operation.id, of: operation)
        case .succeeded: try setFailed(nil, of: operation)
        // It changed nothing: what was true before is so still.
        case .queued, .running, .superseded, .cancelled: break
        }
    }

    private func setLive(_ operation: Operation, sites: [Site]) throws {
        try database.run(
            """
            INSERT INTO environment_states (app, environment, live_operation, sites) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (app, environment) DO UPDATE SET live_operation = ?3, sites = ?4, failed_operation = NULL,
                previous_release = (
                    SELECT release_number FROM operations WHERE id = environment_states.live_operation)
            """, key(of: operation) + [.integer(operation.id.number), .text(try Self.encode(sites))])
    }

    private func setFailed(_ id: OperationID?, of operation: Operation) throws {
        guard let id else {
            try database.run(
                "UPDATE environment_states SET failed_operation = NULL WHERE app = ? AND environment = ?",
                key(of: operation))
            return
        }
        try database.run(
            """
            INSERT INTO environment_states (app, environment, failed_operation) VALUES (?1, ?2, ?3)
            ON CONFLICT (app, environment) DO UPDATE SET failed_operation = ?3
            """, key(of: operation) + [.integer(id.number)])
    }

    /// What people are told about the URLs of a release that is live already; nothing when another one has taken its
    /// place.
    func update(_ report: Report) throws {
        guard case .live(let sites) = report.phase, report.operation.environment != nil else { return }
        try database.run(
            "UPDATE environment_states SET sites = ?4 WHERE app = ?1 AND environment = ?2 AND live_operation = ?3",
            key(of: report.operation) + [.integer(report.operation.id.number), .text(try Self.encode(sites))])
    }

    /// Nobody looks at them any more, so what was said of them last may become wrong.
    func forgetSites(of app: AppID) throws {
        try database.run("UPDATE environment_states SET sites = '[]' WHERE app = ?", [.text(app.key)])
    }

    private func key(of operation: Operation) -> [SQLiteValue] {
        [.text(operation.app.key), .text(operation.environment?.rawValue ?? "")]
    }

    private static func encode(_ sites: [Site]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(sites), as: UTF8.self)
    }

    // MARK: Reading

    /// All that is known of the environments of an app, or of all apps, by the app's key. A fixed number of statements,
    /// however many there are.
    func records(of app: AppID?) throws -> [String: [EnvironmentRecord]] {
        let releases = try liveReleases(of: app)
        let failed = try operations(of: app, in: """
            SELECT operations.* FROM environment_states CROSS JOIN operations ON operations.id = failed_operation
            """)
        let underWay = try newestUnderWay(of: app)
        var records: [String: [EnvironmentName: EnvironmentRecord]] = [:]
        for row in try rows("SELECT * FROM environment_states", of: app) {
            let app = row.text("app")
            let environment = try environment(row, of: app)
            records[app, default: [:]][environment] = EnvironmentRecord(
                environment: environment, release: row.optionalInteger("live_operation").flatMap { releases[$0] },
                previousRelease: row.optionalInt("previous_release"), sites: try Self.sites(row, of: app),
                underWay: underWay[app]?[environment],
                failed: row.optionalInteger("failed_operation").flatMap { failed[$0] })
        }
        for (app, operations) in underWay {
            for (environment, operation) in operations where records[app]?[environment] == nil {
                records[app, default: [:]][environment] = EnvironmentRecord(
                    environment: environment, release: nil, previousRelease: nil, sites: [], underWay: operation,
                    failed: nil)
            }
        }
        return records.mapValues { known in
            EnvironmentName.all.compactMap { known[$0] }.filter {
                $0.release != nil || $0.underWay != nil || $0.failed != nil
            }
        }
    }

    private func liveReleases(of app: AppID?) throws -> [Int64: LiveRelease] {
        let rows = try rows("""
            SELECT operations.id, operations.release_number, operations.commit_id, operations.commit_subject,
                operations.commit_author, operations.commit_url, operations.build_number, operations.revision,
                operations.finished_at, operations.trigger, operations.person_id, operations.person_name
            FROM environment_states CROSS JOIN operations ON operations.id = live_operation
            """, of: app)
        var releases: [Int64: LiveRelease] = [:]
        for row in rows {
            let trigger = Trigger(
                word: row.text("trigger"), id: row.optionalText("person_id"), name: row.text("person_name"))
            guard let number = row.optionalInt("release_number"), let since = row.optionalDate("finished_at"),
                let commit = row.optionalText("commit_id").flatMap(CommitID.init), let trigger
            else { continue }
            releases[row.integer("id")] = LiveRelease(
                number: number,
                commit: Commit(
                    id: commit, subject: row.optionalText("commit_subject") ?? "",
                    author: row.optionalText("commit_author") ?? "", url: row.optionalText("commit_url")),
                buildNumber: row.optionalInt("build_number"),
                revision: row.optionalText("revision").flatMap(Revision.init), since: since, trigger: trigger)
        }
        return releases
    }

    private func operations(of app: AppID?, in sql: String) throws -> [Int64: Operation] {
        var operations: [Int64: Operation] = [:]
        for row in try rows(sql, of: app) { operations[row.integer("id")] = try Operation(row: row) }
        return operations
    }

    private func newestUnderWay(of app: AppID?) throws -> [String: [EnvironmentName: Operation]] {
        var newest: [String: [EnvironmentName: Operation]] = [:]
        let condition = "finished_at IS NULL AND environment IS NOT NULL AND kind != 'build'"
        let rows = try database.run(
            """
            SELECT * FROM operations WHERE id IN (
                SELECT max(id) FROM operations INDEXED BY operations_under_way
                WHERE \(condition)\(app == nil ? "" : " AND app = ?") GROUP BY app, environment)
            """, app.map { [.text($0.key)] } ?? [])
        for row in rows {
            let operation = try Operation(row: row)
            guard let environment = operation.environment else { continue }
            newest[operation.app.key, default: [:]][environment] = operation
        }
        return newest
    }

    private func rows(_ sql: String, of app: AppID?) throws -> [SQLiteRow] {
        guard let app else { return try database.run(sql) }
        return try database.run(sql + " WHERE environment_states.app = ?", [.text(app.key)])
    }

    private func environment(_ row: SQLiteRow, of app: String) throws -> EnvironmentName {
        guard let environment = EnvironmentName(parsing: row.text("environment")) else {
            throw JournalError.unavailable(
                "an environment of \(app) in the journal can't be read; run the version of iterapp that wrote it")
        }
        return environment
    }

    /// Read without Foundation's decoder, which would take most of the time for a thousand apps.
    private static func sites(_ row: SQLiteRow, of app: String) throws -> [Site] {
        guard let sites = try? JSON.parse(row.text("sites")).array else {
            throw JournalError.unavailable(
                "the sites of \(app) in the journal can't be read; run the version of iterapp that wrote them")
        }
        return sites.compactMap { site in
            site["url"]?.string.map { Site(url: $0, waitingFor: site["waitingFor"]?.string) }
        }
    }
}

extension [NoticeDraft] {
    fileprivate var liveSites: [Site]? {
        for case .live(let report) in self { if case .live(let sites) = report.phase { return sites } }
        return nil
    }
}
