import SQLite

/// What a journal's file holds, found out by reading all of it.
package struct JournalSummary: Sendable, Equatable {
    /// Counts the steps by which the tables became what they are.
    package let format: Int
    package let apps: Int
    package let operations: Int
    package let unfinished: Int
    /// Messages for the chat that were not delivered yet.
    package let waitingNotices: Int
    package var bytes = 0

    /// Requests that were acknowledged and had not become operations; older formats have no place for them.
    private static func inbox(_ database: Database) throws -> Int {
        let tables = try count(database, "SELECT count(*) AS count FROM sqlite_schema WHERE name = 'inbox'")
        return tables == 0 ? 0 : try count(database, "SELECT count(*) AS count FROM inbox")
    }

    /// Looks whether the file is whole (https://www.sqlite.org/pragma.html#pragma_integrity_check), and counts.
    ///
    /// - Throws: `KeepingError`, also for a file that is no journal, or a newer program's.
    init(checking database: Database, name: String, knownFormats: Int = Schema.steps.count) throws {
        try Self.check(database, name: name)
        let format = try Self.count(database, "SELECT user_version AS count FROM pragma_user_version")
        let tables = try Self.count(
            database, "SELECT count(*) AS count FROM sqlite_schema WHERE name IN ('operations', 'notices', 'apps')")
        guard format > 0, tables == 3 else { throw KeepingError("\(name) is no journal of Iterapp's.") }
        guard format <= knownFormats else {
            throw KeepingError(
                "\(name) was written by a newer iterapp (format \(format), this one knows up to "
                    + "\(knownFormats)); use that version.")
        }
        self.format = format
        apps = try Self.count(database, "SELECT count(*) AS count FROM apps")
        operations = try Self.count(database, "SELECT count(*) AS count FROM operations")
        unfinished = try Self.count(database, "SELECT count(*) AS count FROM operations WHERE finished_at IS NULL")
            + Self.inbox(database)
        waitingNotices = try Self.count(database, "SELECT count(*) AS count FROM notices")
        bytes = try Self.count(
            database, "SELECT page_count * page_size AS count FROM pragma_page_count, pragma_page_size")
    }

    /// - Throws: `KeepingError` with the first thing that is wrong.
    static func check(_ database: Database, name: String) throws {
        if let problem = try database.run("PRAGMA integrity_check(1)").first?.text("integrity_check"), problem != "ok" {
            throw KeepingError("\(name) is damaged: \(problem).")
        }
        if let row = try database.run("PRAGMA foreign_key_check").first {
            throw KeepingError(
                "\(name) is damaged: a row of \(row.text("table")) names one of \(row.text("parent")) that is missing.")
        }
    }

    static func count(_ database: Database, _ sql: String) throws -> Int {
        Int(try database.run(sql).first?.integer("count") ?? 0)
    }
}
