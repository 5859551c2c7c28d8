import Deploys
import Foundation
import SQLite
import Synchronization

/// The journal and the outbox in one SQLite file, `iterapp.db` in the state directory, with the inbox beside it.
///
/// Each file's writes go through one thread that commits them in groups, with the write-ahead log synced before
/// anyone is told (`synchronous=FULL`, https://www.sqlite.org/pragma.html#pragma_synchronous). Reads have
/// a connection of their own and see everything that was acknowledged before they began.
package final class SQLiteJournal: Journal, Outbox {
    let writer: DatabaseThread
    let reader: DatabaseThread
    let maxUnfinishedOperations: Int
    /// Of `InboxFile`.
    let inbox: DatabaseThread
    let memory = InboxMemory()
    /// Requests become operations by one task at a time, in their order.
    let unpacking = Turnstile()
    /// Ids of channels by their names: the same as on disk.
    let channels = Mutex<[String: String]>([:])
    private let directory: StateDirectory
    private let clock: @Sendable () -> Date

    /// Whatever asks more often than this would wait for days.
    package static let usualMaxUnfinishedOperations = 10_000

    private init(
        writer: DatabaseThread, reader: DatabaseThread, inbox: DatabaseThread, directory: StateDirectory,
        maxUnfinishedOperations: Int, clock: @escaping @Sendable () -> Date
    ) {
        self.writer = writer
        self.reader = reader
        self.inbox = inbox
        self.maxUnfinishedOperations = maxUnfinishedOperations
        self.directory = directory
        self.clock = clock
    }

    /// Opens the journal of a state directory, making both if they are missing.
    ///
    /// - Parameters:
    ///   - directory: used by one process at a time; a second one is refused.
    ///   - maxUnfinishedOperations: beyond so many that are queued or running, nothing more is accepted.
    ///   - clock: dates the notices of verbs that are not told the time.
    ///   - onLostDisk: told, in a sentence, that a sync has failed: nobody knows what is on the disk, and the process
    ///     should end. Every verb is refused from then on.
    package static func open(
        _ directory: URL, maxUnfinishedOperations: Int = usualMaxUnfinishedOperations,
        clock: @escaping @Sendable () -> Date = { Date() },
        onLostDisk: @escaping @Sendable (_ sentence: String) -> Void = { _ in }
    ) async throws(JournalError) -> SQLiteJournal {
        let state = try StateDirectory(directory)
        do {
            return try await open(state, maxUnfinishedOperations, clock, onLostDisk)
        } catch {
            // The thread that could not open it holds on to the directory until it has ended.
            state.unlock()
            throw error
        }
    }

    private static func open(
        _ state: StateDirectory, _ maxUnfinishedOperations: Int, _ clock: @escaping @Sendable () -> Date,
        _ onLostDisk: @escaping @Sendable (_ sentence: String) -> Void
    ) async throws(JournalError) -> SQLiteJournal {
        let writer = try await DatabaseThread.start(
            .writing, in: state.path, keepAlive: state, onLostDisk: onLostDisk
        ) { try openForWriting(state) }
        do {
            let inbox = try await DatabaseThread.start(
                .writing, in: state.path, keepAlive: state, onLostDisk: onLostDisk
            ) { try InboxFile(directory: state.path).open() }
            let reader = try await DatabaseThread.start(.reading, in: state.path, keepAlive: state) {
                let database = try Database(path: state.database)
                try database.execute("PRAGMA query_only = ON")
                return database
            }
            let journal = SQLiteJournal(
                writer: writer, reader: reader, inbox: inbox, directory: state,
                maxUnfinishedOperations: maxUnfinishedOperations, clock: clock)
            try await journal.remember()
            return journal
        } catch {
            await writer.close()
            throw error
        }
    }

    /// Takes in what is asked for so often that it is kept in memory.
    private func remember() async throws(JournalError) {
        let names = try await reader.run { [memory] database in
            memory.unfinishedOperations = try OperationTable(database: database).unfinishedCount()
            memory.register(try AppTable(database: database).registeredNames())
            return try ChannelTable(database: database).all()
        }
        channels.withLock { $0 = names }
        let (count, lastID) = try await inbox.run { try InboxTable(database: $0).extent() }
        memory.remember(waiting: count, lastID: lastID)
    }

    private static func openForWriting(_ state: StateDirectory) throws -> Database {
        let database = try Database(path: state.database)
        try database.keepWriteAheadLog(in: state.path)
        try database.execute("PRAGMA foreign_keys = ON")
        // What a savepoint could undo is worth nothing after a crash; in a file, it is most of what is written.
        try database.execute("PRAGMA temp_store = MEMORY")
        try Upgrade(database: database, directory: state.path).run()
        database.keepLog()
        return database
    }

    /// Finishes what was asked for, closes the file and lets others use the directory. Later calls are
    /// refused.
    package func close() async {
        await inbox.close()
        await reader.close()
        await writer.close()
        directory.unlock()
    }

    func now() -> Date { clock() }
}
