import Foundation
import JSON

extension ClusterNode {
    /// Stops and removes all containers, all at once; the pods stay and come back with the next start. To be
    /// called after `run` has ended. Takes a little more than `shutdownGraceSeconds`.
    package func shutDown() async {
        let (engine, settings) = (context.engine, context.settings)
        let containers = (try? await engine.list(
            label: ContainerLabel.cluster, value: settings.cluster.text)) ?? []
        await withTaskGroup(of: Void.self) { group in
            for container in containers {
                group.addTask {
                    if container.isRunning {
                        try? await engine.stop(container.id, graceSeconds: settings.shutdownGraceSeconds)
                    }
                    try? await engine.remove(container.id)
                }
            }
        }
        let time = ObjectStore.timestamp(context.now())
        for pod in await context.store.list(.pod).items where pod.at("spec", "nodeName") != nil {
            if pod.isBeingDeleted {
                _ = try? await context.store.delete(
                    .pod, namespace: pod.namespace, name: pod.name,
                    DeleteOptions(uid: pod.uid, gracePeriodSeconds: 0))
            } else if !PodFacts(pod).isOver {
                _ = try? await context.store.modify(
                    .pod, namespace: pod.namespace, name: pod.name, scope: .status, by: Kubelet.name
                ) { Self.takeContainers(from: &$0, time: time) }
            }
        }
    }

    /// What the status says of a pod whose containers are gone and will be made again.
    static func takeContainers(from pod: inout JSON, time: String) {
        let statuses = waiting(pod, "containerStatuses")
        let initial = waiting(pod, "initContainerStatuses")
        if !initial.isEmpty { pod.set(.array(initial), at: "status", "initContainerStatuses") }
        let names = statuses.compactMap { $0["name"]?.string }.joined(separator: " ")
        let conditions = (pod.at("status", "conditions")?.array ?? []).map { condition -> JSON in
            guard ["Ready", "ContainersReady"].contains(condition["type"]?.string) else { return condition }
            var condition = condition
            if condition["status"]?.string == "True" { condition["lastTransitionTime"] = .string(time) }
            condition["status"] = "False"
            condition["reason"] = "ContainersNotReady"
            condition["message"] = .string("containers with unready status: [\(names)]")
            return condition
        }
        pod.set(.array(statuses), at: "status", "containerStatuses")
        pod.set(.array(conditions), at: "status", "conditions")
        pod.set(nil, at: "status", "podIP")
        pod.set(nil, at: "status", "podIPs")
    }

    private static func waiting(_ pod: JSON, _ list: String) -> [JSON] {
        let reason = pod.at("status", "initContainerStatuses") == nil
            ? ContainerRecord.creating : ContainerRecord.initializing
        return (pod.at("status", list)?.array ?? []).map { status in
            var status = status
            status["state"] = ["waiting": ["reason": .string(reason)]]
            status["ready"] = false
            status["started"] = false
            status["containerID"] = nil
            return status
        }
    }
}
