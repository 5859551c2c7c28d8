import JSON

/// A pod from a template, with what Kubernetes' admission adds to every pod.
enum PodFactory {
    static func pod(name: String, owner: JSON, template: JSON) -> JSON {
        var metadata = template["metadata"] ?? [:]
        metadata["name"] = .string(name)
        metadata["generateName"] = .string(owner.name + "-")
        metadata["namespace"] = .string(owner.namespace)
        metadata["ownerReferences"] = [OwnerReference.controller(owner)]
        var spec = template["spec"] ?? [:]
        spec["tolerations"] = .array((spec["tolerations"]?.array ?? []) + [
            toleration("node.kubernetes.io/not-ready"), toleration("node.kubernetes.io/unreachable"),
        ])
        spec["priority"] = spec["priority"] ?? 0
        spec["enableServiceLinks"] = spec["enableServiceLinks"] ?? true
        spec["preemptionPolicy"] = spec["preemptionPolicy"] ?? "PreemptLowerPriority"
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec,
            "status": ["phase": "Pending", "qosClass": .string(qualityClass(spec))],
        ]
    }

    private static func toleration(_ key: String) -> JSON {
        ["key": .string(key), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300]
    }

    /// https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
    static func qualityClass(_ spec: JSON) -> String {
        let resources = ((spec["containers"]?.array ?? []) + (spec["initContainers"]?.array ?? []))
            .map { $0["resources"] ?? [:] }
        let mentioned = resources.contains {
            !($0["requests"]?.object ?? [:]).isEmpty || !($0["limits"]?.object ?? [:]).isEmpty
        }
        guard mentioned else { return "BestEffort" }
        let isGuaranteed = resources.allSatisfy { resources in
            ["cpu", "memory"].allSatisfy { key in
                guard let limit = resources["limits"]?[key] else { return false }
                return (resources["requests"]?[key] ?? limit) == limit
            }
        }
        return isGuaranteed ? "Guaranteed" : "Burstable"
    }
}
