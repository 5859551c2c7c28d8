import Foundation
import SQLite

/// A copy of a journal under a name of its own, until it is known to be whole.
///
/// Dropping it removes what is there.
final class JournalCopy {
    private static let suffix = ".part"

    let path: String
    /// Holds the lock that says who writes here.
    private let file: Int32

    /// - Parameter target: what the copy is for, and beside which it is made.
    init(for target: String) throws(KeepingError) {
        path = target + Self.suffix
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system("\(path) can't be made") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw KeepingError("\(path) is being written by another process; wait until that one is done.")
        }
        // What somebody left behind who was interrupted.
        ftruncate(file, 0)
        fchmod(file, 0o600)
        removeCompanions()
    }

    deinit {
        Self.companions(of: path).forEach { unlink($0) }
        unlink(path)
        close(file)
    }

    /// Copies the database as of now, and reads the copy back.
    /// - Parameter waiting: requests that may be no operations there yet.
    func fill(from source: Database, adding waiting: [InboxTable.Entry] = []) throws -> JournalSummary {
        do {
            let copy = try Database(path: path)
            defer { copy.close() }
            // It is thrown away when this is interrupted, and synced when it is whole.
            try copy.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            try source.copy(to: copy)
            let known = DeduplicationTable(database: copy)
            for entry in waiting where try known.operation(for: entry.request.deduplicationKey) == nil {
                _ = try InboxTable(database: copy).insert(entry)
            }
        }
        return try check()
    }

    /// Reads it all, and makes one file of it, as it was when it said that it keeps a write-ahead log.
    func check() throws -> JournalSummary {
        let database = try Database(path: path, makesFile: false)
        defer { database.close() }
        try database.execute("PRAGMA journal_mode = DELETE")
        return try JournalSummary(checking: database, name: path)
    }

    /// On the disk, under its name, or nothing has happened.
    ///
    /// - Parameter overwriting: false throws when the name is taken.
    func put(at target: String, overwriting: Bool) throws(KeepingError) {
        try DiskFile.sync(path)
        if overwriting {
            guard rename(path, target) == 0 else { throw .system("\(target) can't be put in its place") }
        } else {
            try linkAnew(as: target)
        }
        try DiskFile.syncFolder(of: target)
    }

    /// A name can't be taken twice so, whoever else tries at the same moment. Some file systems have no links.
    private func linkAnew(as target: String) throws(KeepingError) {
        if link(path, target) == 0 { return }
        let isUnable = [EPERM, ENOTSUP, ENOSYS].contains(errno)
        guard isUnable, !DiskFile.exists(target) else { throw .system("\(target) can't be made") }
        guard rename(path, target) == 0 else { throw .system("\(target) can't be made") }
    }

    private func removeCompanions() { Self.companions(of: path).forEach { unlink($0) } }

    static func companions(of path: String) -> [String] { ["-journal", "-wal", "-shm"].map { path + $0 } }
}
