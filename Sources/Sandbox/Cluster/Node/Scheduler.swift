import Foundation
import JSON

/// Decides whether a pod may run on the one node. Requests are not added up, because a demo's machine is
/// never shared out; but what is more than the whole machine does not fit, here as anywhere.
struct Scheduler {
    static let name = "default-scheduler"
    /// Kubernetes' own limit for a node.
    static let maxPods = 110

    let machine: EngineMachine

    /// Nil when the pod fits, else the message that Kubernetes would give.
    func obstacle(to pod: JSON, running: Int) -> String? {
        func requested(_ key: String) -> Double { Self.requested(key, ContainerPlan.all(of: pod)) }
        var reasons: [String] = []
        if requested("cpu") > Double(machine.cpus) { reasons.append("1 Insufficient cpu") }
        if requested("memory") > Double(machine.memoryBytes) { reasons.append("1 Insufficient memory") }
        if running >= Self.maxPods { reasons.append("1 Too many pods") }
        if Self.isSpreadByUnknownLabel(pod) {
            reasons.append("1 node(s) didn't match pod topology spread constraints (missing required label)")
        }
        guard !reasons.isEmpty else { return nil }
        return "0/1 nodes are available: \(reasons.joined(separator: ", ")). no new claims to deallocate, "
            + "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    }

    /// What runs at the same time is added up; an init container needs its share before the main ones do
    /// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers).
    private static func requested(_ key: String, _ plans: [ContainerPlan]) -> Double {
        var (staying, most) = (0.0, 0.0)
        for plan in plans {
            let text = plan.resources.at("requests", key) ?? plan.resources.at("limits", key)
            let amount = text.flatMap(quantity)?.value ?? 0
            if plan.role != .initial { staying += amount }
            most = max(most, plan.role == .initial ? staying + amount : staying)
        }
        return most
    }

    /// The one node has a name, but is in no zone. Over one node everything is spread evenly.
    private static func isSpreadByUnknownLabel(_ pod: JSON) -> Bool {
        (pod.at("spec", "topologySpreadConstraints")?.array ?? []).contains {
            $0["whenUnsatisfiable"] == "DoNotSchedule" && $0["topologyKey"] != "kubernetes.io/hostname"
        }
    }

    static func quantity(_ json: JSON) -> Quantity? {
        if let number = json.number { return Quantity("\(number)") }
        return json.string.flatMap(Quantity.init)
    }
}

extension ObjectStore {
    /// Gives the pod to the node, as the `binding` subresource does: no change of the spec that counts as a
    /// generation. Does nothing when the pod is gone, is another one or has a node.
    /// - Returns: whether the pod was bound by this call.
    func bind(_ pod: JSON, to node: String) throws(APIError) -> Bool {
        let key = ObjectKey(.pod, namespace: pod.namespace, name: pod.name)
        let time = timestamp
        return try transact { () throws(APIError) in
            guard var live = object(key), live.uid == pod.uid, live.at("spec", "nodeName") == nil
            else { return false }
            live.set(.string(node), at: "spec", "nodeName")
            live.set([PodStatus.scheduled(time: time)], at: "status", "conditions")
            put(live, at: key)
            return true
        }
    }
}
