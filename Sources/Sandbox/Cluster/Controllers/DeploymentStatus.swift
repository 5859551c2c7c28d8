import Foundation
import JSON

/// What a Deployment's status is to say, from its ReplicaSets and from what it said before
/// (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status).
struct DeploymentStatus {
    private let deployment: JSON
    private let spec: DeploymentSpec
    private let new: ReplicaSetFacts?
    private let all: [ReplicaSetFacts]
    private let now: Date
    private var timestamp: String { ObjectStore.timestamp(now) }

    init(_ controller: DeploymentController) {
        deployment = controller.deployment
        spec = DeploymentSpec(controller.deployment)
        new = controller.new
        all = controller.replicaSets
        now = controller.now
    }

    private var before: JSON { deployment["status"] ?? [:] }

    /// The status before, with another cause of `Progressing`.
    func with(reason: String, message: String) -> JSON {
        var conditions = Conditions(before["conditions"])
        conditions.set("Progressing", "True", reason, message, now: timestamp)
        var status = before
        status["conditions"] = conditions.json
        return status
    }

    /// Counts and availability, without a verdict on the roll-out.
    func plain() -> JSON {
        var status: JSON = .object(before.object?.filter { $0.key == "collisionCount" } ?? [:])
        status["observedGeneration"] = .int(deployment.generation)
        // Zero counts are left out, as Kubernetes leaves them out; terminatingReplicas is a pointer there.
        let counts = [
            "replicas": all.present, "updatedReplicas": new?.present ?? 0, "readyReplicas": all.ready,
            "availableReplicas": all.available,
            "unavailableReplicas": max(0, all.wanted - all.available),
        ]
        for (key, count) in counts where count > 0 { status[key] = .int(count) }
        status["terminatingReplicas"] = .int(all.terminating)
        var conditions = Conditions(before["conditions"])
        if all.available >= spec.replicas - spec.maxUnavailable {
            conditions.set(
                "Available", "True", "MinimumReplicasAvailable",
                "Deployment has minimum availability.", now: timestamp)
        } else {
            conditions.set(
                "Available", "False", "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.", now: timestamp)
        }
        status["conditions"] = conditions.json
        return status
    }

    /// `plain` with `Progressing` and `ReplicaFailure`.
    func rollOut() -> JSON {
        var status = plain()
        var conditions = Conditions(status["conditions"])
        let wasComplete = count(status, "replicas") == count(status, "updatedReplicas")
            && conditions["Progressing"]?["reason"]?.string == "NewReplicaSetAvailable"
        if !wasComplete { judge(status, &conditions) }
        if let failure = replicaFailure {
            conditions.set(
                "ReplicaFailure", failure["status"]?.string ?? "True", failure["reason"]?.string ?? "",
                failure["message"]?.string ?? "", now: timestamp)
        } else {
            conditions.remove("ReplicaFailure")
        }
        status["conditions"] = conditions.json
        return status
    }

    private func judge(_ status: JSON, _ conditions: inout Conditions) {
        let subject = new.map { "ReplicaSet \"\($0.name)\"" } ?? "Deployment \"\(deployment.name)\""
        if isComplete(status) {
            conditions.set(
                "Progressing", "True", "NewReplicaSetAvailable", "\(subject) has successfully progressed.",
                now: timestamp)
        } else if progresses(status) {
            conditions.replace(
                "Progressing", "True", "ReplicaSetUpdated", "\(subject) is progressing.", now: timestamp)
        } else if isLate {
            conditions.set(
                "Progressing", "False", "ProgressDeadlineExceeded", "\(subject) has timed out progressing.",
                now: timestamp)
        }
    }

    private func isComplete(_ status: JSON) -> Bool {
        count(status, "updatedReplicas") == spec.replicas && count(status, "replicas") == spec.replicas
            && count(status, "availableReplicas") == spec.replicas
    }

    /// More pods are new, fewer are old, or more are ready or available than before.
    private func progresses(_ status: JSON) -> Bool {
        func old(_ status: JSON) -> Int { count(status, "replicas") - count(status, "updatedReplicas") }
        return count(status, "updatedReplicas") > count(before, "updatedReplicas")
            || old(status) < old(before)
            || count(status, "readyReplicas") > count(before, "readyReplicas")
            || count(status, "availableReplicas") > count(before, "availableReplicas")
    }

    private var isLate: Bool {
        let condition = Conditions(before["conditions"])["Progressing"]
        if condition?["reason"]?.string == "ProgressDeadlineExceeded" { return true }
        guard let deadline else { return false }
        return now >= deadline
    }

    /// When the roll-out is too late unless it moves; nil when it is over or already too late.
    var deadline: Date? {
        let condition = Conditions(before["conditions"])["Progressing"]
        guard let condition, let text = condition["lastUpdateTime"]?.string,
            !["NewReplicaSetAvailable", "ProgressDeadlineExceeded"].contains(condition["reason"]?.string),
            let since = try? Date(text, strategy: .iso8601)
        else { return nil }
        // Times are written in whole seconds: without the extra one, the deadline could come early.
        return since.addingTimeInterval(TimeInterval(spec.progressDeadlineSeconds + 1))
    }

    private var replicaFailure: JSON? {
        let sets = [new].compactMap { $0 } + all.filter { $0.name != new?.name }
        let conditions = sets.lazy.map { Conditions($0.object.at("status", "conditions")) }
        return conditions.compactMap { $0["ReplicaFailure"] }.first
    }

    private func count(_ status: JSON, _ key: String) -> Int { status[key]?.int ?? 0 }
}
