import Synchronization

/// What the server has done since its start, for `/metrics`.
package struct HTTPServerStatistics: Sendable, Equatable {
    package var openConnections = 0
    package var acceptedConnections = 0
    /// Answers whose status is 2xx; and so on.
    package var successes = 0
    package var redirections = 0
    package var clientErrors = 0
    package var serverErrors = 0
    /// Answers that the server gave itself, because the request was no good or the server too busy.
    package var refused = 0
    package var bytesIn = 0
    package var bytesOut = 0

    /// Answers by the first digit of their status, for a `code="2xx"` label.
    package var answersByClass: [(statusClass: String, count: Int)] {
        [
            ("2xx", successes), ("3xx", redirections), ("4xx", clientErrors),
            ("5xx", serverErrors),
        ]
    }
}

/// The counters of one event loop: only that loop writes them, so adding is cheap; anybody may read.
final class ServerCounters: Sendable {
    let accepted = Atomic(0)
    let successes = Atomic(0)
    let redirections = Atomic(0)
    let clientErrors = Atomic(0)
    let serverErrors = Atomic(0)
    let refused = Atomic(0)
    let bytesIn = Atomic(0)
    let bytesOut = Atomic(0)

    func countAnswer(_ status: Int) {
        switch status {
        case ..<300: successes.add(1, ordering: .relaxed)
        case ..<400: redirections.add(1, ordering: .relaxed)
        case ..<500: clientErrors.add(1, ordering: .relaxed)
        default: serverErrors.add(1, ordering: .relaxed)
        }
    }

    func add(to sum: inout HTTPServerStatistics) {
        sum.acceptedConnections += accepted.load(ordering: .relaxed)
        sum.successes += successes.load(ordering: .relaxed)
        sum.redirections += redirections.load(ordering: .relaxed)
        sum.clientErrors += clientErrors.load(ordering: .relaxed)
        sum.serverErrors += serverErrors.load(ordering: .relaxed)
        sum.refused += refused.load(ordering: .relaxed)
        sum.bytesIn += bytesIn.load(ordering: .relaxed)
        sum.bytesOut += bytesOut.load(ordering: .relaxed)
    }
}
