import Deploys
import JSON

/// The way of one release into the cluster, stage by stage. Every stage can be repeated after a crash: what
/// is there already stays as it is, and a release command that ran does not run again.
struct RollOutStages {
    let release: Release
    let objects: [JSON]
    let client: KubernetesClient
    let limits: RollOutLimits
    let keeper: SecretKeeper
    let certificates: CertificateKeeper
    let watches: ClusterWatches
    let changes: ClusterWatches.Changes

    private var applier: ObjectApplier { ObjectApplier(client: client, limits: limits) }

    func run(
        onProgress: @escaping @Sendable (_ ready: Int, _ wanted: Int) -> Void
    ) async throws(RollOutError) {
        try await applier.check(objects)
        _ = try await applier.apply(objects.stage(.foundations))
        try await startAddOns()
        // One after the other: they may change the same database.
        for job in objects.stage(.releaseJobs) { try await run(job) }
        let applied = try await applier.apply(objects.stage(.workloads))
        try await follow(targets(applied), onProgress: onProgress)
        // Only once the new version is ready: until then the old one serves, on the hosts that it has.
        _ = try await applier.apply(objects.stage(.access))
        _ = await certificates.keep(objects.stage(.certificates), in: release.namespace)
    }

    private func startAddOns() async throws(RollOutError) {
        let secrets = try await keeper.keep(release)
        let deployments = objects.stage(.addOns).map { deployment in
            let secret = secrets[deployment.at("metadata", "name")?.string ?? ""]
            return secret.map { RedisObjects.bound(deployment, toSecret: $0) } ?? deployment
        }
        try await follow(targets(try await applier.apply(deployments)))
    }

    private func run(_ job: JSON) async throws(RollOutError) {
        let targets = targets(try await applier.apply([job]))
        do throws(RollOutError) {
            try await follow(targets)
        } catch {
            if case .failed = error { await remove(targets) }
            throw error
        }
    }

    /// A command that was not begun must not begin later, behind the back of people who read that it failed.
    /// One that ended stays, for them to look at.
    private func remove(_ jobs: [RollOutTarget]) async {
        let snapshot = await watches.snapshot(for: changes)
        for job in jobs where !(snapshot.object(of: job).map(JobVerdict.isOver) ?? false) {
            _ = try? await client.delete(.jobs, namespace: job.namespace, name: job.name, uid: job.uid)
        }
    }

    /// What of the applied objects has a way to follow.
    private func targets(_ applied: [JSON]) -> [RollOutTarget] {
        applied.filter { ["Deployment", "Job"].contains($0["kind"]?.string) }
            .map { RollOutTarget($0, namespace: release.namespace) }
    }

    private func follow(
        _ targets: [RollOutTarget],
        onProgress: @escaping @Sendable (_ ready: Int, _ wanted: Int) -> Void = { _, _ in }
    ) async throws(RollOutError) {
        guard !targets.isEmpty else { return }
        let follower = RollOutFollower(
            watches: watches, changes: changes, evidence: RollOutEvidence(client: client, limits: limits),
            limits: limits, timing: client.timing, targets: targets)
        try await follower.follow { onProgress($0.ready, $0.wanted) }
    }
}
