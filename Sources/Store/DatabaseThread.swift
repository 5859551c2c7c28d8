import Deploys
import Dispatch
import Foundation
import SQLite
import Synchronization

/// One connection to a file of the journal's and the thread that alone uses it, so that neither waiting for
/// the disk nor for a lock ever holds up the cooperative pool.
///
/// A writing thread commits in groups: whatever arrived while the last commit was on its way to the disk
/// shares the next one. Each job runs under a savepoint of its own, so one that fails is undone alone.
///
/// After a sync that failed nothing more is written: what is on the disk is known to whoever reads it next.
final class DatabaseThread: Sendable {
    enum Access { case reading, writing }

    /// Jobs that may wait; more are refused, so that a stuck disk does not fill the memory.
    static let maxQueuedJobs = 4_096
    /// Bounds how long the first job of a group waits for the others.
    static let maxJobsPerCommit = 512
    private static let stackBytes = 1 << 20

    /// Frames of the write-ahead log after which its pages are moved into the file.
    private static let maxLogFrames = 1_000

    /// A group that takes longer waits for a disk that does not answer.
    static let maxGroupNanoseconds: UInt64 = 1_000_000_000

    private let queue = JobQueue(maxJobs: DatabaseThread.maxQueuedJobs)
    private let directory: String
    private let commitCount = Atomic(0)
    /// When the group was begun that is under way, in the machine's uptime; 0 while there is none.
    private let groupBegan = Atomic<UInt64>(0)
    private let onLostDisk: @Sendable (_ sentence: String) -> Void

    private init(directory: String, onLostDisk: @escaping @Sendable (_ sentence: String) -> Void) {
        self.directory = directory
        self.onLostDisk = onLostDisk
    }

    deinit { queue.close() }

    /// - Parameters:
    ///   - keepAlive: held until the connection is closed: the directory's lock.
    ///   - onLostDisk: told why the disk can't be relied on any more, before anybody is told anything else.
    ///   - open: runs on the new thread.
    static func start(
        _ access: Access, in directory: String, keepAlive: any Sendable,
        onLostDisk: @escaping @Sendable (_ sentence: String) -> Void = { _ in },
        open: @escaping @Sendable () throws -> Database
    ) async throws(JournalError) -> DatabaseThread {
        let owner = DatabaseThread(directory: directory, onLostDisk: onLostDisk)
        let result: Result<Void, JournalError> = await withCheckedContinuation { continuation in
            // The thread holds the queue and not its owner, so that dropping the owner ends the thread.
            let thread = Thread { [queue = owner.queue, weak owner] in
                defer { withExtendedLifetime(keepAlive) { queue.end() } }
                let database: Database
                do {
                    database = try open()
                } catch {
                    return continuation.resume(returning: .failure(JournalError(error, in: directory)))
                }
                continuation.resume(returning: .success(()))
                while let jobs = queue.next(upTo: access == .writing ? maxJobsPerCommit : 1) {
                    owner?.begin()
                    JobGroup(jobs, directory: directory).run(access, on: database) { owner?.note($0) }
                    if database.logFrames >= maxLogFrames { owner?.checkpoint(database) }
                    owner?.groupBegan.store(0, ordering: .relaxed)
                }
                database.close()
            }
            thread.name = access == .writing ? "journal-write" : "journal-read"
            thread.stackSize = stackBytes
            thread.start()
        }
        try result.get()
        return owner
    }

    /// Groups that were committed so far.
    var commits: Int { commitCount.load(ordering: .relaxed) }
    var queuedJobs: Int { queue.count }
    /// Whether what is begun does not end, so that whatever comes now would wait for nobody knows how long.
    var isStalled: Bool {
        let began = groupBegan.load(ordering: .relaxed)
        return began > 0 && DispatchTime.now().uptimeNanoseconds > began + Self.maxGroupNanoseconds
    }

    private func begin() { groupBegan.store(DispatchTime.now().uptimeNanoseconds, ordering: .relaxed) }

    /// A group has ended.
    private func note(_ error: (any Error)?) {
        guard let error else {
            commitCount.add(1, ordering: .relaxed)
            return
        }
        if let error = error as? SQLiteError, error.isFailedSync { loseDisk(error) }
    }

    private func loseDisk(_ error: SQLiteError) {
        onLostDisk(
            "the journal in \(directory) could not be synced: \(error.message). What is on that disk is unknown, so "
                + "nothing more is acknowledged; the next start reads what is really there")
        queue.close()
    }

    /// Behind everybody's back: whoever waits has been told.
    private func checkpoint(_ database: Database) {
        do throws(SQLiteError) { try database.checkpoint() } catch {
            // All that was acknowledged is in the log all the same; a full disk is told of by the next write.
            if error.isFailedSync { loseDisk(error) }
        }
    }

    /// Runs `body` in a transaction; what it changed is on disk when this returns, and undone when it throws.
    /// - Parameter then: called on this thread once it is on disk, before anybody is told and before later jobs begin.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        then: @escaping @Sendable (Value) -> Void = { _ in }
    ) async throws(JournalError) -> Value {
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            let job = Job(
                work: { database in
                    let value = try body(database)
                    return {
                        then(value)
                        continuation.resume(returning: .success(value))
                    }
                },
                fail: { continuation.resume(returning: .failure($0)) })
            do throws(JobQueue.Refusal) {
                try queue.append(job)
            } catch {
                job.fail(refused(error))
            }
        }
        return try result.get()
    }

    /// The same for a body that changes one row at most, without waiting for it.
    /// - Parameter told: called once, on this thread or at once; must not block.
    func submit<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        told: @escaping @Sendable (Result<Value, JournalError>) -> Void
    ) {
        let job = Job(
            isUndoneAlone: false,
            work: { database in
                let value = try body(database)
                return { told(.success(value)) }
            },
            fail: { told(.failure($0)) })
        do throws(JobQueue.Refusal) {
            try queue.append(job)
        } catch {
            job.fail(refused(error))
        }
    }

    private func refused(_ refusal: JobQueue.Refusal) -> JournalError {
        switch refusal {
        case .full:
            .unavailable(
                "the journal in \(directory) can't keep up: \(Self.maxQueuedJobs) requests wait for "
                    + "the disk; try again in a moment")
        case .closed:
            .unavailable(
                "the journal in \(directory) is closed: the service is stopping; try again in a moment")
        }
    }

    /// Finishes what waits and closes the connection.
    func close() async {
        queue.close()
        await queue.waitForEnd()
    }
}
