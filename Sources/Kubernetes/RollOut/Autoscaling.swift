import JSON

/// Who decides on a Deployment's `replicas`.
struct Autoscaling {
    let client: KubernetesClient

    static let field = ".spec.replicas"

    /// Whether the field belongs to something that scales the workload by itself.
    func owns(_ conflict: FieldConflict, of object: JSON) async throws(KubernetesError) -> Bool {
        guard conflict.field == Self.field else { return false }
        if conflict.subresource == "scale", Self.isAutoscaler(conflict.manager) { return true }
        return try await isTargeted(object)
    }

    /// The controller manager runs HorizontalPodAutoscalers; the others bring managers of their own.
    private static func isAutoscaler(_ manager: String) -> Bool {
        let name = manager.lowercased()
        return name == "kube-controller-manager" || name.contains("autoscaler")
            || name == "hpa" || name == "keda" || name.hasPrefix("keda-")
    }

    /// Whether a HorizontalPodAutoscaler is there for it
    /// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/).
    private func isTargeted(_ object: JSON) async throws(KubernetesError) -> Bool {
        let autoscalers: KubernetesList
        do throws(KubernetesError) {
            autoscalers = try await client.list(
                .horizontalPodAutoscalers, namespace: object.at("metadata", "namespace")?.string)
        } catch {
            switch error {
            // Whoever may not look, or has none, cannot leave anything to them.
            case .forbidden, .notFound: return false
            default: throw error
            }
        }
        return autoscalers.items.contains { autoscaler in
            let target = autoscaler.at("spec", "scaleTargetRef")
            return target?["kind"] == object["kind"] && target?["name"] == object.at("metadata", "name")
        }
    }
}
