import Synchronization

/// Bounds the requests that are under way; the others wait in order.
///
/// Measured: an API server takes 100 streams on one HTTP/2 connection. With more requests at once, connections would
/// multiply; the shared watches have to fit in, too.
final class RequestGate: Sendable {
    static let maxRequests = 64

    private struct State {
        var running = 0
        var lastTicket = 0
        /// In order of their tickets; those who gave up are no longer in `waiting`.
        var order: [Int] = []
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var cancelledEarly: Set<Int> = []
    }

    private let state = Mutex(State())

    /// - Throws: `.cancelled` when the task is cancelled before its turn; `body` is not called then.
    func pass<T: Sendable>(
        _ body: () async throws(KubernetesError) -> T
    ) async throws(KubernetesError) -> T {
        guard await enter() else { throw .cancelled }
        defer { leave() }
        return try await body()
    }

    private func enter() async -> Bool {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        defer { state.withLock { _ = $0.cancelledEarly.remove(ticket) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { turn in wait(ticket, turn) }
        } onCancel: {
            giveUp(ticket)
        }
    }

    private func wait(_ ticket: Int, _ turn: CheckedContinuation<Bool, Never>) {
        let answer = state.withLock { state -> Bool? in
            if state.cancelledEarly.contains(ticket) { return false }
            if state.running < Self.maxRequests {
                state.running += 1
                return true
            }
            state.order.append(ticket)
            state.waiting[ticket] = turn
            return nil
        }
        if let answer { turn.resume(returning: answer) }
    }

    private func giveUp(_ ticket: Int) {
        let turn = state.withLock { state in
            let turn = state.waiting.removeValue(forKey: ticket)
            // Cancelled before it waits, or while its turn is there already.
            if turn == nil { state.cancelledEarly.insert(ticket) }
            return turn
        }
        turn?.resume(returning: false)
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            while !state.order.isEmpty {
                if let turn = state.waiting.removeValue(forKey: state.order.removeFirst()) { return turn }
            }
            state.running -= 1
            return nil
        }
        next?.resume(returning: true)
    }
}
