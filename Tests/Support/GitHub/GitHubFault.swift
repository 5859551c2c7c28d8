import Foundation

/// What can go wrong with GitHub.
package enum GitHubFault: Sendable {
    case status(Int, message: String = "Something is wrong", headers: [String: String] = [:])
    /// The requests of this hour are used up (403, `x-ratelimit-remaining: 0`).
    case primaryLimit(resetInSeconds: Int)
    /// Too many at once (403, with or without `Retry-After`).
    case secondaryLimit(retryAfter: Int?)
    /// Nothing is answered until the stand-in stops.
    case silence
    /// The request is done, and the connection cut before the answer is complete.
    case lostAnswer
}

extension GitHubStandIn {
    struct PlannedFault: Sendable {
        let fault: GitHubFault
        var times: Int
        let matches: @Sendable (_ method: String, _ path: String) -> Bool
    }

    /// The next requests fail.
    /// - Parameters:
    ///   - times: so many of them.
    ///   - part: of their path; empty for all.
    package func fail(_ fault: GitHubFault, times: Int = 1, method: String? = nil, at part: String = "") {
        state.withLock {
            $0.faults.append(PlannedFault(fault: fault, times: times) { asked, path in
                (method == nil || method == asked) && (part.isEmpty || path.contains(part))
            })
        }
    }

    package func recover() { state.withLock { $0.faults = [] } }

    func plannedFault(_ method: String, _ path: String) -> GitHubFault? {
        state.withLock { state in
            guard let index = state.faults.firstIndex(where: { $0.times > 0 && $0.matches(method, path) }) else {
                return nil
            }
            state.faults[index].times -= 1
            return state.faults[index].fault
        }
    }
}
