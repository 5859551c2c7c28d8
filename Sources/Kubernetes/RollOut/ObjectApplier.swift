import Deploys
import JSON

/// Applies a release's objects, all or none as far as the server can tell beforehand.
struct ObjectApplier {
    let client: KubernetesClient
    let limits: RollOutLimits

    /// Checks all objects and applies those that run the app. What leads to it comes later, by `applyRoutes`.
    /// - Returns: the Deployments to follow, in the release's order.
    func apply(_ objects: [JSON], of release: Release) async throws(RollOutError) -> [RollOutTarget] {
        let namespaces = objects.filter { $0["kind"]?.string == "Namespace" }
        let others = objects.filter { $0["kind"]?.string != "Namespace" }
        // A namespace that does not exist yet takes no dry run, so it is made first; by itself it changes
        // nothing for anybody.
        _ = try await applyAll(namespaces, dryRun: false)
        _ = try await applyAll(others, dryRun: true)
        var deployments: [String: JSON] = [:]
        for level in KubernetesObjects.levels(others.filter { !KubernetesObjects.isRouting($0) }) {
            for applied in try await applyAll(level, dryRun: false)
            where applied["kind"]?.string == "Deployment" {
                deployments[applied.at("metadata", "name")?.string ?? ""] = applied
            }
        }
        return release.applings.compactMap { appling in
            deployments[appling.name].map {
                RollOutTarget($0, appling: appling, namespace: release.namespace)
            }
        }
    }

    /// Only once the new version is ready: until then the old one serves, on the hosts that it has.
    func applyRoutes(_ objects: [JSON]) async throws(RollOutError) {
        _ = try await applyAll(objects.filter(KubernetesObjects.isRouting), dryRun: false)
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
        case .notFound where kind == "HTTPRoute":
            return .rejected(
                "The cluster does not know HTTPRoutes; install the Gateway API, or set "
                    + "ITERAPP_ROUTING=ingress.")
        case .notFound where kind == "Certificate":
            return .rejected("The cluster does not know Certificates; install cert-manager.")
        case .forbidden, .namespaceTerminating, .notFound, .conflict, .invalid:
            return .rejected("\(kind) \(name): \(error.sentence)")
        }
    }
}
