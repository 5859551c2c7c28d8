import Deploys
import SQLite

extension Database {
    /// What the write-ahead log is cut down to after it has grown.
    private static let maxKeptLogBytes = 16 << 20

    /// What is committed from now on is on the disk, and readers go on meanwhile
    /// (https://www.sqlite.org/pragma.html#pragma_synchronous).
    ///
    /// - Parameter directory: the state directory.
    func keepWriteAheadLog(in directory: String) throws {
        guard try run("PRAGMA journal_mode = WAL").first?.text("journal_mode") == "wal" else {
            throw JournalError.unavailable(
                "the disk that holds \(directory) can't keep a write-ahead log, as a network share can't; "
                    + "name a directory on a local disk in ITERAPP_STATE_DIR")
        }
        try execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = \(Self.maxKeptLogBytes)")
    }
}
