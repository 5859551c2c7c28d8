import Synchronization
import TestSupport

@testable import Kubernetes

/// Time that passes when a test says so.
final class HandMovedClock: Sendable {
    private struct Sleeper {
        let duration: Duration
        let until: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = ContinuousClock.now
        var sleepers: [Int: Sleeper] = [:]
        var lastTicket = 0
    }

    private let state = Mutex(State())
    /// How long everybody sleeps who does.
    private let asleep = Watched<[Int: Duration]>([:])

    var timing: Timing {
        Timing(sleep: { try await self.sleep($0) }, random: { 0.5 }, now: { self.state.withLock { $0.now } })
    }

    /// Returns once as many sleep for that long as wanted.
    func sleepers(of duration: Duration, count: Int = 1) async throws {
        try await asleep.wait(for: "\(count) to sleep for \(duration)") { asleep in
            asleep.values.count { $0 == duration } >= count
        }
    }

    func advance(_ duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for ticket in due.keys { state.sleepers[ticket] = nil }
            return due
        }
        asleep.change { asleep in for ticket in due.keys { asleep[ticket] = nil } }
        for sleeper in due.values { sleeper.continuation.resume() }
    }

    private func sleep(_ duration: Duration) async throws {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { enter(ticket, duration, $0) }
        } onCancel: {
            wake(ticket)
        }
        try Task.checkCancellation()
    }

    private func enter(_ ticket: Int, _ duration: Duration, _ continuation: CheckedContinuation<Void, Never>) {
        let mustWait = state.withLock { state in
            guard duration > .zero, !Task.isCancelled else { return false }
            state.sleepers[ticket] = Sleeper(
                duration: duration, until: state.now + duration, continuation: continuation)
            return true
        }
        guard mustWait else { return continuation.resume() }
        asleep.change { $0[ticket] = duration }
        // It may have been woken in between.
        if state.withLock({ $0.sleepers[ticket] == nil }) { asleep.change { $0[ticket] = nil } }
    }

    private func wake(_ ticket: Int) {
        let sleeper = state.withLock { $0.sleepers.removeValue(forKey: ticket) }
        asleep.change { $0[ticket] = nil }
        sleeper?.continuation.resume()
    }
}
