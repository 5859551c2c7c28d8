import Foundation
import JSON

/// ReplicaSet → pods, and the counts in its status
/// (https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/).
struct ReplicaSetController {
    static let name = "replicaset-controller"

    let replicaSet: JSON
    /// Those that the ReplicaSet controls, ended ones too.
    let pods: [PodFacts]
    /// Why the last pod could not be made; nil when it could.
    let createFailure: String?
    let now: Date

    init(replicaSet: JSON, pods: [JSON], createFailure: String? = nil, now: Date) {
        self.replicaSet = replicaSet
        self.createFailure = createFailure
        self.pods = pods.map(PodFacts.init)
        self.now = now
    }

    private var active: [PodFacts] { pods.filter(\.isActive) }
    private var minReadySeconds: Int { replicaSet.at("spec", "minReadySeconds")?.int ?? 0 }

    /// - Parameter nameSuffix: a new random end of a pod's name.
    func plan(nameSuffix: () -> String) -> ControllerPlan {
        var plan = ControllerPlan()
        if !replicaSet.isBeingDeleted {
            let wanted = replicaSet.at("spec", "replicas")?.int ?? 1
            if active.count < wanted {
                for _ in active.count..<wanted { plan.actions += create(nameSuffix()) }
            } else {
                let surplus = active.sorted(by: PodFacts.goesBefore).prefix(active.count - wanted)
                plan.actions += surplus.flatMap(delete)
            }
        }
        if status != replicaSet["status"] {
            var changed = replicaSet
            changed["status"] = status
            plan.actions.append(.updateStatus(.replicaSet, changed))
        }
        let availableFrom = active.compactMap { $0.availableFrom(minReadySeconds: minReadySeconds) }
        for date in availableFrom where date > now { plan.checkAgain(at: date) }
        return plan
    }

    private func create(_ suffix: String) -> [ControllerPlan.Action] {
        let name = "\(replicaSet.name)-\(suffix)"
        let pod = PodFactory.pod(
            name: name, owner: replicaSet, template: replicaSet.at("spec", "template") ?? .null)
        return [
            .create(.pod, pod),
            .event(EventNote(
                about: replicaSet, .normal, "SuccessfulCreate", "Created pod: \(name)",
                component: Self.name)),
        ]
    }

    private func delete(_ pod: PodFacts) -> [ControllerPlan.Action] {
        [
            .event(EventNote(
                about: replicaSet, .normal, "SuccessfulDelete", "Deleted pod: \(pod.object.name)",
                component: Self.name)),
            .delete(.pod, pod.object),
        ]
    }

    private var status: JSON {
        let labels = (replicaSet.at("spec", "template", "metadata", "labels")?.object ?? [:])
            .compactMapValues(\.string)
        let counts = [
            "fullyLabeledReplicas": active.filter { pod in
                labels.allSatisfy { pod.object.labels[$0.key] == $0.value }
            }.count,
            "readyReplicas": active.filter(\.isReady).count,
            "availableReplicas": active.filter {
                $0.availableFrom(minReadySeconds: minReadySeconds).map { $0 <= now } ?? false
            }.count,
        ]
        var status: JSON = [
            "replicas": .int(active.count), "observedGeneration": .int(replicaSet.generation),
            "terminatingReplicas": .int(pods.filter { $0.object.isBeingDeleted && !$0.isOver }.count),
        ]
        for (key, count) in counts where count > 0 { status[key] = .int(count) }
        var conditions = Conditions(replicaSet.at("status", "conditions"))
        if let createFailure {
            conditions.set(
                "ReplicaFailure", "True", "FailedCreate", createFailure, now: ObjectStore.timestamp(now),
                extraTime: nil)
        } else {
            conditions.remove("ReplicaFailure")
        }
        if !conditions.items.isEmpty { status["conditions"] = conditions.json }
        return status
    }
}
