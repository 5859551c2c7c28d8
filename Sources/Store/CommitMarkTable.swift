import Deploys
import struct Foundation.Date
import SQLite

/// What commits' pages were told, as rows.
struct CommitMarkTable {
    let database: Database

    // MARK: What shall be said

    /// An operation's report was written: what its commit's page shall say may be something else now. Operations that
    /// ended before anybody kept marks get none.
    /// - Parameter isFirst: whether there was none before.
    func note(_ report: Report, at now: Date, isFirst: Bool = false) throws {
        let operation = report.operation
        guard let mark = CommitMark(report, try facts(of: operation)) else { return }
        for kind in CommitPart.Kind.allCases {
            guard let part = mark.part(kind) else { continue }
            let change = """
                UPDATE commit_marks SET wanted = ?3, refused = iif(wanted IS ?3, refused, NULL),
                    behind_since = iif(told IS wanted, ?4, behind_since)
                WHERE operation = ?1 AND part = ?2 RETURNING operation
                """
            let values: [SQLiteValue] = [
                .integer(operation.id.number), .text(kind.rawValue), .integer(part.digest), .date(now),
            ]
            let changed = try database.run(change, values)
            guard changed.isEmpty, part.begins, isFirst || !operation.isFinished else { continue }
            try database.run(
                """
                INSERT INTO commit_marks (operation, part, wanted, behind_since, app) VALUES (?1, ?2, ?3, ?4, ?5)
                """, values + [.text(operation.app.key)])
        }
    }

    /// The operation's release went live: the one before it is no longer what its environment serves.
    func replaceRelease(before operation: Operation, at now: Date) throws {
        guard let number = operation.releaseNumber, let environment = operation.environment else { return }
        let before = try database.run(
            """
            SELECT operation FROM releases INDEXED BY releases_live
            WHERE app = ? AND environment = ? AND is_live = 1 AND number < ? ORDER BY number DESC LIMIT 1
            """, [.text(operation.app.key), .text(environment.rawValue), .integer(number)])
        guard let row = before.first,
            let report = try ReportTable(database: database).find(OperationID(row.integer("operation")))
        else { return }
        try note(report, at: now)
    }

    private func facts(of operation: Operation) throws -> CommitFacts {
        var facts = CommitFacts()
        if let number = operation.buildNumber {
            let build = try database.run(
                "SELECT operation, finished_at FROM builds WHERE app = ? AND number = ?",
                [.text(operation.app.key), .integer(number)]
            ).first
            facts.madeBuild = build?.integer("operation") == operation.id.number
            facts.isBuilt = build?.optionalReal("finished_at") != nil
        }
        if let number = operation.releaseNumber, let environment = operation.environment {
            facts.replacedBy = try database.run(
                """
                SELECT number FROM releases INDEXED BY releases_live
                WHERE app = ? AND environment = ? AND is_live = 1 AND number > ? ORDER BY number LIMIT 1
                """, [.text(operation.app.key), .text(environment.rawValue), .integer(number)]
            ).first?.int("number")
        }
        return facts
    }

    // MARK: What is behind

    private static let isBehind = "told IS NOT wanted AND refused IS NULL"

    func lanes(atMost maxCount: Int) throws -> [CommitLane] {
        let rows = try database.run(
            """
            SELECT app, part, max(operation) AS operation, min(behind_since) AS since
            FROM commit_marks INDEXED BY commit_marks_behind
            WHERE \(Self.isBehind) GROUP BY app, part
            """)
        let operations = OperationTable(database: database)
        return try rows.sorted { $0.real("since") < $1.real("since") }.prefix(maxCount).compactMap { row in
            guard let kind = CommitPart.Kind(rawValue: row.text("part")),
                let app = try operations.find(OperationID(row.integer("operation")))?.app
            else { return nil }
            return CommitLane(app: app, kind: kind)
        }
    }

    func next(in lane: CommitLane) throws -> CommitNews? {
        let rows = try database.run(
            """
            SELECT operation, wanted, entry, is_begun FROM commit_marks INDEXED BY commit_marks_behind
            WHERE app = ? AND part = ? AND \(Self.isBehind) ORDER BY operation LIMIT 1
            """, [.text(lane.app.key), .text(lane.kind.rawValue)])
        guard let row = rows.first else { return nil }
        let id = OperationID(row.integer("operation"))
        let operation = try OperationTable(database: database).get(id)
        guard let commit = operation.commit?.id else {
            throw JournalError.unavailable("operation \(id) in the journal has lost its commit")
        }
        let report = try ReportTable(database: database).find(id)
        let mark = try report.flatMap { CommitMark($0, try facts(of: $0.operation)) }
        return CommitNews(
            target: CommitTarget(
                operation: id, app: operation.app,
                repository: try AppTable(database: database).find(operation.app)?.repositoryName, commit: commit),
            part: mark?.part(lane.kind), kind: lane.kind, id: row.optionalInteger("entry"),
            isBegun: row.bool("is_begun"), digest: row.integer("wanted"))
    }

    // MARK: What was said

    func begin(_ news: CommitNews) throws { try set("is_begun = 1", of: news) }

    func opened(_ news: CommitNews, as id: Int64) throws {
        try set("entry = ?3, is_begun = 0", of: news, [.integer(id)])
    }

    func told(_ news: CommitNews, at now: Date) throws {
        try set("told = ?3, behind_since = iif(wanted IS ?3, behind_since, ?4)", of: news, [
            .integer(news.digest), .date(now),
        ])
    }

    func forgetEntry(of news: CommitNews) throws { try set("entry = NULL, is_begun = 0", of: news) }

    func putAside(_ news: CommitNews, reason: String) throws {
        try set("refused = iif(wanted IS ?3, ?4, NULL)", of: news, [.integer(news.digest), .text(reason)])
    }

    private func set(_ assignments: String, of news: CommitNews, _ values: [SQLiteValue] = []) throws {
        try database.run(
            "UPDATE commit_marks SET \(assignments) WHERE operation = ?1 AND part = ?2",
            [.integer(news.target.operation.number), .text(news.kind.rawValue)] + values)
    }

    func retryRefused() throws {
        try database.run(
            """
            UPDATE commit_marks INDEXED BY commit_marks_refused SET refused = NULL WHERE refused IS NOT NULL
            """)
    }

    func giveUp(before date: Date) throws {
        try database.run(
            """
            UPDATE commit_marks INDEXED BY commit_marks_refused SET told = wanted, refused = NULL
            WHERE refused IS NOT NULL AND behind_since < ?
            """, [.date(date)])
        try database.run(
            """
            UPDATE commit_marks INDEXED BY commit_marks_behind SET told = wanted
            WHERE \(Self.isBehind) AND behind_since < ?
            """, [.date(date)])
    }

    func statistics() throws -> CommitStatistics {
        var statistics = CommitStatistics()
        let behind = try database.run(
            """
            SELECT count(*) AS count, min(behind_since) AS since FROM commit_marks INDEXED BY commit_marks_behind
            WHERE \(Self.isBehind)
            """
        ).first
        statistics.behind = behind?.int("count") ?? 0
        statistics.oldest = behind?.optionalDate("since")
        statistics.putAside = try database.run(
            """
            SELECT count(*) AS count FROM commit_marks INDEXED BY commit_marks_refused WHERE refused IS NOT NULL
            """
        ).first?.int("count") ?? 0
        return statistics
    }
}
