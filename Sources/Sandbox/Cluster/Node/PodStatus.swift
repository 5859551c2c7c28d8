import Foundation
import JSON

/// A pod's status, from its containers (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/).
struct PodStatus {
    let pod: JSON
    var containers: [ContainerRecord]
    /// On the engine's bridge; nil until the first container runs.
    var address: String?
    /// The node got as far as making containers.
    var isPrepared = false
    /// False while nobody knows how the pod is, because the engine does not answer.
    var isNodeReady = true
    let now: Date

    private var time: String { ObjectStore.timestamp(now) }
    private var progress: PodProgress { PodProgress(pod, containers) }

    var json: JSON {
        var status: JSON = .object(pod["status"]?.object?.filter { $0.key == "qosClass" } ?? [:])
        status["phase"] = .string(phase)
        status["observedGeneration"] = .int(pod.generation)
        status["startTime"] = pod.at("status", "startTime") ?? .string(time)
        let initial = containers.filter { $0.plan.role != .main }
        if !initial.isEmpty { status["initContainerStatuses"] = .array(initial.map(\.json)) }
        status["containerStatuses"] = .array(containers.filter { $0.plan.role == .main }.map(\.json))
        status["conditions"] = .array(conditions)
        if let address {
            status["podIP"] = .string(address)
            status["podIPs"] = [["ip": .string(address)]]
        }
        return status
    }

    var phase: String { progress.phase(isBeingDeleted: pod.isBeingDeleted) }

    private typealias Verdict = (status: String, reason: String?, message: String?)

    private var conditions: [JSON] {
        let isOver = phase == "Succeeded" || phase == "Failed"
        let ready = readiness(isOver: isOver)
        let node: Verdict = isNodeReady || isOver ? ready : ("False", "NodeNotReady", "Node is not ready")
        let prepared = isPrepared && !isOver
        return [
            condition("PodReadyToStartContainers", (prepared ? "True" : "False", nil, nil)),
            condition("Initialized", initialization(isOver: isOver)),
            condition("Ready", node),
            condition("ContainersReady", ready),
            condition("PodScheduled", ("True", nil, nil)),
        ]
    }

    private func initialization(isOver: Bool) -> Verdict {
        let missing = progress.unfinishedInitial.map(\.plan.name)
        if missing.isEmpty || phase == "Succeeded" { return ("True", nil, nil) }
        return (
            "False", "ContainersNotInitialized",
            "containers with incomplete status: [\(missing.joined(separator: " "))]"
        )
    }

    private func readiness(isOver: Bool) -> Verdict {
        if isOver { return ("False", phase == "Failed" ? "PodFailed" : "PodCompleted", nil) }
        let unready = containers.filter { $0.plan.role != .initial && !($0.isReady && $0.isRunning) }
        if unready.isEmpty { return ("True", nil, nil) }
        let names = unready.map(\.plan.name).joined(separator: " ")
        return ("False", "ContainersNotReady", "containers with unready status: [\(names)]")
    }

    private func condition(
        _ type: String, _ verdict: Verdict
    ) -> JSON {
        let old = Conditions(pod.at("status", "conditions"))[type]
        let isSame = old?["status"]?.string == verdict.status
        var condition: JSON = [
            "type": .string(type), "status": .string(verdict.status),
            "observedGeneration": .int(pod.generation), "lastProbeTime": .null,
            "lastTransitionTime": isSame ? old?["lastTransitionTime"] ?? .string(time) : .string(time),
        ]
        if let reason = verdict.reason { condition["reason"] = .string(reason) }
        if let message = verdict.message { condition["message"] = .string(message) }
        return condition
    }

    // MARK: - Before the node has it

    static func scheduled(time: String) -> JSON {
        [
            "type": "PodScheduled", "status": "True", "lastProbeTime": .null,
            "lastTransitionTime": .string(time),
        ]
    }

    static func unschedulable(_ message: String, time: String) -> JSON {
        [
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": .string(message), "lastProbeTime": .null, "lastTransitionTime": .string(time),
        ]
    }
}
