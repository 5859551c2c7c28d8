import CSQLite
import Glibc

/// What SQLite refused, in words that say what to do next.
///
/// Values bound to parameters never appear in it: they may be secrets.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The extended result code: https://www.sqlite.org/rescode.html
    package let code: Int32
    /// `errno` of the failed system call below; 0 when there was none.
    package let systemErrno: Int32
    package let message: String

    package var description: String { "SQLite: \(message) (code \(code))" }

    /// A full disk shows as SQLITE_FULL when pages are written, but as an I/O error with ENOSPC when
    /// the write-ahead log's index grows or a file is synced.
    package var isDiskFull: Bool {
        primaryCode == SQLITE_FULL
            || (primaryCode == SQLITE_IOERR && [ENOSPC, EDQUOT].contains(systemErrno))
    }

    /// The disk did not confirm what was to be synced. Nobody knows what of it is there, and trying again would only
    /// seem to go well: the kernel counts such pages as written (fsync(2), "Notes").
    package var isFailedSync: Bool {
        code == SQLITE_IOERR | (4 << 8)  // SQLITE_IOERR_FSYNC
            || code == SQLITE_IOERR | (5 << 8)  // SQLITE_IOERR_DIR_FSYNC
    }

    /// Another connection held the lock for longer than the busy timeout.
    package var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }

    /// A UNIQUE, CHECK, FOREIGN KEY, NOT NULL or PRIMARY KEY constraint refused the change.
    package var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }

    package var isUniqueConstraint: Bool {
        code == SQLITE_CONSTRAINT | (8 << 8)  // SQLITE_CONSTRAINT_UNIQUE
            || code == SQLITE_CONSTRAINT | (6 << 8)  // SQLITE_CONSTRAINT_PRIMARYKEY
    }

    /// The file is damaged, or was never a database.
    package var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    private var primaryCode: Int32 { code & 0xFF }
}

extension SQLiteError {
    /// - Parameter sql: the statement, without its parameters' values.
    init(handle: OpaquePointer?, code: Int32, path: String, sql: String? = nil) {
        let text = handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        let said = text.map { String(cString: $0) } ?? "unknown error"
        // SQLite keeps the last errno; with any other code it is left over from an earlier call.
        let comesFromSystem = [SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FULL].contains(code & 0xFF)
        let failed = comesFromSystem ? handle.map { sqlite3_system_errno($0) } ?? 0 : 0
        let cause = failed == 0 ? said : "\(said): \(String(cString: strerror(failed)))"
        let message = Self.sentence(code: code, errno: failed, cause: cause, path: path, sql: sql)
        self.init(code: code, systemErrno: failed, message: message)
    }

    private static func sentence(
        code: Int32, errno failed: Int32, cause: String, path: String, sql: String?
    ) -> String {
        let primary = code & 0xFF
        if primary == SQLITE_FULL || (primary == SQLITE_IOERR && [ENOSPC, EDQUOT].contains(failed)) {
            return "the disk that holds \(path) is full (\(cause)); free some space, nothing was changed"
        }
        switch primary {
        case SQLITE_NOTADB:
            return "\(path) is not a SQLite database (\(cause)); move that file away or name another"
        case SQLITE_CORRUPT:
            return "\(path) is damaged (\(cause)); stop the program and restore the file from a backup"
        case SQLITE_CANTOPEN:
            return "cannot open \(path) (\(cause)); check that its directory exists and may be written to"
        case SQLITE_READONLY:
            return "\(path) cannot be written to (\(cause)); check the owner and mode of file and directory"
        case SQLITE_BUSY, SQLITE_LOCKED:
            return "\(path) is in use by another connection (\(cause)); is a second process running on it?"
        case SQLITE_IOERR:
            return "reading or writing \(path) failed (\(cause)); check the disk"
        default:
            return sql.map { "\(cause), in: \($0)" } ?? cause
        }
    }
}
