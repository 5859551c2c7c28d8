import HTTP
import Kubernetes

/// What `/readyz` says, given that the journal can be used.
///
/// Not ready is a bot that another one keeps from working: what people ask of it would lie in its journal, so requests
/// belong to the other one. A cluster that is away for a while is no reason: commands are kept and done later, and
/// turning Slack away would lose them.
struct Readiness {
    let lease: LeaseState
    /// What else is to be said, a line each.
    var remarks: [String] = []

    var answer: HTTPResponse {
        switch lease {
        case .starting, .held: ready("ready")
        case .heldBy(let other): .text(503, "another bot, \(other), holds the Lease; this one waits for it\n")
        case .unavailable(let sentence, isPassing: true):
            ready("ready, but work waits for the cluster: \(sentence)")
        case .unavailable(let sentence, isPassing: false): .text(503, "work can't begin: \(sentence)\n")
        }
    }

    private func ready(_ line: String) -> HTTPResponse {
        .text(200, ([line] + remarks).map { $0 + "\n" }.joined())
    }
}
