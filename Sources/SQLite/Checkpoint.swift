import CSQLite

/// When the write-ahead log's pages are moved into the file, decided by the connection's owner.
///
/// SQLite's own checkpoints are part of a commit and hold up whoever waits for it, and their failures are told to
/// nobody (https://www.sqlite.org/c3ref/wal_autocheckpoint.html).
final class LogWatch {
    /// How many frames the log held after the last commit.
    private let frames = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    /// Takes the place of SQLite's own checkpoints.
    init(_ connection: OpaquePointer) {
        frames.initialize(to: 0)
        sqlite3_wal_hook(
            connection,
            { frames, _, _, count in
                frames?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            }, frames)
    }

    /// Only after the connection was closed.
    deinit { frames.deallocate() }

    var frameCount: Int { Int(frames.pointee) }
}

extension Database {
    /// From now on only `checkpoint` empties the log.
    package func keepLog() { logWatch = LogWatch(open) }

    /// Frames, of a page each, that the log held after the last commit; 0 before `keepLog`.
    package var logFrames: Int { logWatch?.frameCount ?? 0 }

    /// Moves the log's pages into the file as far as readers allow; they, and writers, go on meanwhile
    /// (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html, `SQLITE_CHECKPOINT_PASSIVE`). Both are synced.
    package func checkpoint() throws(SQLiteError) {
        let code = sqlite3_wal_checkpoint_v2(open, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else {
            throw SQLiteError(handle: open, code: code, path: path)
        }
    }
}
