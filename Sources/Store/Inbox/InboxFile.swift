import Deploys
import Foundation
import SQLite

/// The file in which requests stand until they are operations, beside the journal: whoever waits for an acknowledgement
/// waits for this file's small commits only, whatever is written into the journal meanwhile.
///
/// A request that stands here and in the journal, after a crash between two commits, becomes one operation.
struct InboxFile {
    private static let format = 1
    private static let name = "iterapp-inbox.db"

    /// Of the state directory.
    let directory: String

    private var path: String { directory + "/" + Self.name }
    private var files: [String] { [path] + JournalCopy.companions(of: path) }
    /// What it takes of the disk, in bytes; and what its write-ahead log does.
    var bytes: Int { DiskFile.bytes(path) ?? 0 }
    var logBytes: Int { DiskFile.bytes(path + "-wal") ?? 0 }

    func isAmong(_ name: String) -> Bool { name.hasPrefix(Self.name) }

    /// Makes it if it is missing, and takes over what older versions kept in the journal's own file.
    func open() throws -> Database {
        let database = try Database(path: path)
        try database.keepWriteAheadLog(in: directory)
        switch try database.run("PRAGMA user_version").first?.integer("user_version") {
        case 0:
            try database.transaction {
                try database.execute(Schema.inboxTable(key: "TEXT") + "PRAGMA user_version = \(Self.format)")
            }
        case Int64(Self.format): break
        default:
            throw JournalError.unavailable(
                "\(path) was written by a newer iterapp; run that version, or name another directory in "
                    + "ITERAPP_STATE_DIR")
        }
        let journal = try Database(path: StateDirectory.database(in: directory), makesFile: false)
        defer { journal.close() }
        try Self.move(from: journal, to: database)
        database.keepLog()
        return database
    }

    /// What waits; whatever is no operation in the journal a moment later stands here.
    func entries() throws -> [InboxTable.Entry] {
        guard DiskFile.exists(path) else { return [] }
        let database = try Database(path: path, makesFile: false)
        defer { database.close() }
        // Killed while it was made.
        guard try database.run("PRAGMA user_version").first?.integer("user_version") != 0 else { return [] }
        return try InboxTable(database: database).all()
    }

    /// Puts what waits into a journal that is set aside, whose service does not run, and removes the file.
    func fold(into journal: Database) throws {
        let inbox = InboxTable(database: journal)
        let entries = try entries()
        if !entries.isEmpty { try journal.transaction { try entries.forEach { _ = try inbox.insert($0) } } }
        files.forEach { unlink($0) }
    }

    /// Gives the files another name, with what nobody can read.
    func setAside(suffix: String) {
        for (from, to) in zip(files, [path + suffix] + JournalCopy.companions(of: path + suffix)) { rename(from, to) }
    }

    private static func move(from journal: Database, to database: Database) throws {
        let former = InboxTable(database: journal)
        let entries = try former.all()
        guard let last = entries.last else { return }
        let inbox = InboxTable(database: database)
        try database.transaction { try entries.forEach { _ = try inbox.insert($0) } }
        try journal.transaction { try former.remove(upTo: last.id) }
    }
}
