import JSON

/// How far a Deployment's roll-out is, judged from the Deployment alone.
///
/// The order of the questions is the one of `kubectl rollout status`
/// (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status).
enum RollOutVerdict: Equatable {
    case waiting
    case done
    /// Kubernetes gave up: nothing moved for `progressDeadlineSeconds`.
    case deadlineExceeded

    /// - Parameters:
    ///   - generation: of the Deployment as our own apply left it.
    ///   - heedsDeadline: false where Kubernetes' verdict on time is about another version, or was made while its
    ///     parts could not speak with each other.
    static func judge(_ deployment: JSON, generation: Int, heedsDeadline: Bool = true) -> RollOutVerdict {
        guard isObserved(deployment, generation: generation) else { return .waiting }
        let status = deployment["status"]
        func count(_ key: String) -> Int { status?[key]?.int ?? 0 }

        if heedsDeadline, deadlineUpdate(of: deployment) != nil { return .deadlineExceeded }
        // The API server fills in 1.
        let wanted = deployment.at("spec", "replicas")?.int ?? 1
        let updated = count("updatedReplicas")
        if updated < wanted { return .waiting }
        if count("replicas") > updated { return .waiting }
        if count("availableReplicas") < updated { return .waiting }
        return .done
    }

    /// Whether the status speaks of the version that we applied.
    static func isObserved(_ deployment: JSON, generation: Int) -> Bool {
        (deployment.at("status", "observedGeneration")?.int ?? 0) >= generation
    }

    /// When Kubernetes gave up, by its own clock: different for every time that it does. Nil when it did not.
    static func deadlineUpdate(of deployment: JSON) -> JSON? {
        let progressing = Pods.condition("Progressing", of: deployment)
        guard progressing?["reason"]?.string == "ProgressDeadlineExceeded" else { return nil }
        return progressing?["lastUpdateTime"] ?? .null
    }
}
