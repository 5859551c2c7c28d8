import Foundation
import Synchronization

/// Time and chance, handed in so that tests decide on them.
package struct Timing: Sendable {
    /// Throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// At least 0 and below 1, evenly spread.
    package var random: @Sendable () -> Double
    package var now: @Sendable () -> ContinuousClock.Instant
    /// What this machine takes for the time of day; it may be wrong.
    package var wallClock: @Sendable () -> Date

    package init(
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double,
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        wallClock: @escaping @Sendable () -> Date = { Date.now }
    ) {
        self.sleep = sleep
        self.random = random
        self.now = now
        self.wallClock = wallClock
    }

    package static let system = Timing(
        sleep: { try await Task.sleep(for: $0) },
        random: { Double.random(in: 0..<1) },
        now: { ContinuousClock.now })
}

extension Timing {
    /// Gives up after `limit`, or when the task is cancelled, even on a value whose making does not heed cancellation:
    /// in a task group, everybody would wait for it. What would have brought the value is cancelled then.
    /// - Returns: nil when the value did not come in time.
    func within<Value: Sendable>(
        _ limit: Duration, _ value: @escaping @Sendable () async -> Value?
    ) async -> Value? {
        let first = FirstAnswer<Value?>()
        let work = Task { first.give(await value()) }
        let timer = Task {
            try? await sleep(limit)
            first.give(nil)
        }
        defer {
            work.cancel()
            timer.cancel()
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { first.wait($0) }
        } onCancel: {
            first.give(nil)
        }
    }
}

/// The first of several answers, for one who waits for it.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private struct State {
        var answer: Value?
        var waiter: CheckedContinuation<Value, Never>?
    }

    private let state = Mutex(State())

    func give(_ answer: Value) {
        let waiter = state.withLock { state -> CheckedContinuation<Value, Never>? in
            guard state.answer == nil else { return nil }
            state.answer = .some(answer)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: answer)
    }

    func wait(_ waiter: CheckedContinuation<Value, Never>) {
        let answer = state.withLock { state in
            if state.answer == nil { state.waiter = waiter }
            return state.answer
        }
        if let answer { waiter.resume(returning: answer) }
    }
}
