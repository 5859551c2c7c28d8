import Deploys
import Dispatch
import SQLite
import Synchronization

/// Work for a connection's thread, with its two possible ends.
struct Job: Sendable {
    /// Whether an error undoes what the job had changed before. One that changes only one row needs no savepoint.
    var isUndoneAlone = true
    /// Does the work and returns what tells its caller so, to be called once the work is on disk.
    let work: @Sendable (Database) throws -> @Sendable () -> Void
    let fail: @Sendable (JournalError) -> Void
}

/// The jobs that wait for one thread, in order.
final class JobQueue: Sendable {
    enum Refusal: Error { case full, closed }

    private struct State {
        var jobs: [Job] = []
        var isClosed = false
        var hasEnded = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []

        mutating func take(upTo maxCount: Int) -> [Job] {
            guard jobs.count > maxCount else {
                var all: [Job] = []
                swap(&all, &jobs)
                return all
            }
            let taken = Array(jobs.prefix(maxCount))
            jobs.removeFirst(maxCount)
            return taken
        }
    }

    private let state = Mutex(State())
    private let changed = DispatchSemaphore(value: 0)
    private let maxJobs: Int

    init(maxJobs: Int) { self.maxJobs = maxJobs }

    var count: Int { state.withLock { $0.jobs.count } }

    func append(_ job: Job) throws(Refusal) {
        let (refusal, mustWake): (Refusal?, Bool) = state.withLock { state in
            if state.isClosed { return (.closed, false) }
            if state.jobs.count >= maxJobs { return (.full, false) }
            state.jobs.append(job)
            return (nil, state.jobs.count == 1)
        }
        if let refusal { throw refusal }
        if mustWake { changed.signal() }
    }

    /// Waits for jobs and takes up to `maxCount`; nil when the queue is closed and empty. Blocks.
    func next(upTo maxCount: Int) -> [Job]? {
        while true {
            let (jobs, isOver) = state.withLock { state in
                (state.take(upTo: maxCount), state.isClosed)
            }
            if !jobs.isEmpty { return jobs }
            if isOver { return nil }
            // Jobs that came while others were there were taken without a wait, so that some waits return for nothing.
            changed.wait()
        }
    }

    /// Takes no further jobs; those that wait are still done.
    func close() {
        state.withLock { $0.isClosed = true }
        changed.signal()
    }

    /// The thread has gone; whoever waited for that continues.
    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waitingForEnd.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }
}
