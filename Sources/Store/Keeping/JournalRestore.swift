import Deploys
import Foundation
import SQLite

/// Puts a backup in a journal's place.
///
/// Since the backup was made, the world went on: what waited in it has been done, messages were posted, releases went
/// live. So nothing of it is taken up by itself: see `RestoredJournal`.
package enum JournalRestore {
    /// What the journal that was there is called afterwards.
    package static let previousSuffix = ".before-restore"

    /// Blocks until the backup is in place, on the disk; a crash at any point leaves one journal or the other.
    ///
    /// - Parameters:
    ///   - file: as `JournalBackup` made it, of this format or an older one. It stays as it is.
    ///   - directory: the state directory, made when it is missing. No service may run there.
    ///   - ending: what is to be said about an operation that had not ended, from what was said last.
    /// - Throws: `KeepingError`; the journal that was there stays in its place then.
    package static func put(
        _ file: String, into directory: String, at now: Date, ending: (Deploys.Operation, Report) -> Report
    ) throws(KeepingError) -> RestoredJournal {
        guard DiskFile.exists(file) else { throw KeepingError("There is no file \(file).") }
        do {
            let state = try StateDirectory(URL(filePath: directory, directoryHint: .isDirectory))
            defer { state.unlock() }
            let copy = try JournalCopy(for: state.database + ".restored")
            let found = try fill(copy, from: file)
            let ended = try settle(copy, in: directory, at: now, ending: ending)
            let previous = try keepPrevious(state.database)
            try copy.put(at: state.database, overwriting: true)
            return RestoredJournal(found: found, ended: ended, previous: previous)
        } catch { throw KeepingError(error) }
    }

    private static func fill(_ copy: JournalCopy, from file: String) throws -> JournalSummary {
        let backup = try Database(path: file, makesFile: false)
        defer { backup.close() }
        return try copy.fill(from: backup)
    }

    private static func settle(
        _ copy: JournalCopy, in directory: String, at now: Date,
        ending: (Deploys.Operation, Report) -> Report
    ) throws -> [Deploys.Operation] {
        let database = try Database(path: copy.path, makesFile: false)
        defer { database.close() }
        try database.execute("PRAGMA foreign_keys = ON")
        try Schema.migrate(database, in: directory)
        return try database.transaction {
            try RestoredJournal.settle(database, at: now, ending: ending)
        }
    }

    /// The file gets a second name, so that there is one with the first name at every moment. Its write-ahead log goes
    /// into it before: a log that stayed would be taken for the new file's.
    ///
    /// - Returns: its name; nil when there was none.
    private static func keepPrevious(_ database: String) throws -> String? {
        let kept = database + previousSuffix
        let companions = JournalCopy.companions(of: database)
        let inbox = InboxFile(directory: DiskFile.folder(of: database))
        guard DiskFile.exists(database) else {
            companions.forEach { unlink($0) }
            inbox.setAside(suffix: previousSuffix)
            return nil
        }
        for old in JournalCopy.companions(of: kept) + [kept] { unlink(old) }
        do {
            let previous = try Database(path: database, makesFile: false)
            defer { previous.close() }
            try inbox.fold(into: previous)
            try previous.execute("PRAGMA journal_mode = DELETE")
        } catch let error as SQLiteError where error.isCorrupt {
            // What can't be read may be worth something to somebody with tools.
            for (from, to) in zip(companions, JournalCopy.companions(of: kept)) { rename(from, to) }
            inbox.setAside(suffix: previousSuffix)
        }
        guard link(database, kept) == 0 || rename(database, kept) == 0 else {
            throw KeepingError.system("\(kept) can't be made")
        }
        return kept
    }
}
