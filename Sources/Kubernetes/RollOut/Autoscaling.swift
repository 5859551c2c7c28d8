import JSON

/// Who decides on a Deployment's `replicas`.
struct Autoscaling {
    let client: KubernetesClient
    let patience: Patience

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

    /// Whether a HorizontalPodAutoscaler is there for it.
    private func isTargeted(_ object: JSON) async throws(KubernetesError) -> Bool {
        let namespace = object.at("metadata", "namespace")?.string ?? ""
        return Self.isTargeted(object, by: try await autoscalers(in: namespace))
    }

    private static func isTargeted(_ object: JSON, by autoscalers: [JSON]) -> Bool {
        autoscalers.contains { autoscaler in
            let target = autoscaler.at("spec", "scaleTargetRef")
            return target?["kind"] == object["kind"] && target?["name"] == object.at("metadata", "name")
        }
    }

    /// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
    private func autoscalers(in namespace: String) async throws(KubernetesError) -> [JSON] {
        do throws(KubernetesError) {
            return try await patience.ask { () throws(KubernetesError) in
                try await client.list(.horizontalPodAutoscalers, namespace: namespace).items
            }
        } catch {
            switch error {
            // Whoever may not look, or has none, cannot leave anything to them.
            case .forbidden, .notFound: return []
            default: throw error
            }
        }
    }

    // MARK: Replicas that nobody owns

    /// Leaves `replicas` out where an autoscaler decides on them and no conflict would tell: once it has scaled to
    /// zero, the server notes no owner any more (measured with 1.36).
    /// - Returns: the items as they are to be sent, and sentences about those that are others now.
    func leavingReplicas(
        _ items: [ObjectApplier.Item]
    ) async throws(Refusals) -> ([ObjectApplier.Item], remarks: [String]) {
        guard let deployment = items.first(where: { $0.object["kind"]?.string == "Deployment" })?.object,
            let namespace = deployment.at("metadata", "namespace")?.string
        else { return (items, []) }
        var (items, remarks) = (items, [String]())
        do throws(KubernetesError) {
            let autoscalers = try await autoscalers(in: namespace)
            for index in items.indices where Self.isTargeted(items[index].object, by: autoscalers) {
                guard try await isLost(items[index].object, in: namespace) else { continue }
                items[index].object["spec"]?["replicas"] = nil
                let subject = FieldWords(items[index].object).subject([FieldPath(conflict: Self.field)]).text
                remarks.append("\(subject) was set by an autoscaler; left alone.")
            }
        } catch {
            throw Refusals(error, deployment)
        }
        return (items, remarks)
    }

    /// Whether the number is another one than ours, and not ours any more.
    private func isLost(_ object: JSON, in namespace: String) async throws(KubernetesError) -> Bool {
        let name = object.at("metadata", "name")?.string ?? ""
        let live = try await patience.ask { () throws(KubernetesError) in
            try await client.find(.deployments, namespace: namespace, name: name)
        }
        guard let live, live.at("spec", "replicas") != object.at("spec", "replicas") else { return false }
        let owners = (live.at("metadata", "managedFields")?.array ?? []).filter {
            $0.at("fieldsV1", "f:spec", "f:replicas") != nil
        }
        return owners.isEmpty
    }
}
