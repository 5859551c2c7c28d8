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
    private var restartsAlways: Bool { pod.at("spec", "restartPolicy")?.string ?? "Always" == "Always" }

    var json: JSON {
        var status: JSON = .object(pod["status"]?.object?.filter { $0.key == "qosClass" } ?? [:])
        status["phase"] = .string(phase)
        status["observedGeneration"] = .int(pod.generation)
        status["startTime"] = pod.at("status", "startTime") ?? .string(time)
        status["containerStatuses"] = .array(containers.map(\.json))
        status["conditions"] = .array(conditions)
        if let address {
            status["podIP"] = .string(address)
            status["podIPs"] = [["ip": .string(address)]]
        }
        return status
    }

    var phase: String {
        let ended = containers.filter(\.isTerminated)
        if ended.count == containers.count, pod.isBeingDeleted || endsForGood {
            return containers.allSatisfy { $0.exitCode == 0 } ? "Succeeded" : "Failed"
        }
        let unstarted = containers.contains { $0.waitingReason != nil && $0.last == nil }
        return unstarted ? "Pending" : "Running"
    }

    /// No container will be started again.
    private var endsForGood: Bool {
        switch pod.at("spec", "restartPolicy")?.string {
        case "Never": true
        case "OnFailure":
            containers.allSatisfy { $0.exitCode == 0 }
        default: false
        }
    }

    private var conditions: [JSON] {
        let isOver = phase == "Succeeded" || phase == "Failed"
        let unready = containers.filter { !($0.isReady && $0.isRunning) }.map(\.plan.name)
        let ready: (String, String?, String?) =
            if isOver {
                ("False", phase == "Failed" ? "PodFailed" : "PodCompleted", nil)
            } else if !unready.isEmpty {
                ("False", "ContainersNotReady",
                 "containers with unready status: [\(unready.joined(separator: " "))]")
            } else {
                ("True", nil, nil)
            }
        let node: (String, String?, String?) =
            isNodeReady || isOver ? ready : ("False", "NodeNotReady", "Node is not ready")
        let prepared = isPrepared && !isOver
        return [
            condition("PodReadyToStartContainers", (prepared ? "True" : "False", nil, nil)),
            condition("Initialized", ("True", nil, nil)),
            condition("Ready", node),
            condition("ContainersReady", ready),
            condition("PodScheduled", ("True", nil, nil)),
        ]
    }

    private func condition(
        _ type: String, _ verdict: (status: String, reason: String?, message: String?)
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
