import Deploys
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
            """, key(of: operation) + [.integer(operation.id.number), .text(try JSONText.of(sites))])
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
            key(of: report.operation) + [.integer(report.operation.id.number), .text(try JSONText.of(sites))])
    }

    /// Nobody looks at them any more, so what was said of them last may become wrong.
    func forgetSites(of app: AppID) throws {
        try database.run("UPDATE environment_states SET sites = '[]' WHERE app = ?", [.text(app.key)])
    }

    private func key(of operation: Operation) -> [SQLiteValue] {
        [.text(operation.app.key), .text(operation.environment?.rawValue ?? "")]
    }

    // MARK: Reading

    /// All that is known of the environments of apps, by the app's key. A fixed number of statements, however many
    /// there are.
    func records(of apps: [AppID]) throws -> [String: [EnvironmentRecord]] {
        let wanted = String(decoding: JSON.array(apps.map { .string($0.key) }).bytes, as: UTF8.self)
        let releases = try liveReleases(of: wanted)
        let failed = try failures(of: wanted)
        let underWay = try newestUnderWay(of: wanted)
        var records: [String: [EnvironmentName: EnvironmentRecord]] = [:]
        for row in try rows("environment_states.*", "", of: wanted) {
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

    /// - Parameter wanted: a JSON array of apps' keys.
    private func rows(_ columns: String, _ join: String, of wanted: String) throws -> [SQLiteRow] {
        try database.run(
            """
            SELECT \(columns) FROM json_each(?) AS wanted
            CROSS JOIN environment_states ON environment_states.app = wanted.value \(join)
            """, [.text(wanted)])
    }

    private func liveReleases(of wanted: String) throws -> [Int64: LiveRelease] {
        let rows = try rows(
            """
            operations.id, operations.release_number, operations.commit_id, operations.commit_subject,
                operations.commit_author, operations.commit_url, operations.build_number, operations.revision,
                operations.finished_at, operations.trigger, operations.person_id, operations.person_name
            """, "CROSS JOIN operations ON operations.id = live_operation", of: wanted)
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

    private func failures(of wanted: String) throws -> [Int64: Operation] {
        var failures: [Int64: Operation] = [:]
        let join = "CROSS JOIN operations ON operations.id = failed_operation"
        for row in try rows("operations.*", join, of: wanted) {
            failures[row.integer("id")] = try Operation(row: row)
        }
        return failures
    }

    /// Of many that wait in one environment, the newest is the only one that is read whole.
    private func newestUnderWay(of wanted: String) throws -> [String: [EnvironmentName: Operation]] {
        let rows = try database.run(
            """
            SELECT operations.app, operations.environment, operations.id FROM json_each(?) AS wanted
            CROSS JOIN operations INDEXED BY operations_under_way ON operations.app = wanted.value
            WHERE finished_at IS NULL AND environment IS NOT NULL AND kind != 'build'
            """, [.text(wanted)])
        var newest: [String: [EnvironmentName: OperationID]] = [:]
        for row in rows {
            let app = row.text("app")
            let (environment, id) = (try environment(row, of: app), OperationID(row.integer("id")))
            newest[app, default: [:]][environment] = max(newest[app]?[environment] ?? id, id)
        }
        let operations = OperationTable(database: database)
        return try newest.mapValues { try $0.mapValues { try operations.get($0) } }
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
