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

    /// - Parameter generation: of the Deployment as our own apply left it.
    static func judge(_ deployment: JSON, generation: Int) -> RollOutVerdict {
        guard isObserved(deployment, generation: generation) else { return .waiting }
        let status = deployment["status"]
        func count(_ key: String) -> Int { status?[key]?.int ?? 0 }

        let conditions = status?["conditions"]?.array ?? []
        let progressing = conditions.first { $0["type"]?.string == "Progressing" }
        if progressing?["reason"]?.string == "ProgressDeadlineExceeded" { return .deadlineExceeded }
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
}
