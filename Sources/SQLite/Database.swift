import CSQLite
import Glibc

/// One connection to one file, used by one thread at a time (the owner sees to that).
///
/// Journal mode, synchronisation and foreign keys are the owner's choice, through `execute`.
package final class Database {
    /// Statements that are kept prepared; the one unused for longest makes room.
    package static let maxCachedStatements = 128
    /// How long a statement waits for another connection's lock before it fails as busy.
    package static let defaultBusyTimeoutMilliseconds: Int32 = 5_000

    let path: String
    private var connection: OpaquePointer?
    private var cache: [String: Statement] = [:]
    private var uses: UInt64 = 0
    /// Nil while SQLite makes its own checkpoints.
    var logWatch: LogWatch?

    /// Opens the file, or makes it. Throws at once when it is there and is no database.
    ///
    /// - Parameter makesFile: false throws when there is none.
    package init(
        path: String, busyTimeoutMilliseconds: Int32 = Database.defaultBusyTimeoutMilliseconds,
        makesFile: Bool = true
    ) throws(SQLiteError) {
        self.path = path
        var handle: OpaquePointer?
        // SQLite gives its files the database's own mode: nobody else reads what is written down here. A file that
        // is there is not opened: closing it would drop this process's locks on it (fcntl(2), F_SETLK).
        if makesFile, path != ":memory:" { Self.makePrivate(path) }
        // NOMUTEX: the owner keeps to one thread at a time, so SQLite need not lock.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
            | (makesFile ? SQLITE_OPEN_CREATE : 0)
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            let error = SQLiteError(handle: handle, code: code, path: path)
            sqlite3_close_v2(handle)
            throw error
        }
        connection = handle
        sqlite3_busy_timeout(handle, busyTimeoutMilliseconds)
        // Opening reads nothing; this does.
        try execute("PRAGMA schema_version")
    }

    private static func makePrivate(_ path: String) {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 { Glibc.close(file) }
    }

    deinit { close() }

    /// Finalises the statements and gives the file back. Using the database afterwards traps.
    package func close() {
        cache = [:]
        sqlite3_close_v2(connection)
        connection = nil
        logWatch = nil
    }

    /// Runs statements that return nothing; several may be separated by semicolons.
    package func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(open, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw SQLiteError(handle: open, code: code, path: path, sql: sql)
        }
    }

    /// Runs one statement with `?` parameters and returns its rows. Statements are prepared once and kept.
    @discardableResult
    package func run(_ sql: String, _ parameters: [SQLiteValue] = []) throws(SQLiteError) -> [SQLiteRow] {
        try statement(sql).run(parameters)
    }

    package var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(open) }
    /// Rows that the last INSERT, UPDATE or DELETE touched.
    package var changedRows: Int { Int(sqlite3_changes64(open)) }
    package var isInTransaction: Bool { sqlite3_get_autocommit(open) == 0 }
    /// The SQL of the statements that are kept, so that an owner can look at their query plans.
    package var preparedStatements: [String] { cache.keys.sorted() }
    var cachedStatements: Int { cache.count }

    var open: OpaquePointer {
        guard let connection else { preconditionFailure("the database \(path) was closed") }
        return connection
    }

    private func statement(_ sql: String) throws(SQLiteError) -> Statement {
        uses += 1
        if let known = cache[sql] {
            known.lastUse = uses
            return known
        }
        let fresh = try Statement(connection: open, path: path, sql: sql)
        if cache.count >= Self.maxCachedStatements,
            let oldest = cache.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        {
            cache[oldest] = nil
        }
        fresh.lastUse = uses
        cache[sql] = fresh
        return fresh
    }
}
