import Deploys
import JSON

/// Finds out what the pods of a release that was in place before are to begin with. Nothing is made here, so that it
/// works without the operator's servers as long as no Secret is another one.
struct BindingFinder {
    let keeper: AddOnKeeper

    /// Pods begin with what a Secret holds now. While the server does not let that in, or there is no Secret, they stay
    /// with what they began with.
    /// - Parameters:
    ///   - deployments: of the release's applings.
    ///   - live: the same ones as they are now, by name.
    ///   - known: the Secrets of which it was found out already.
    /// - Returns: by the Deployment's name.
    func bindings(
        of places: [AddOnPlace], _ deployments: [JSON], live: [String: JSON], known: SecretBindings
    ) async throws(RollOutError) -> [String: SecretBindings] {
        let names = deployments.compactMap { $0.at("metadata", "name")?.string }
        let before = Dictionary(names.map { ($0, SecretBindings(of: live[$0])) }) { first, _ in first }
        var bindings = Dictionary(names.map { ($0, known) }) { first, _ in first }
        for place in places {
            let secret = place.addOn.name
            let found = try await keeper.found(place)
            let isOther = before.values.contains { $0[secret] != nil && $0[secret] != found?.identity }
            var current = found?.identity
            if let found, isOther, await !keeper.isProvided(place, found.secret) { current = nil }
            for name in names { bindings[name]?[secret] = current ?? before[name]?[secret] }
            // What began with nothing that is known begins with what there is.
            for name in names where bindings[name]?[secret] == nil { bindings[name]?[secret] = found?.identity }
        }
        return bindings
    }

    /// Whether pods that run began with values that a Secret does not hold any more; false when nobody can tell.
    func isOutdated(_ places: [AddOnPlace], _ deployments: [JSON], in namespace: String) async -> Bool {
        guard let live = try? await live(deployments, in: namespace) else { return false }
        let before = live.values.map { SecretBindings(of: $0) }
        for place in places {
            guard let identity = (try? await keeper.found(place))?.identity else { continue }
            let began = before.compactMap { $0[place.addOn.name] }
            if began.contains(where: { $0 != identity }) { return true }
        }
        return false
    }

    /// Deployments as they are now, by name.
    func live(_ deployments: [JSON], in namespace: String) async throws(RollOutError) -> [String: JSON] {
        var live: [String: JSON] = [:]
        for deployment in deployments {
            let name = deployment.at("metadata", "name")?.string ?? ""
            do throws(KubernetesError) {
                live[name] = try await keeper.patience.ask { () throws(KubernetesError) in
                    try await keeper.client.find(.deployments, namespace: namespace, name: name)
                }
            } catch {
                throw Refusals(error, deployment).rollOutError(isBegun: true)
            }
        }
        return live
    }
}

extension [JSON] {
    /// Deployments of applings.
    var applings: [JSON] { stage(.workloads).filter { $0["kind"] == "Deployment" } }
}
