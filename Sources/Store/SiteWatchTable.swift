import Deploys
import struct Foundation.Data
import struct Foundation.Date
import class Foundation.JSONDecoder
import SQLite

/// Sites that are waited for as rows: at most one watch for each environment.
struct SiteWatchTable {
    let database: Database

    /// The environment's newest release is the one that people wait for now, if there is anything to wait for.
    func settle(_ operation: Operation, notices: [NoticeDraft], at now: Date) throws {
        guard let environment = operation.environment else { return }
        try database.run(
            "DELETE FROM site_watches WHERE app = ? AND environment = ?",
            [.text(operation.app.key), .text(environment.rawValue)])
        guard let watch = SiteWatch(of: notices, at: now) else { return }
        try database.run(
            """
            INSERT INTO site_watches (
                operation, app, environment, report, began_at, next_look_at, pause_seconds, changes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(operation.id.number), .text(operation.app.key), .text(environment.rawValue),
                .text(try JSONText.of(watch.report)), .date(watch.began), .date(watch.nextLook),
                .real(watch.pauseSeconds), .integer(watch.changes),
            ])
    }

    func forget(_ app: AppID) throws {
        try database.run("DELETE FROM site_watches WHERE app = ?", [.text(app.key)])
    }

    func due(at now: Date, atMost maxCount: Int) throws -> [SiteWatch] {
        let tooFar = now.addingTimeInterval(SiteWatch.maxPauseSeconds)
        return try database.run(
            """
            SELECT * FROM site_watches WHERE next_look_at <= ?1
            UNION ALL SELECT * FROM site_watches WHERE next_look_at > ?2
            ORDER BY next_look_at LIMIT ?3
            """, [.date(now), .date(tooFar), .integer(maxCount)]
        ).map(read)
    }

    /// Whether the watch was still there.
    func update(_ watch: SiteWatch) throws -> Bool {
        try database.run(
            """
            UPDATE site_watches SET report = ?, next_look_at = ?, pause_seconds = ?, changes = ? WHERE operation = ?
            """,
            [
                .text(try JSONText.of(watch.report)), .date(watch.nextLook), .real(watch.pauseSeconds),
                .integer(watch.changes), .integer(watch.report.operation.id.number),
            ])
        return database.changedRows == 1
    }

    /// Whether the watch was still there.
    func remove(_ watch: SiteWatch) throws -> Bool {
        try database.run(
            "DELETE FROM site_watches WHERE operation = ?", [.integer(watch.report.operation.id.number)])
        return database.changedRows == 1
    }

    private func read(_ row: SQLiteRow) throws -> SiteWatch {
        let report: Report
        do { report = try JSONDecoder().decode(Report.self, from: Data(row.text("report").utf8)) } catch {
            throw JournalError.unavailable(
                "the sites of operation \(row.integer("operation")) in the journal can't be read; run the version of "
                    + "iterapp that wrote it")
        }
        return SiteWatch(
            report: report, began: row.date("began_at"), nextLook: row.date("next_look_at"),
            pauseSeconds: row.real("pause_seconds"), changes: row.int("changes"))
    }
}
