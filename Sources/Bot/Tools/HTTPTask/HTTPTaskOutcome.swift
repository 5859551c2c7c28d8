/// How a scheduled task went.
struct HTTPTaskOutcome: Sendable, Equatable {
    enum Attempt: Sendable, Equatable {
        case answered(status: Int)
        case unanswered(within: Duration)
        /// Why there is no complete answer: a clause.
        case broken(String)

        /// Repeating a request changes nothing about being turned away (401, 403), asked to slow down (429) or not
        /// understood (501): those end the task like a success.
        var isFailure: Bool {
            switch self {
            case .answered(let status): status >= 400 && ![401, 403, 429, 501].contains(status)
            case .unanswered, .broken: true
            }
        }

        var words: String {
            switch self {
            case .answered(let status): "status \(status)"
            case .unanswered(let limit): "no complete answer within \(HTTPTaskOutcome.words(limit))"
            case .broken(let clause): clause
            }
        }
    }

    let method: String
    /// Without the query, which may hold a secret.
    let path: String
    let attempts: [Attempt]
    let duration: Duration
    /// Somebody ended it before its time.
    let wasStopped: Bool

    var isFailure: Bool { wasStopped || attempts.last?.isFailure ?? true }

    /// All of it on one line: `GET /run succeeded: status 200 after 10.1 s and 2 attempts (before: status 503)`.
    var line: String {
        let took = Self.words(duration)
        guard !wasStopped, let last = attempts.last else {
            return "\(method) \(path) was stopped by a signal after \(took)\(earlier(attempts[...]))"
        }
        let count = attempts.count == 1 ? "1 attempt" : "\(attempts.count) attempts"
        return "\(method) \(path) \(isFailure ? "failed" : "succeeded"): \(last.words) after \(took) and \(count)"
            + earlier(attempts.dropLast())
    }

    private func earlier(_ attempts: ArraySlice<Attempt>) -> String {
        attempts.isEmpty ? "" : " (before: \(attempts.map(\.words).joined(separator: "; ")))"
    }

    /// `12 ms`, `10 s`, `20.1 s`
    static func words(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds >= 1_000 else { return "\(milliseconds) ms" }
        let tenths = (milliseconds + 50) / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
