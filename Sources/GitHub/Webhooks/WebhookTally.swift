import Synchronization

/// Counts what GitHub sends, for `/metrics`. Events are a closed list, however much is invented by others.
package final class WebhookTally: Sendable {
    /// For events that mean nothing to us.
    static let other = "other"
    /// For requests that were refused.
    static let refused = "refused"

    private let counts = Mutex<[String: Int]>([:])

    package init() {}

    func count(_ kind: String) { counts.withLock { $0[kind, default: 0] += 1 } }

    /// Of every kind, also of those that never came.
    package var all: [(kind: String, count: Int)] {
        let counts = counts.withLock { $0 }
        let kinds = WebhookEvent.allCases.map(\.rawValue).sorted() + [Self.other, Self.refused]
        return kinds.map { ($0, counts[$0] ?? 0) }
    }
}
