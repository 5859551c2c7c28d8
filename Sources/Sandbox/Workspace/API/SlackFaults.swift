import HTTP
import JSON
import Synchronization

/// What can be made to go wrong with the stand-in, so that its clients can be tested. Nothing does by itself.
package final class SlackFaults: Sendable {
    package enum Fault: Sendable {
        /// An HTTP status, before anything is done. 429 never comes without `Retry-After`.
        case status(Int, retryAfterSeconds: Int? = nil)
        /// 200 with `ok: false` and this error, before anything is done.
        case refuse(String)
        /// The connection breaks before anything is done.
        case cut
        /// Everything is done, then the connection breaks instead of an answer.
        case dropAnswer
        /// Everything is done, then the answer is a gateway's 502.
        case badGateway
        /// No answer, and nothing done, until the client gives up or the faults are cleared.
        case hang
        /// Everything is done, but there is no answer until the client gives up or the faults are cleared.
        case hangAfterwards
        /// An answer that is late.
        case delay(Duration)
    }

    private struct Plan {
        var count: Int
        let fault: Fault
        let method: String?
        let matches: @Sendable (JSON) -> Bool
    }

    private struct State {
        var plans: [Plan] = []
        var hanging: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextHanging = 0
        var watchers: [(count: Int, go: CheckedContinuation<Void, Never>)] = []

        mutating func readyWatchers() -> [CheckedContinuation<Void, Never>] {
            let count = hanging.count
            defer { watchers.removeAll { $0.count <= count } }
            return watchers.filter { $0.count <= count }.map(\.go)
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// Spoils the next calls; plans are used up in the order in which they were made.
    ///
    /// - Parameters:
    ///   - method: as `chat.update`; `response_url` and `upload` are ones, too. Nil means all.
    ///   - matching: which calls are meant, by their arguments.
    package func next(
        _ count: Int = 1, _ fault: Fault, of method: String? = nil,
        matching: @escaping @Sendable (JSON) -> Bool = { _ in true }
    ) {
        guard count > 0 else { return }
        state.withLock { $0.plans.append(Plan(count: count, fault: fault, method: method, matches: matching)) }
    }

    /// Ends all faults, and lets go of those that hang.
    package func clear() {
        let waiting = state.withLock { state in
            defer { state = State(nextHanging: state.nextHanging) }
            return Array(state.hanging.values) + state.watchers.map(\.go)
        }
        for waiter in waiting { waiter.resume() }
    }

    /// Returns when so many calls hang, or at `clear`.
    package func wait(untilHanging count: Int) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let ready = state.withLock { state in
                state.watchers.append((count, continuation))
                return state.readyWatchers()
            }
            for watcher in ready { watcher.resume() }
        }
    }

    func take(_ method: String, _ arguments: JSON) -> Fault? {
        state.withLock { state in
            let index = state.plans.firstIndex { plan in
                (plan.method == nil || plan.method == method) && plan.matches(arguments)
            }
            guard let index else { return nil }
            state.plans[index].count -= 1
            let fault = state.plans[index].fault
            if state.plans[index].count == 0 { state.plans.remove(at: index) }
            return fault
        }
    }

    /// Until the client goes away, or `clear`.
    func hang() async {
        let id = state.withLock { state in
            state.nextHanging += 1
            return state.nextHanging
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let ready = state.withLock { state in
                    if Task.isCancelled { return [continuation] }
                    state.hanging[id] = continuation
                    return state.readyWatchers()
                }
                for waiter in ready { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.hanging.removeValue(forKey: id) }?.resume()
        }
    }

    /// Breaks the connection that it is sent over.
    static var brokenAnswer: HTTPResponse {
        struct Broken: Error {}
        return HTTPResponse(status: 200, body: .stream(AsyncThrowingStream { throw Broken() }))
    }
}
