import Synchronization

/// Tells the operator what is in the way of notices: each reason once, until it is over.
struct DeliveryComplaints: Sendable {
    private let log: Log
    private let told = Told()

    /// Of each obstacle; an outage may show itself in several ways.
    static let maxReasons = 20

    private final class Told: Sendable {
        let reasons = Mutex<[Obstacle.Scope: Set<String>]>([:])
    }

    init(log: Log) { self.log = log }

    func wait(_ obstacle: Obstacle) {
        // A slower pace needs nobody's attention.
        guard obstacle.kind != .limit else { return }
        let isNew = told.reasons.withLock { reasons in
            guard reasons[obstacle.scope, default: []].count < Self.maxReasons else { return false }
            return reasons[obstacle.scope, default: []].insert(obstacle.reason).inserted
        }
        if isNew { log.warning("\(obstacle.scope.words) wait: \(obstacle.reason)") }
    }

    func recovered(_ notice: Notice) {
        let over = told.reasons.withLock { reasons in
            notice.scopes.filter { reasons.removeValue(forKey: $0) != nil }
        }
        for scope in over { log.info("\(scope.words) go out again") }
    }

    func parked(_ notice: NoticeID, _ operation: OperationID, _ reason: String) {
        log.warning(
            "notice \(notice) about operation \(operation) was put aside until the next start: \(reason)")
    }

    func journal(_ error: any Error) { log.error("the outbox can't be used: \(error)") }
}

extension Obstacle.Scope {
    fileprivate var words: String {
        switch self {
        case .everything: "all notices"
        case .edits: "edits of live messages"
        case .files: "log files"
        case .posts(let channel), .channel(let channel): "notices for \(channel)"
        }
    }
}
