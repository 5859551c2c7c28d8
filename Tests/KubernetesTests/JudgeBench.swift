import Deploys
import JSON

@testable import Kubernetes

/// A roll-out of some Deployments, looked at whenever the test says so.
struct JudgeBench {
    var deployments: [FollowedDeployment]
    var trouble: KubernetesError?
    var conditions: [JSON] = []
    var observed = 2
    private var judge: RollOutJudge
    private var now = ContinuousClock.now

    init(_ deployments: [FollowedDeployment], targets: [RollOutTarget]? = nil) {
        self.deployments = deployments
        judge = RollOutJudge(targets ?? deployments.map(\.target), limits: RollOutLimits(), now: now)
    }

    mutating func look(after seconds: Int = 0, events: [JSON] = []) -> RollOutJudge.Conclusion {
        now += .seconds(seconds)
        return look(at: snapshot, events: events)
    }

    mutating func look(
        at snapshot: ClusterWatches.Snapshot, events: [JSON] = []
    ) -> RollOutJudge.Conclusion {
        judge.look(at: snapshot, events: EventIndex(events), now: now)
    }

    /// What the watches have at the moment.
    var snapshot: ClusterWatches.Snapshot {
        let objects = deployments.map { ($0.name, $0.object(observed: observed, conditions: conditions)) }
        return ClusterWatches.Snapshot(
            deployments: Dictionary(uniqueKeysWithValues: objects), jobs: [:], pods: deployments.flatMap(\.pods),
            health: .init(isComplete: true, trouble: trouble))
    }

    /// A look every second, until it comes to an end or the time is over.
    mutating func watch(for seconds: Int, events: [JSON] = []) -> (seconds: Int, RollOutJudge.Conclusion) {
        var conclusion = look(events: events)
        for second in 0..<seconds {
            guard case .going = conclusion else { return (second, conclusion) }
            conclusion = look(after: 1, events: events)
        }
        return (seconds, conclusion)
    }
}

extension RollOutJudge.Conclusion {
    var reasons: [RollOutFailure.Reason] {
        guard case .failed(let failures) = self else { return [] }
        return failures.map(\.reason)
    }

    var progress: RollOutProgress? {
        switch self {
        case .going(let progress, _), .done(let progress): progress
        case .failed, .unheard: nil
        }
    }
}

extension FollowedDeployment {
    /// One pod for each status of its container.
    static func with(_ pods: [[String: JSON]], name: String = "cats", ready: Bool = false) -> FollowedDeployment {
        var cats = FollowedDeployment(name: name, replicas: max(1, pods.count))
        cats.pods = pods.enumerated().map { cats.pod($0.offset + 1, ready: ready, $0.element) }
        return cats
    }
}
