import Foundation
import SQLite

/// A copy of a state directory's journal, made while a service works there.
///
/// The directory's lock is not asked for: SQLite's own locks let a reader have its snapshot beside a writer in another
/// process. The page-wise copy is chosen over `VACUUM INTO`, which would write every row anew and take many times as
/// long, while the write-ahead log of the service can't be cut.
package enum JournalBackup {
    /// Blocks until the copy is on the disk.
    ///
    /// - Parameters:
    ///   - directory: the state directory.
    ///   - overwriting: whether a file with that name gives way to the copy, once that is whole.
    /// - Throws: `KeepingError`; nothing has changed then.
    package static func make(
        of directory: String, at file: String, overwriting: Bool
    ) throws(KeepingError) -> JournalSummary {
        let source = StateDirectory.database(in: directory)
        guard DiskFile.exists(directory) else {
            throw KeepingError("There is no state directory \(directory); name it in ITERAPP_STATE_DIR.")
        }
        guard DiskFile.exists(source) else {
            throw KeepingError("There is no journal in \(directory); name its state directory in ITERAPP_STATE_DIR.")
        }
        let target = try place(file, beside: source, overwriting: overwriting)
        do {
            let copy = try JournalCopy(for: target)
            // First: what becomes an operation meanwhile is in the journal.
            let waiting = try InboxFile(directory: directory).entries()
            let database = try Database(path: source, makesFile: false)
            defer { database.close() }
            try database.execute("PRAGMA query_only = ON")
            let summary = try copy.fill(from: database, adding: waiting)
            try copy.put(at: target, overwriting: overwriting)
            return summary
        } catch { throw KeepingError(error) }
    }

    private static func place(
        _ file: String, beside source: String, overwriting: Bool
    ) throws(KeepingError) -> String {
        let target = URL(filePath: file)
        let folder = target.deletingLastPathComponent().resolvingSymlinksInPath().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw KeepingError("There is no folder \(folder) for the backup; make it, or name another file.")
        }
        if FileManager.default.fileExists(atPath: target.path, isDirectory: &isFolder), isFolder.boolValue {
            throw KeepingError("\(file) is a folder; name a file.")
        }
        let journal = URL(filePath: source)
        let isAmongItsFiles = journal.deletingLastPathComponent().resolvingSymlinksInPath().path == folder
            && (target.lastPathComponent.hasPrefix(journal.lastPathComponent)
                || InboxFile(directory: folder).isAmong(target.lastPathComponent))
        guard !isAmongItsFiles else {
            throw KeepingError("\(file) is one of the journal's own files; name another one.")
        }
        guard overwriting || !DiskFile.exists(target.path) else {
            throw KeepingError("\(file) exists; name another file, or say --overwrite.")
        }
        return target.path
    }
}
