/// Why a call of the Web API was not done.
package enum SlackCallError: Error, Sendable, Hashable {
    /// Too many calls of this method, or too many messages for this channel: ask again after so many seconds.
    case ratelimited(seconds: Double)
    /// Slack understood and said no: the `error` of its answer, and what it tells besides.
    case refused(code: String, details: [String] = [])
    /// There was no answer, or none that can be understood. `mayHaveActed`: the answer was lost, not the call.
    case unreachable(reason: String, mayHaveActed: Bool)
}

extension SlackCallError {
    /// Whether the same call may be taken a little later, without anybody changing anything.
    package var isPassing: Bool {
        switch self {
        case .ratelimited, .unreachable: true
        case .refused(let code, _):
            [
                "internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org",
            ].contains(code)
        }
    }
}

extension SlackCallError: CustomStringConvertible {
    /// A clause for the operator; it holds nothing that was sent.
    package var description: String {
        switch self {
        case .ratelimited(let seconds): "too many requests, next one in \(Int(seconds.rounded(.up))) s"
        case .refused(let code, let details): ([code] + details).joined(separator: "; ")
        case .unreachable(let reason, _): reason
        }
    }
}
