import CSQLite

extension Database {
    /// Between two looks at whether the copy is still wanted: 8 MiB of the usual pages.
    private static let pagesAtOnce: Int32 = 2_048

    /// Writes this database, as of one moment, over another one, page by page (SQLite's Online Backup API,
    /// https://www.sqlite.org/c3ref/backup_finish.html).
    ///
    /// Everything comes from one snapshot: without the transaction around it, a copy that is made in portions begins
    /// anew whenever somebody else has written, and beside a busy writer it would never end. With a write-ahead log,
    /// writers go on meanwhile.
    ///
    /// - Throws: also what `onProgress` throws; the other database is worth nothing then.
    package func copy(to copy: Database, onProgress: () throws -> Void = {}) throws {
        try execute("BEGIN")
        defer { try? execute("ROLLBACK") }
        // The snapshot is taken by the first read.
        try run("SELECT count(*) AS count FROM sqlite_schema")
        guard let backup = sqlite3_backup_init(copy.open, "main", open, "main") else {
            throw SQLiteError(handle: copy.open, code: sqlite3_extended_errcode(copy.open), path: copy.path)
        }
        var isFinished = false
        defer { if !isFinished { sqlite3_backup_finish(backup) } }
        while true {
            let code = sqlite3_backup_step(backup, Self.pagesAtOnce)
            if code == SQLITE_DONE { break }
            guard code == SQLITE_OK else {
                isFinished = true
                sqlite3_backup_finish(backup)
                throw SQLiteError(handle: copy.open, code: code, path: copy.path)
            }
            try onProgress()
        }
        isFinished = true
        let code = sqlite3_backup_finish(backup)
        guard code == SQLITE_OK else { throw SQLiteError(handle: copy.open, code: code, path: copy.path) }
    }
}
