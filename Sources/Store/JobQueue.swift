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

/// The jobs that wait for one thread, in two lanes, in order.
final class JobQueue: Sendable {
    enum Refusal: Error { case full, closed }

    /// Jobs of one lane that are done together.
    struct Turn {
        let lane: LaneShare.Lane
        let jobs: [Job]
    }

    private enum Next {
        case turn(Turn)
        /// Nil for until a job comes.
        case wait(nanoseconds: Int64?)
        case over
    }

    private struct State {
        var first: [Job] = []
        var ordinary: [Job] = []
        var share = LaneShare()
        var isClosed = false
        var hasEnded = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []

        mutating func next(upTo maxCount: Int) -> Next {
            guard !first.isEmpty || !ordinary.isEmpty else { return isClosed ? .over : .wait(nanoseconds: nil) }
            // Whoever closes the queue waits for all that is in it.
            let decision = isClosed
                ? .take(first.isEmpty ? .ordinary : .first)
                : share.decide(hasFirst: !first.isEmpty, hasOrdinary: !ordinary.isEmpty, now: JobGroup.clock())
            switch decision {
            case .wait(let nanoseconds): return .wait(nanoseconds: nanoseconds)
            case .take(.first): return .turn(Turn(lane: .first, jobs: Self.take(maxCount, from: &first)))
            case .take(.ordinary): return .turn(Turn(lane: .ordinary, jobs: Self.take(maxCount, from: &ordinary)))
            }
        }

        private static func take(_ maxCount: Int, from jobs: inout [Job]) -> [Job] {
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

    /// - Parameter maxJobs: in each lane.
    init(maxJobs: Int) { self.maxJobs = maxJobs }

    var count: Int { state.withLock { $0.first.count + $0.ordinary.count } }
    var hasFirst: Bool { state.withLock { !$0.first.isEmpty } }

    func append(_ job: Job, to lane: LaneShare.Lane) throws(Refusal) {
        let (refusal, mustWake): (Refusal?, Bool) = state.withLock { state in
            if state.isClosed { return (.closed, false) }
            switch lane {
            case .first:
                if state.first.count >= maxJobs { return (.full, false) }
                state.first.append(job)
                return (nil, state.first.count == 1)
            case .ordinary:
                if state.ordinary.count >= maxJobs { return (.full, false) }
                state.ordinary.append(job)
                return (nil, state.first.isEmpty && state.ordinary.count == 1)
            }
        }
        if let refusal { throw refusal }
        if mustWake { changed.signal() }
    }

    /// Waits for jobs and takes up to `maxCount` of one lane; nil when the queue is closed and empty. Blocks.
    func next(upTo maxCount: Int) -> Turn? {
        while true {
            switch state.withLock({ $0.next(upTo: maxCount) }) {
            case .turn(let turn): return turn
            case .over: return nil
            // Jobs that came while others were there were taken without a wait, so that some waits return for nothing.
            case .wait(nil): changed.wait()
            case .wait(let nanoseconds?): _ = changed.wait(timeout: .now() + .nanoseconds(Int(nanoseconds)))
            }
        }
    }

    /// A turn is over.
    /// - Parameter rest: jobs that were not begun; they come first again.
    func end(_ turn: Turn, nanoseconds: Int64, rest: ArraySlice<Job>) {
        state.withLock { state in
            state.share.note(turn.lane, nanoseconds: nanoseconds, now: JobGroup.clock())
            guard !rest.isEmpty else { return }
            switch turn.lane {
            case .first: state.first.insert(contentsOf: rest, at: 0)
            case .ordinary: state.ordinary.insert(contentsOf: rest, at: 0)
            }
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
