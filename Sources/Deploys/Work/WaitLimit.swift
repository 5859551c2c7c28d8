import Synchronization

/// Waits for work only so long; the work goes on all the same.
package struct WaitLimit: Sendable {
    let limit: Duration

    package init(_ limit: Duration) { self.limit = limit }

    package var milliseconds: Int { Int(limit / .milliseconds(1)) }

    /// - Returns: nil when the time is over first.
    package func result<Value: Sendable>(of work: Task<Value, Never>) async -> Value? {
        let race = Race<Value>()
        return await withCheckedContinuation { continuation in
            race.begin(continuation)
            let alarm = Task {
                try? await Task.sleep(for: limit)
                race.end(nil)
            }
            Task {
                race.end(await work.value)
                alarm.cancel()
            }
        }
    }
}

/// Whoever ends it first has won.
private final class Race<Value: Sendable>: Sendable {
    private let waiter = Mutex<CheckedContinuation<Value?, Never>?>(nil)

    func begin(_ continuation: CheckedContinuation<Value?, Never>) { waiter.withLock { $0 = continuation } }

    func end(_ value: Value?) {
        let waiting = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        waiting?.resume(returning: value)
    }
}
