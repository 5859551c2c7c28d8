import Deploys
import Foundation
import SQLite

/// Brings a journal's file to this program's format, after that has worked on a copy.
///
/// The copy is taken through all steps in one transaction, which is undone once the outcome was looked at: so it is
/// what the journal was before, and is kept as that. The real file goes through the same steps in one transaction,
/// too: a crash leaves it in the old format or the new one. It is not replaced by the copy, as a write-ahead log that
/// belongs to the one must never meet the other.
struct Upgrade {
    let database: Database
    /// Of the state directory.
    let directory: String
    var steps = Schema.steps
    var freeBytes: (String) -> Int? = DiskFile.freeBytes

    /// Nothing is copied when there is nothing to do, or nothing to lose.
    func run() throws {
        let format = try Schema.format(of: database, in: directory, steps: steps)
        guard format < steps.count else { return }
        if format > 0 {
            do { try rehearse(from: format) } catch { throw explained(error) }
        }
        try Schema.migrate(database, in: directory, steps: steps)
    }

    /// What the journal was before it got a format beyond this one.
    static func keptName(of directory: String, before format: Int) -> String {
        StateDirectory.database(in: directory) + "\(keptSuffix)\(format)"
    }

    private static let keptSuffix = ".before-format-"

    private func rehearse(from format: Int) throws {
        try refuseWithoutRoom()
        let target = Self.keptName(of: directory, before: format + 1)
        let copy = try JournalCopy(for: target)
        let before = try copy.fill(from: database)
        try perform(on: copy.path, from: before)
        try copy.put(at: target, overwriting: true)
        forgetOlder(than: target)
    }

    private func perform(on path: String, from before: JournalSummary) throws {
        let copy = try Database(path: path, makesFile: false)
        defer { copy.close() }
        try copy.execute("PRAGMA foreign_keys = ON; BEGIN IMMEDIATE")
        defer { try? copy.execute("ROLLBACK") }
        try Schema.apply(steps, to: copy, from: before.format)
        let after = try JournalSummary(checking: copy, name: "the copy", knownFormats: steps.count)
        guard after.apps == before.apps, after.operations == before.operations,
            after.unfinished == before.unfinished
        else { throw KeepingError("Apps or operations were lost.") }
    }

    /// The copy itself, and what the write-ahead log of the real file may take.
    private func refuseWithoutRoom() throws {
        let pages = try JournalSummary.count(
            database, "SELECT page_count * page_size AS count FROM pragma_page_count, pragma_page_size")
        let needed = 2 * pages
        guard let free = freeBytes(directory), free < needed else { return }
        throw KeepingError(
            "That needs \(needed >> 20) MiB, and \(free >> 20) are free: make space, and start again.")
    }

    private func explained(_ error: any Error) -> JournalError {
        .unavailable(
            "the journal in \(directory) is of an older format, and bringing a copy of it to this version's did not "
                + "work: \(KeepingError(error).sentence) The journal is as it was: the version of iterapp that ran "
                + "before can go on with it")
    }

    private func forgetOlder(than target: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for path in names.map({ directory + "/" + $0 })
        where path.hasPrefix(StateDirectory.database(in: directory) + Self.keptSuffix) && path != target {
            unlink(path)
        }
    }
}
