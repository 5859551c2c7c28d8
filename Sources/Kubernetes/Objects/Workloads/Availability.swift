import JSON

/// What keeps an appling answering while machines of the cluster go.
enum Availability {
    /// Pods go to different zones and machines where there are some; a cluster of one machine takes all of
    /// them.
    static func spread(over selector: [String: JSON]) -> JSON {
        .array(
            ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map { key in
                [
                    "topologyKey": .string(key), "maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": ["matchLabels": .object(selector)],
                ]
            })
    }

    /// By default on since Kubernetes 1.27 (https://kubernetes.io/docs/tasks/run-application/configure-pdb/).
    private static let firstMinorWithEvictionPolicy = 27

    /// A PodDisruptionBudget (policy/v1), so that emptied machines give up an appling's pods one at a time.
    /// Nil for a single pod, which would never let its machine be emptied.
    static func budget(_ pod: ApplingPod) -> JSON? {
        let (appling, scope) = (pod.appling, pod.scope)
        guard appling.replicas >= 2 else { return nil }
        return [
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
            "metadata": scope.metadata(name: appling.name, appling: appling),
            "spec": .compact([
                "maxUnavailable": 1, "selector": ["matchLabels": .object(scope.selector(of: appling))],
                // Pods that serve nobody must not keep a machine from being emptied.
                "unhealthyPodEvictionPolicy": pod.options.kubernetesMinor >= firstMinorWithEvictionPolicy
                    ? "AlwaysAllow" : nil,
            ]),
        ]
    }
}
