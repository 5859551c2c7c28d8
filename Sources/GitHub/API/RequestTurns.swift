import Synchronization

/// Bounds the requests that are under way; the others wait in order. GitHub takes 100 at once, of all that an
/// account does (docs.github.com, "Rate limits for the REST API", "About secondary rate limits").
final class RequestTurns: Sendable {
    static let maxRequests = 40

    private struct State {
        var running = 0
        var waiting: [SharedAnswer<Void>] = []
    }

    private let state = Mutex(State())

    /// - Throws: `.cancelled` when the task is cancelled before its turn; `body` is not called then.
    func pass<T: Sendable>(_ body: () async throws(GitHubError) -> T) async throws(GitHubError) -> T {
        let turn = SharedAnswer<Void>()
        let mayStart = state.withLock { state in
            guard state.running >= Self.maxRequests else {
                state.running += 1
                return true
            }
            state.waiting.append(turn)
            return false
        }
        if !mayStart, await turn.wait() == nil {
            giveUp(turn)
            throw .cancelled
        }
        defer { leave() }
        return try await body()
    }

    private func giveUp(_ turn: SharedAnswer<Void>) {
        let wasWaiting = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0 === turn }) else { return false }
            state.waiting.remove(at: index)
            return true
        }
        // Its turn had just come: the next one takes it.
        if !wasWaiting { leave() }
    }

    private func leave() {
        let next = state.withLock { state -> SharedAnswer<Void>? in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.give(())
    }
}
