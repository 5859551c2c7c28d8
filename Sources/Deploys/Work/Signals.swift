import Synchronization

/// Wakes a loop that waits for work: firing while nobody waits is remembered once.
package final class Signal: Sendable {
    private struct State {
        var hasFired = false
        var nextTicket = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var listeners: [Int: Signal] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func fire() {
        let (waiters, listeners) = state.withLock { state in
            defer { state.waiters = [:] }
            if state.waiters.isEmpty { state.hasFired = true }
            return (state.waiters.values, state.listeners.values)
        }
        for waiter in waiters { waiter.resume() }
        for listener in listeners { listener.fire() }
    }

    /// Has another signal fire whenever this one does, until nobody holds what is returned.
    package func forward(to listener: Signal) -> SignalWatch {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            state.listeners[state.nextTicket] = listener
            return state.nextTicket
        }
        return SignalWatch(signal: listener) { [self] in
            state.withLock { _ = $0.listeners.removeValue(forKey: ticket) }
        }
    }

    /// Returns at the next `fire`, at once when it fired since the last wait, or when the task is cancelled.
    package func wait() async {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { enter(ticket, $0) }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
        }
    }

    /// As `wait()`, and also when the time is over.
    package func wait(atMost limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    private func enter(_ ticket: Int, _ continuation: CheckedContinuation<Void, Never>) {
        let mustWait = state.withLock { state in
            // A cancellation before this point found no waiter to resume.
            if state.hasFired || Task.isCancelled {
                state.hasFired = false
                return false
            }
            state.waiters[ticket] = continuation
            return true
        }
        if !mustWait { continuation.resume() }
    }
}

/// Holds a place among those whom a signal tells, until nobody holds it.
package final class SignalWatch: Sendable {
    package let signal: Signal
    private let onEnd: @Sendable () -> Void

    package init(signal: Signal, onEnd: @escaping @Sendable () -> Void) {
        self.signal = signal
        self.onEnd = onEnd
    }

    deinit { onEnd() }
}

package struct Signals: Sendable {
    /// An operation was queued or has ended.
    package let work = Signal()
    /// A notice was written.
    package let notices = Signal()
    /// Branches should be looked at soon.
    package let looks = Signal()
    /// Somebody wants an operation to stop.
    package let cancellations = Cancellations()
    package init() {}
}
