import Deploys
import Synchronization

/// What is left to do after Slack has its answer; only so much of it at a time.
final class AfterWork: Sendable {
    private struct State {
        var running = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// More of it means that something hangs; Slack's own limits are far below.
    static let maxTasks = 2_000

    private let state = Mutex(State())
    private let log: Log
    private let tally: RequestTally

    init(log: Log, tally: RequestTally) {
        self.log = log
        self.tally = tally
    }

    /// - Returns: whether it was begun.
    @discardableResult
    func begin(_ work: @escaping @Sendable () async -> Void) -> Bool {
        let mayBegin = state.withLock { state in
            guard state.running < Self.maxTasks else { return false }
            state.running += 1
            return true
        }
        guard mayBegin else {
            tally.count(.lostAnswer)
            log.warning("an answer was dropped: \(Self.maxTasks) others wait for Slack")
            return false
        }
        Task {
            await work()
            end()
        }
        return true
    }

    private func end() {
        let waiters = state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when nothing is left.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.running > 0 { state.waiters.append(continuation) }
                return state.running == 0
            }
            if isOver { continuation.resume() }
        }
    }
}
