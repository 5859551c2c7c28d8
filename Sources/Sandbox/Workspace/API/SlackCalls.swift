import Foundation
import JSON
import Synchronization

/// One call of the Web API, as it came.
package struct SlackCall: Sendable {
    /// `chat.postMessage`
    package let method: String
    package let arguments: JSON
    package let time: Date
    /// `ok`, Slack's error code, or an HTTP status that is not 200.
    package let outcome: String
}

/// The newest calls, in the order in which they were answered.
package final class SlackCalls: Sendable {
    /// Older ones are forgotten.
    package static let maxCalls = 20_000

    private struct State {
        var calls: [SlackCall] = []
        var waiters: [Int: (condition: @Sendable ([SlackCall]) -> Bool, go: CheckedContinuation<Void, Never>)] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var all: [SlackCall] { state.withLock { $0.calls } }

    /// Those of one method.
    package func of(_ method: String) -> [SlackCall] { all.filter { $0.method == method } }

    package func clear() { state.withLock { $0.calls = [] } }

    /// Returns as soon as the calls fulfil the condition, or when the task is cancelled.
    package func wait(until condition: @escaping @Sendable ([SlackCall]) -> Bool) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if Task.isCancelled || condition(state.calls) { return true }
                    state.waiters[id] = (condition, continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.go.resume()
        }
    }

    func note(_ call: SlackCall) {
        let ready = state.withLock { state in
            state.calls.append(call)
            if state.calls.count > Self.maxCalls { state.calls.removeFirst(state.calls.count - Self.maxCalls) }
            let ready = state.waiters.filter { $0.value.condition(state.calls) }
            for id in ready.keys { state.waiters[id] = nil }
            return ready.values.map(\.go)
        }
        for waiter in ready { waiter.resume() }
    }
}
