import Synchronization

/// A value that one task changes and another waits for.
package final class Watched<Value: Sendable>: Sendable {
    private struct Waiter {
        let isMet: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var lastTicket = 0
    }

    private let state: Mutex<State>

    /// Long enough for a machine that is busy with other things; a test that waits in vain ends with it.
    package static var timeLimit: Duration { .seconds(30) }

    package init(_ value: Value) { state = Mutex(State(value: value)) }

    package var value: Value { state.withLock { $0.value } }

    package func change(_ body: @Sendable (inout Value) -> Void) {
        let met = state.withLock { state in
            body(&state.value)
            let met = state.waiters.filter { $0.value.isMet(state.value) }
            for ticket in met.keys { state.waiters[ticket] = nil }
            return met.values.map(\.continuation)
        }
        for continuation in met { continuation.resume(returning: true) }
    }

    package func wait(for what: String, _ isMet: @escaping @Sendable (Value) -> Bool) async throws {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        let alarm = Task {
            try await Task.sleep(for: Self.timeLimit)
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.continuation.resume(returning: false)
        }
        defer { alarm.cancel() }
        let happened = await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if isMet(state.value) { return true }
                state.waiters[ticket] = Waiter(isMet: isMet, continuation: continuation)
                return false
            }
            if isOver { continuation.resume(returning: true) }
        }
        guard happened else { throw WaitedInVain(what: what, last: "\(value)") }
    }
}

package struct WaitedInVain: Error {
    let what: String
    let last: String
}
