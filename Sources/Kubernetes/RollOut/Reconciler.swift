import AppFile
import Deploys
import JSON

/// Brings plans into a Kubernetes cluster: checks every object, applies them in the order in which they
/// need each other, follows the roll-out, and removes what the plan no longer has; puts right what differs later.
package struct Reconciler: Cluster {
    private let client: KubernetesClient
    private let inventory: any Inventory
    private let options: RenderOptions
    private let limits: RollOutLimits
    private let passwords: Passwords
    private let certificates: CertificateKeeper
    private let addOns: AddOnServers
    private let opener: (any SecretOpener)?
    let watches: ClusterWatches
    private let drift: DriftWatch

    /// - Parameters:
    ///   - inventory: where is written down what was put into the cluster.
    ///   - passwords: of what runs in apps' own namespaces.
    ///   - certificates: nil asks for all of them at once, wherever their names lead.
    ///   - addOns: where add-ons live that are not in apps' own namespaces.
    ///   - opener: of encrypted values.
    package init(
        _ client: KubernetesClient, inventory: any Inventory, options: RenderOptions = RenderOptions(),
        limits: RollOutLimits = RollOutLimits(),
        passwords: Passwords = Passwords(),
        certificates: CertificateKeeper? = nil, addOns: AddOnServers = AddOnServers(),
        opener: (any SecretOpener)? = nil
    ) {
        self.client = client
        self.inventory = inventory
        self.options = options
        self.limits = limits
        self.passwords = passwords
        self.certificates = certificates ?? CertificateKeeper(client)
        self.addOns = addOns
        self.opener = opener
        watches = ClusterWatches(client)
        drift = DriftWatch(client, inventory: inventory, deployments: watches.deployments)
    }

    /// Ends the shared watches; a later roll-out starts them again.
    package func stop() async { await watches.stop() }

    // MARK: Plans

    package func plan(_ release: Release) throws(RollOutError) -> ClusterPlan {
        do throws(RenderError) {
            return ClusterPlan(
                try KubernetesObjects.render(release, options).objects, release.places, namespace: release.namespace)
        } catch {
            throw .rejected(error.sentence)
        }
    }

    package func warnings(about release: Release) -> [String] {
        // What can't be rendered is refused in its own words.
        (try? KubernetesObjects.render(release, options).warnings) ?? []
    }

    // MARK: Into the cluster

    /// Applies the plan and follows the roll-out to its end. Safe to repeat: the same plan twice is one roll-out.
    /// - Returns: sentences about fields that others had set, and about leftovers that do not go.
    package func rollOut(
        _ plan: ClusterPlan, onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String] {
        try await put(plan, isPuttingBack: false, onProgress)
    }

    /// Puts an earlier release's plan in the place of one that failed. Its release commands do not run again.
    /// - Returns: as `rollOut` does.
    package func putBack(
        _ plan: ClusterPlan, onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String] {
        try await put(plan, isPuttingBack: true, onProgress)
    }

    private func put(
        _ plan: ClusterPlan, isPuttingBack: Bool, _ onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String] {
        await drift.leave(plan.namespace)
        let result: Result<[String], RollOutError>
        do throws(RollOutError) {
            result = .success(try await putWatched(plan, isPuttingBack: isPuttingBack, onProgress))
        } catch {
            result = .failure(error)
        }
        await drift.lookAfter(plan.namespace, succeeded: (try? result.get()) != nil)
        return try result.get()
    }

    private func putWatched(
        _ plan: ClusterPlan, isPuttingBack: Bool, _ onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String] {
        let sealed = try plan.objects()
        // Of what is written down, not even a digest is of an opened value.
        let ledger = ObjectLedger(inventory: inventory, namespace: plan.namespace, plan: sealed)
        let patience = Patience(client, maxSilence: limits.maxSilence) {
            onProgress(RollOutProgress(ready: 0, wanted: RollOutStages.wanted(sealed), holdUp: $0))
        }
        let objects = isPuttingBack ? try await keeper(ledger, patience).opened(sealed) : try opened(sealed)
        let changes = await watches.changes(
            in: plan.namespace, withJobs: !isPuttingBack && !objects.stage(.releaseJobs).isEmpty)
        let result: Result<[String], RollOutError>
        do throws(RollOutError) {
            var stages = try RollOutStages(
                plan, objects, isPuttingBack: isPuttingBack, client: client, limits: limits, ledger: ledger,
                passwords: passwords, certificates: certificates, addOns: addOns, watches: watches, changes: changes,
                onProgress: onProgress)
            try await stages.waitForWatches()
            try await stages.run()
            result = .success(stages.remarks)
        } catch {
            result = .failure(error)
        }
        await watches.end(changes)
        let pruner = ObjectPruner(client: client, ledger: ledger, limits: limits)
        // The release command that failed is for people to look at.
        return try result.get()
            + (await pruner.prune(keeping: objects) { !isPuttingBack || $0 != .jobs })
    }

    private func opened(_ objects: [JSON]) throws(RollOutError) -> [JSON] {
        try objects.map { (object) throws(RollOutError) in try SealedVariables.opened(object, by: opener) }
    }

    private func keeper(_ ledger: ObjectLedger, _ patience: Patience) -> SealedKeeper {
        SealedKeeper(client: client, patience: patience, ledger: ledger, opener: opener, learn: passwords.learnOf)
    }

    /// Opens what a plan keeps encrypted, so that it is known what must be read nowhere. What can't be opened is looked
    /// for in the cluster, and passed over when it is not there either.
    package func openSecrets(of plan: ClusterPlan) async throws(RollOutError) {
        let objects = try plan.objects()
        let ledger = ObjectLedger(inventory: inventory, namespace: plan.namespace, plan: objects)
        let keeper = keeper(ledger, Patience(client, maxSilence: .zero))
        for object in objects where !SealedVariables.open(object, by: opener) {
            do throws(RollOutError) { _ = try await keeper.opened([object]) } catch {
                guard case .unmet = error else { throw error }
            }
        }
    }

    // MARK: Afterwards

    /// Puts right what differs from the plan in what we own; release commands do not run again.
    /// - Returns: sentences about what was different, and by whom where the cluster tells; none when nothing was.
    package func repair(_ plan: ClusterPlan) async throws(RollOutError) -> [String] {
        await drift.leave(plan.namespace)
        let result: Result<[String], RollOutError>
        do throws(RollOutError) {
            let sealed = try plan.objects()
            let ledger = ObjectLedger(inventory: inventory, namespace: plan.namespace, plan: sealed)
            // Without an answer it is begun again later.
            let objects = try await keeper(ledger, Patience(client, maxSilence: .zero)).opened(sealed)
            var repair = Repair(
                objects, try plan.addOns(), in: plan.namespace, client: client, limits: limits,
                passwords: passwords, servers: addOns, ledger: ledger)
            result = .success(try await repair.run())
        } catch {
            result = .failure(error)
        }
        await drift.lookAfter(plan.namespace, succeeded: (try? result.get()) != nil)
        return try result.get()
    }

    /// Notices what is no longer as we put it into the cluster, until the task is cancelled; at the start, everything
    /// is compared.
    /// - Parameter onDrift: called once for a namespace until it is rolled out or repaired again.
    package func watchDrift(_ onDrift: @escaping @Sendable (_ namespace: String) async -> Void) async {
        await drift.run(onDrift)
    }
}
