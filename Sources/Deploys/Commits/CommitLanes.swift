import Foundation

/// Which lanes are being served, and which have to wait. In memory alone: whoever starts anew tries anew.
actor CommitLanes {
    private struct Obstacle {
        var until: Date
        var failures: Int
        var reason: String?
    }

    static let maxBackOffSeconds: TimeInterval = 300
    /// How long something is left alone that somebody has to change, the first time.
    static let refusalPauseSeconds: TimeInterval = 300
    static let maxRefusalPauseSeconds: TimeInterval = 3_600
    /// Of what is in the way; each is told to the operator once.
    static let maxReasons = 100

    private var served: Set<CommitLane> = []
    private var obstacles: [CommitLane: Obstacle] = [:]
    private var told: Set<String> = []
    private let log: Log

    init(log: Log) { self.log = log }

    /// False when it is being served, has to wait, or there are too many.
    func take(_ lane: CommitLane, at now: Date, most: Int) -> Bool {
        guard served.count < most, obstacles[lane].map({ $0.until <= now }) ?? true else { return false }
        return served.insert(lane).inserted
    }

    /// What is in the way of nothing is not in the way.
    func forgetOthers(than behind: [CommitLane]) {
        guard behind.count < CommitCourier.maxLanes, !obstacles.isEmpty else { return }
        let known = Set(behind)
        obstacles = obstacles.filter { known.contains($0.key) }
    }

    func leave(_ lane: CommitLane) { served.remove(lane) }

    func clear() {
        obstacles = [:]
        told = []
    }

    var reasons: [String] { Set(obstacles.values.compactMap(\.reason)).sorted() }

    func nextOpening(after now: Date) -> Date? { obstacles.values.map(\.until).filter { $0 > now }.min() }

    /// It is nobody's fault, and over by then.
    func close(_ lane: CommitLane, until date: Date) {
        let known = obstacles[lane]
        obstacles[lane] = Obstacle(until: date, failures: known?.failures ?? 0, reason: known?.reason)
    }

    func close(_ lane: CommitLane, after reason: String, isRefusal: Bool, at now: Date) {
        let failures = (obstacles[lane]?.failures ?? 0) + 1
        let doubled = pow(2, Double(min(failures, 20) - 1))
        let seconds = isRefusal
            ? min(Self.refusalPauseSeconds * doubled, Self.maxRefusalPauseSeconds)
            : min(doubled, Self.maxBackOffSeconds)
        obstacles[lane] = Obstacle(until: now.addingTimeInterval(seconds), failures: failures, reason: reason)
        guard told.count < Self.maxReasons, told.insert(reason).inserted else { return }
        log.warning("\(lane.kind.words) on commits of \(lane.app.key) and perhaps others wait: \(reason)")
    }

    func recovered(_ lane: CommitLane) {
        guard let reason = obstacles.removeValue(forKey: lane)?.reason else { return }
        guard !obstacles.values.contains(where: { $0.reason == reason }), told.remove(reason) != nil else { return }
        log.info("\(lane.kind.words) on commits are told again")
    }
}

extension CommitPart.Kind {
    fileprivate var words: String {
        switch self {
        case .check: "checks"
        case .deployment: "deployments"
        }
    }
}
