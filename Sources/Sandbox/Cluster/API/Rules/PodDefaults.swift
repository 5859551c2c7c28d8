import JSON

/// Defaults of pods that depend on other fields.
enum PodDefaults {
    static func fill(_ spec: inout JSON) {
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            guard let containers = spec[list]?.array else { continue }
            spec[list] = .array(containers.map(container))
        }
        if spec["securityContext"] == nil { spec["securityContext"] = [:] }
        // The older name of the field is kept equal to the newer one.
        if let account = spec["serviceAccountName"]?.string, !account.isEmpty {
            spec["serviceAccount"] = .string(account)
        }
        if let volumes = spec["volumes"]?.array {
            // A volume that says nothing but its name is an empty directory.
            spec["volumes"] = .array(
                volumes.map { volume in
                    guard let members = volume.object, members.keys.allSatisfy({ $0 == "name" }) else {
                        return volume
                    }
                    return .object(members.merging(["emptyDir": [:]]) { _, new in new })
                })
        }
    }

    private static func container(_ container: JSON) -> JSON {
        var container = container
        if (container["imagePullPolicy"]?.string ?? "").isEmpty, let image = container["image"]?.string {
            container["imagePullPolicy"] = isLatest(image) ? "Always" : "IfNotPresent"
        }
        return container
    }

    /// No digest, and the tag `latest` or none
    /// (https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting).
    private static func isLatest(_ image: String) -> Bool {
        if image.contains("@") { return false }
        guard let last = image.split(separator: "/").last else { return true }
        let parts = last.split(separator: ":", maxSplits: 1)
        return parts.count < 2 || parts[1] == "latest"
    }

    /// What only a pod itself gets, not a template.
    static func fillPod(_ pod: inout JSON) {
        fill(&pod, true, "spec", "enableServiceLinks")
        fill(&pod, "Pending", "status", "phase")
        fill(&pod, .string(qualityOfService(pod["spec"] ?? [:])), "status", "qosClass")
    }

    /// What admission adds to a new pod; nobody owns these fields.
    static func admit(_ pod: inout JSON) {
        fill(&pod, 0, "spec", "priority")
        fill(&pod, "PreemptLowerPriority", "spec", "preemptionPolicy")
        let tolerations = pod.at("spec", "tolerations")?.array ?? []
        let missing = ["not-ready", "unreachable"].map { "node.kubernetes.io/\($0)" }.filter { key in
            !tolerations.contains { ($0["key"]?.string ?? key) == key }
        }
        let added: [JSON] = missing.map {
            ["key": .string($0), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300]
        }
        if !added.isEmpty { pod.set(.array(tolerations + added), at: "spec", "tolerations") }
    }

    private static func fill(_ pod: inout JSON, _ value: JSON, _ path: String...) {
        if pod.value(at: path) == nil { pod.set(value, at: path[...]) }
    }

    /// https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
    private static func qualityOfService(_ spec: JSON) -> String {
        let resources = (spec["containers"]?.array ?? []).map { $0["resources"] ?? [:] }
        let isStated = resources.contains { resource in
            ["requests", "limits"].contains { !(resource[$0]?.object ?? [:]).isEmpty }
        }
        if !isStated { return "BestEffort" }
        let isGuaranteed = resources.allSatisfy { resource in
            ["cpu", "memory"].allSatisfy { name in
                guard let limit = resource.at("limits", name) else { return false }
                return resource.at("requests", name).map { $0 == limit } ?? true
            }
        }
        return isGuaranteed ? "Guaranteed" : "Burstable"
    }
}
