import AppFile
import Crypto
import Deploys
import JSON

/// Brings releases into a Kubernetes cluster: checks every object, applies them in the order in which they
/// need each other, follows the roll-out, and removes what the release no longer has.
package struct Reconciler: Cluster {
    private let client: KubernetesClient
    private let options: RenderOptions
    private let limits: RollOutLimits
    private let random: @Sendable (_ count: Int) -> [UInt8]
    private let certificates: CertificateKeeper
    private let watches: ClusterWatches

    /// - Parameters:
    ///   - random: as many random bytes as asked for, fit for passwords.
    ///   - certificates: nil asks for all of them at once, wherever their names lead.
    package init(
        _ client: KubernetesClient, options: RenderOptions = RenderOptions(),
        limits: RollOutLimits = RollOutLimits(),
        random: @escaping @Sendable (_ count: Int) -> [UInt8] = { randomBytes($0) },
        certificates: CertificateKeeper? = nil
    ) {
        self.client = client
        self.options = options
        self.limits = limits
        self.random = random
        self.certificates = certificates ?? CertificateKeeper(client)
        watches = ClusterWatches(client)
    }

    /// Ends the shared watches; a later roll-out starts them again.
    package func stop() async { await watches.stop() }

    package func rollOut(
        _ release: Release, onProgress: @escaping @Sendable (_ ready: Int, _ wanted: Int) -> Void
    ) async throws(RollOutError) {
        let objects = try render(release)
        let changes = await watches.changes(
            in: release.namespace, withJobs: !objects.stage(.releaseJobs).isEmpty)
        let stages = RollOutStages(
            release: release, objects: objects, client: client, limits: limits,
            keeper: SecretKeeper(client: client, random: random), certificates: certificates,
            watches: watches, changes: changes)
        let result: Result<Void, RollOutError>
        do throws(RollOutError) {
            try await waitForWatches(changes)
            try await stages.run(onProgress: onProgress)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await watches.end(changes)
        try result.get()
        await ObjectPruner(client: client).prune(release, keeping: objects)
    }

    package func plan(_ release: Release) throws(RollOutError) -> ClusterPlan {
        let objects = try render(release)
        return ClusterPlan(
            namespace: release.namespace,
            text: String(decoding: KubernetesObjects.list(objects).bytes, as: UTF8.self))
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
            let health = await watches.health(for: changes)
            if health.isComplete { return }
            guard let trouble = health.trouble else { continue }
            throw trouble.isTransient ? .unreachable(trouble.sentence) : .rejected(trouble.sentence)
        }
        throw .cancelled
    }
}
