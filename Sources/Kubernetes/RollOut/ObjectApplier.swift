import Deploys
import JSON

/// Applies a release's objects, all or none as far as the server can tell beforehand: `check` comes first.
struct ObjectApplier {
    let client: KubernetesClient
    let limits: RollOutLimits

    /// Makes the namespace, and asks whether everything else would be accepted.
    ///
    /// A namespace that does not exist yet takes no dry run, so it is made first; by itself it changes
    /// nothing for anybody.
    func check(_ objects: [JSON]) async throws(RollOutError) {
        _ = try await applyAll(objects.stage(.namespace), dryRun: false)
        let others = objects.filter { ![.namespace, .certificates].contains(ApplyStage(of: $0)) }
        _ = try await applyAll(others, dryRun: true)
    }

    /// Applies objects that do not need each other.
    /// - Returns: what the server made of them, in the same order.
    func apply(_ objects: [JSON]) async throws(RollOutError) -> [JSON] {
        try await applyAll(objects, dryRun: false)
    }

    private func applyAll(_ objects: [JSON], dryRun: Bool) async throws(RollOutError) -> [JSON] {
        let results = await withTaskGroup(
            of: (Int, Result<JSON, KubernetesError>).self, returning: [Result<JSON, KubernetesError>?].self
        ) { group in
            var results = [Result<JSON, KubernetesError>?](repeating: nil, count: objects.count)
            var next = 0
            func startOne() {
                guard next < objects.count else { return }
                let (index, object) = (next, objects[next])
                next += 1
                group.addTask { (index, await applyOne(object, dryRun: dryRun)) }
            }
            for _ in 0..<limits.maxParallelRequests { startOne() }
            while let (index, result) = await group.next() {
                results[index] = result
                startOne()
            }
            return results
        }
        var applied: [JSON] = []
        for (object, result) in zip(objects, results) {
            switch result {
            case .success(let answer): applied.append(answer)
            case .failure(let error): throw Self.error(error, applying: object)
            case nil: throw .cancelled
            }
        }
        return applied
    }

    private func applyOne(_ object: JSON, dryRun: Bool) async -> Result<JSON, KubernetesError> {
        do throws(KubernetesError) {
            return .success(try await client.apply(object, dryRun: dryRun))
        } catch {
            return .failure(error)
        }
    }

    static func error(_ error: KubernetesError, applying object: JSON) -> RollOutError {
        let kind = object["kind"]?.string ?? "object"
        let name = object.at("metadata", "name")?.string ?? ""
        switch error {
        case .cancelled: return .cancelled
        case .unreachable, .server, .tooManyRequests, .untrusted, .malformed, .unauthorized, .expired:
            return .unreachable(error.sentence)
        case .notFound:
            if let advice = installation[kind] {
                return .rejected("The cluster does not know \(kind)s; \(advice).")
            }
            return .rejected("\(kind) \(name): \(error.sentence)")
        case .forbidden, .namespaceTerminating, .conflict, .fieldConflicts, .invalid:
            return .rejected("\(kind) \(name): \(error.sentence)")
        }
    }

    /// What to do where a kind that is no part of Kubernetes is missing.
    private static let installation = [
        "HTTPRoute": "install the Gateway API, or set ITERAPP_ROUTING=ingress",
        "ListenerSet": "install the Gateway API 1.5 or newer, or set ITERAPP_GATEWAY_LISTENERS=gateway",
        "Middleware": "install Traefik's resource definitions, or set ITERAPP_INGRESS_CONTROLLER=nginx",
        "Certificate": "install cert-manager",
        "PodMonitor": "install the Prometheus Operator, or take back ITERAPP_POD_MONITORS",
    ]
}
