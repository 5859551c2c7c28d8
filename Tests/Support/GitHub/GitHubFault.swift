import Foundation
import HTTP

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
    /// Of an answer that is longer, so much comes, and no more until the stand-in recovers or stops, which cuts the
    /// connection.
    case stalled(afterBytes: Int)
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

    package func recover() {
        let stalled = state.withLock { state in
            defer { (state.faults, state.stalled) = ([], []) }
            return state.stalled
        }
        for body in stalled { body.finish(throwing: TestFailure("cut")) }
    }

    /// Answers that have stalled and wait.
    package var stalledCount: Int { state.withLock { $0.stalled.count } }

    func stalled(_ answer: HTTPResponse, afterBytes count: Int) -> HTTPResponse {
        guard case .bytes(let bytes) = answer.body, bytes.count > count else { return answer }
        let (stream, body) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        body.yield(Array(bytes.prefix(count)))
        state.withLock { $0.stalled.append(body) }
        var answer = answer
        answer.body = .stream(stream)
        return answer
    }

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
