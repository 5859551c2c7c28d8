import Deploys
import Foundation
import SQLite
import Synchronization

/// One connection to the journal's file and the thread that alone uses it, so that neither waiting for
/// the disk nor for a lock ever holds up the cooperative pool.
///
/// A writing thread commits in groups: whatever arrived while the last commit was on its way to the disk
/// shares the next one. Each job runs under a savepoint of its own, so one that fails is undone alone.
final class DatabaseThread: Sendable {
    enum Access { case reading, writing }

    /// Jobs that may wait; more are refused, so that a stuck disk does not fill the memory.
    static let maxQueuedJobs = 4_096
    /// Bounds how long the first job of a group waits for the others.
    static let maxJobsPerCommit = 512
    private static let stackBytes = 1 << 20

    private let queue = JobQueue(maxJobs: DatabaseThread.maxQueuedJobs)
    private let directory: String
    private let commitCount = Atomic(0)

    private init(directory: String) { self.directory = directory }

    deinit { queue.close() }

    /// - Parameters:
    ///   - keepAlive: held until the connection is closed: the directory's lock.
    ///   - open: runs on the new thread.
    static func start(
        _ access: Access, in directory: String, keepAlive: any Sendable,
        open: @escaping @Sendable () throws -> Database
    ) async throws(JournalError) -> DatabaseThread {
        let owner = DatabaseThread(directory: directory)
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
                    JobGroup(jobs, directory: directory).run(access, on: database) {
                        _ = owner?.commitCount.add(1, ordering: .relaxed)
                    }
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

    /// Runs `body` in a transaction; what it changed is on disk when this returns, and undone when it throws.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            let job = Job(
                work: { database in
                    let value = try body(database)
                    return { continuation.resume(returning: .success(value)) }
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
