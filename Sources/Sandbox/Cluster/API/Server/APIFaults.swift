import Foundation
import JSON
import Synchronization

/// What can be made to go wrong with the embedded API, so that its clients can be tested. Nothing does by
/// itself.
package final class APIFaults: Sendable {
    private struct Refusal {
        var count: Int
        let error: APIError
        let matches: @Sendable (_ method: String, _ path: String) -> Bool
    }

    private struct State {
        var refusals: [Refusal] = []
        var cuts = 0
        var expiresByStatus = false
    }

    private let state = Mutex(State())

    /// Answers the next requests with an error, before anything is looked at.
    ///
    /// - Parameters:
    ///   - status: 429, 500, 503, 504, …
    ///   - retryAfterSeconds: sent as `Retry-After`; nil sends none, but with 429, which never comes without.
    ///   - matching: which requests are meant, by their method and path; the others are answered as always.
    package func refuseNext(
        _ count: Int, status: Int, retryAfterSeconds: Int? = nil,
        matching: @escaping @Sendable (_ method: String, _ path: String) -> Bool = { _, _ in true }
    ) {
        let error = Self.error(status, retryAfterSeconds ?? (status == 429 ? 1 : nil))
        state.withLock { $0.refusals.append(Refusal(count: count, error: error, matches: matching)) }
    }

    /// Ends the next watches that have something to tell in the middle of a line, and breaks their connection.
    package func cutNextWatches(_ count: Int = 1) { state.withLock { $0.cuts = count } }

    /// Answers a watch from a forgotten resource version with status 410, as Kubernetes may, instead of an
    /// `ERROR` event in an answer with status 200.
    package func tellExpiryByStatus(_ byStatus: Bool = true) {
        state.withLock { $0.expiresByStatus = byStatus }
    }

    /// Ends all faults.
    package func clear() { state.withLock { $0 = State() } }

    var expiresByStatus: Bool { state.withLock { $0.expiresByStatus } }

    func refusal(_ method: String, _ path: String) -> APIError? {
        state.withLock { state in
            guard let index = state.refusals.firstIndex(where: { $0.matches(method, path) }) else { return nil }
            state.refusals[index].count -= 1
            let error = state.refusals[index].error
            if state.refusals[index].count <= 0 { state.refusals.remove(at: index) }
            return error
        }
    }

    /// Whether this line of a watch is to be cut.
    func cut() -> Bool {
        state.withLock { state in
            guard state.cuts > 0 else { return false }
            state.cuts -= 1
            return true
        }
    }

    private static func error(_ status: Int, _ retryAfterSeconds: Int?) -> APIError {
        let details: JSON? = retryAfterSeconds.map { ["retryAfterSeconds": .int($0)] }
        switch status {
        case 429:
            return APIError(
                429, "TooManyRequests", "Too many requests, please try again later.", details: details)
        case 503:
            return APIError(
                503, "ServiceUnavailable", "the server is currently unable to handle the request",
                details: details)
        case 504:
            return APIError(
                504, "Timeout", "Timeout: request did not complete within the allotted timeout",
                details: details ?? [:])
        default:
            return APIError(
                status, status == 500 ? "InternalError" : "", "Internal error occurred: made to fail",
                details: details)
        }
    }
}
