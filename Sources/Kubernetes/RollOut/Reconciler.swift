import Deploys
import JSON

/// Brings releases into a Kubernetes cluster: checks every object, applies them, follows the roll-out, and
/// removes what the release no longer has.
package struct Reconciler: Cluster {
    private let client: KubernetesClient
    private let options: RenderOptions
    private let limits: RollOutLimits
    private let watches: ClusterWatches

    package init(
        _ client: KubernetesClient, options: RenderOptions = RenderOptions(),
        limits: RollOutLimits = RollOutLimits()
    ) {
        self.client = client
        self.options = options
        self.limits = limits
        watches = ClusterWatches(client)
    }

    /// Ends the shared watches; a later roll-out starts them again.
    package func stop() async { await watches.stop() }

    package func rollOut(
        _ release: Release, onProgress: @escaping @Sendable (_ ready: Int, _ wanted: Int) -> Void
    ) async throws(RollOutError) {
        let objects = try render(release)
        let changes = await watches.changes(in: release.namespace)
        let result: Result<Void, RollOutError>
        do throws(RollOutError) {
            try await waitForWatches(changes)
            let applier = ObjectApplier(client: client, limits: limits)
            let targets = try await applier.apply(objects, of: release)
            try await follow(targets, release, changes, onProgress)
            try await applier.applyRoutes(objects)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await watches.end(changes)
        try result.get()
        await ObjectPruner(client: client).prune(release, keeping: objects)
    }

    package func warnings(about release: Release) -> [String] {
        // What can't be rendered is refused in its own words.
        (try? KubernetesObjects.render(release, options).warnings) ?? []
    }

    private func render(_ release: Release) throws(RollOutError) -> [JSON] {
        for appling in release.applings {
            for variable in appling.variables {
                // An app must never start with the encrypted text for the value.
                guard case .encrypted = variable.value else { continue }
                throw .rejected("The variable \(variable.name) of \(appling.name) is still encrypted.")
            }
        }
        do throws(RenderError) {
            return try KubernetesObjects.render(release, options).objects
        } catch {
            throw .rejected(error.sentence)
        }
    }

    /// What cannot be followed is not begun. Only a program's first roll-out has to wait here.
    private func waitForWatches(
        _ changes: ClusterWatches.Changes
    ) async throws(RollOutError) {
        changes.nudge()
        for await _ in changes.stream {
            let health = await watches.health
            if health.isComplete { return }
            guard let trouble = health.trouble else { continue }
            throw trouble.isTransient ? .unreachable(trouble.sentence) : .rejected(trouble.sentence)
        }
        throw .cancelled
    }

    private func follow(
        _ targets: [RollOutTarget], _ release: Release, _ changes: ClusterWatches.Changes,
        _ onProgress: @escaping @Sendable (_ ready: Int, _ wanted: Int) -> Void
    ) async throws(RollOutError) {
        let follower = RollOutFollower(
            watches: watches, changes: changes,
            evidence: RollOutEvidence(client: client, limits: limits), limits: limits,
            timing: client.timing, targets: targets, namespace: release.namespace)
        try await follower.follow(onProgress: onProgress)
    }
}
