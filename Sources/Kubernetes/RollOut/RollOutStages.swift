import Deploys
import JSON
import Synchronization

/// The way of one plan into the cluster, stage by stage. Every stage can be repeated after a crash: what
/// is there already stays as it is, and a release command that ran does not run again.
struct RollOutStages {
    let plan: ClusterPlan
    let objects: [JSON]
    /// An earlier release takes the place of one that failed: release commands do not run, and nothing is asked
    /// beforehand, for it was taken once.
    let isPuttingBack: Bool
    let client: KubernetesClient
    let limits: RollOutLimits
    let ledger: ObjectLedger
    let passwords: Passwords
    let certificates: CertificateKeeper
    let addOns: AddOnServers
    let watches: ClusterWatches
    let changes: ClusterWatches.Changes
    let patience: Patience
    let onProgress: @Sendable (RollOutProgress) -> Void

    /// What people should know of what was done.
    private(set) var remarks: [String] = []
    /// Everything but the namespace and certificates.
    private var items: [ObjectApplier.Item] = []

    init(
        _ plan: ClusterPlan, _ objects: [JSON], isPuttingBack: Bool, client: KubernetesClient, limits: RollOutLimits,
        ledger: ObjectLedger, passwords: Passwords,
        certificates: CertificateKeeper, addOns: AddOnServers, watches: ClusterWatches, changes: ClusterWatches.Changes,
        onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) throws(RollOutError) {
        self.plan = plan
        self.objects = objects
        self.isPuttingBack = isPuttingBack
        self.client = client
        self.limits = limits
        self.ledger = ledger
        self.passwords = passwords
        self.certificates = certificates
        self.addOns = addOns
        self.watches = watches
        self.changes = changes
        self.onProgress = onProgress
        patience = Patience(client, maxSilence: limits.maxSilence) { holdUp in
            onProgress(RollOutProgress(ready: 0, wanted: Self.wanted(objects), holdUp: holdUp))
        }
    }

    private var applier: ObjectApplier { ObjectApplier(client: client, limits: limits, patience: patience) }

    mutating func run() async throws(RollOutError) {
        try await prepare()
        let keeper = AddOnKeeper(
            client: client, patience: patience, servers: addOns, learn: passwords.learn)
        let places = try plan.addOns()
        if !isPuttingBack {
            try await RequiredSecrets(objects, places, namespace: plan.namespace).check(client, patience)
        }
        // Before anything that runs is changed. What an earlier release had is there.
        let kept = isPuttingBack ? [] : try await keep(places, keeper)
        for one in kept { note(one.remarks) }
        _ = try await apply(.foundations)
        let bindings = try await startAddOns()
        // One after the other: they may change the same database.
        if !isPuttingBack { for job in items(of: .releaseJobs) { try await run(job) } }
        try await bind(places, kept, bindings, keeper)
        try await follow(targets(try await apply(.workloads)), onProgress: onProgress)
        // Only once the new version is ready: until then the old one serves, on the hosts that it has.
        _ = try await apply(.access)
        // Nothing fails any more that would put the release before back.
        note(await keeper.retireOlder(kept))
        note(await certificates.keep(objects.stage(.certificates), in: plan.namespace))
    }

    /// Pods of all applings.
    static func wanted(_ objects: [JSON]) -> Int {
        objects.stage(.workloads).reduce(0) { $0 + ($1.at("spec", "replicas")?.int ?? 0) }
    }

    private mutating func note(_ new: [String]) {
        for remark in new where !remarks.contains(remark) { remarks.append(remark) }
    }

    // MARK: Before anything is changed

    /// How often a namespace may be deleted under our hands before we give up.
    private static let maxNamespaceTries = 3

    /// Makes the namespace, and asks whether everything else would be taken.
    ///
    /// A namespace that does not exist yet takes no dry run, so it is made first; by itself it changes
    /// nothing for anybody.
    private mutating func prepare() async throws(RollOutError) {
        let others = objects.filter { ![.namespace, .certificates].contains(ApplyStage(of: $0)) }
        items = others.map(ObjectApplier.Item.init)
        let gate = NamespaceGate(client: client, limits: limits, patience: patience) { [onProgress, objects] in
            onProgress(RollOutProgress(ready: 0, wanted: Self.wanted(objects), holdUp: $0))
        }
        for _ in 1...Self.maxNamespaceTries {
            if try await isPrepared() { return }
            try await gate.waitUntilGone(plan.namespace)
        }
        throw .rejected(
            "The namespace \(plan.namespace) is deleted again and again; deploy again when nobody deletes it.")
    }

    /// False when the namespace is on its way out.
    private mutating func isPrepared() async throws(RollOutError) -> Bool {
        let namespaces: ObjectApplier.Applied
        do throws(Refusals) {
            namespaces = try await applier.apply(objects.stage(.namespace).map(ObjectApplier.Item.init))
            if namespaces.answers.contains(where: \.isBeingDeleted) { return false }
            if isPuttingBack {
                items = try await applier.leavingReplicas(items)
            } else {
                let checked = try await applier.check(items)
                items = checked.items
                note(checked.remarks)
            }
        } catch {
            if error.isNamespaceTerminating { return false }
            throw error.rollOutError(isBegun: false)
        }
        note(namespaces.remarks)
        try await ledger.place(namespaces.answers)
        return true
    }

    // MARK: Stage by stage

    private func items(of stage: ApplyStage) -> [ObjectApplier.Item] {
        items.filter { ApplyStage(of: $0.object) == stage }
    }

    @discardableResult
    private mutating func apply(_ stage: ApplyStage) async throws(RollOutError) -> [JSON] {
        try await apply(items(of: stage))
    }

    /// What was applied is written down before anything else is sent.
    private mutating func apply(_ items: [ObjectApplier.Item]) async throws(RollOutError) -> [JSON] {
        let applied: ObjectApplier.Applied
        do throws(Refusals) {
            applied = try await applier.apply(items)
        } catch {
            try await ledger.place(error.answers)
            throw error.rollOutError(isBegun: true)
        }
        note(applied.remarks)
        try await ledger.place(applied.answers)
        return applied.answers
    }

    /// - Returns: the Secrets of what runs in the namespace.
    private mutating func startAddOns() async throws(RollOutError) -> SecretBindings {
        let keeper = SecretKeeper(client: client, patience: patience, passwords: passwords)
        var items = items(of: .addOns)
        let secrets = try await keeper.keep(for: items.map(\.object))
        for (index, item) in items.enumerated() {
            guard let secret = secrets[item.object.at("metadata", "name")?.string ?? ""] else { continue }
            items[index].object = RedisObjects.bound(item.object, toSecret: secret)
        }
        try await followHoldUps(targets(try await apply(items)))
        return SecretBindings(secrets)
    }

    private mutating func run(_ job: ObjectApplier.Item) async throws(RollOutError) {
        let targets = targets(try await apply([job]))
        do throws(RollOutError) {
            try await followHoldUps(targets)
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
            .map { RollOutTarget($0, namespace: plan.namespace) }
    }

    private func follow(
        _ targets: [RollOutTarget], onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) {
        guard !targets.isEmpty else { return }
        let follower = RollOutFollower(
            watches: watches, changes: changes, evidence: RollOutEvidence(client: client, limits: limits),
            limits: limits, timing: client.timing, targets: targets)
        try await follower.follow(onProgress: onProgress)
    }

    /// Of what comes before the applings, people are told no more than what keeps it from going on.
    private func followHoldUps(_ targets: [RollOutTarget]) async throws(RollOutError) {
        let last = Mutex<String?>(nil)
        let wanted = Self.wanted(objects)
        try await follow(targets) { [onProgress] progress in
            let isNew = last.withLock { last in
                defer { last = progress.holdUp }
                return last != progress.holdUp
            }
            if isNew { onProgress(RollOutProgress(ready: 0, wanted: wanted, holdUp: progress.holdUp)) }
        }
    }
}

// MARK: Add-ons

extension RollOutStages {
    /// When a Secret could not be made good, pods that began with the one before it need somebody to look after them.
    private func keep(
        _ places: [AddOnPlace], _ keeper: AddOnKeeper
    ) async throws(RollOutError) -> [AddOnKeeper.Kept] {
        do throws(AddOnKeeper.Failure) { return try await keeper.keep(places) } catch {
            guard case .unmet(let cause, let advice) = error.error,
                await BindingFinder(keeper: keeper).isOutdated(places, objects.applings, in: plan.namespace)
            else { throw error.error }
            throw .failed(appling: error.place.addOn.name, cause: cause, advice: advice, evidence: [])
        }
    }

    /// Pods are made anew for a Secret that was, and for no other reason.
    private mutating func bind(
        _ places: [AddOnPlace], _ kept: [AddOnKeeper.Kept], _ known: SecretBindings, _ keeper: AddOnKeeper
    ) async throws(RollOutError) {
        var all = known
        for one in kept { all[one.place.addOn.name] = one.identity }
        var bindings: [String: SecretBindings] = [:]
        if isPuttingBack, !places.isEmpty {
            let finder = BindingFinder(keeper: keeper)
            let live = try await finder.live(objects.applings, in: plan.namespace)
            bindings = try await finder.bindings(of: places, objects.applings, live: live, known: known)
        }
        for index in items.indices where ApplyStage(of: items[index].object) == .workloads {
            let name = items[index].object.at("metadata", "name")?.string ?? ""
            items[index].object = (bindings[name] ?? all).bound(items[index].object)
        }
    }
}

extension RollOutStages {
    /// What cannot be followed is not begun. Only a program's first roll-out has to wait here, or one that begins
    /// while the cluster does not answer.
    func waitForWatches() async throws(RollOutError) {
        let start = client.timing.now()
        let ticker = Task { [client, limits, changes] in
            while (try? await client.timing.sleep(limits.lookAgainEvery)) != nil { changes.nudge() }
        }
        defer { ticker.cancel() }
        var isTold = false
        changes.nudge()
        for await _ in changes.stream {
            let health = await watches.health(for: changes)
            if health.isComplete {
                if isTold { onProgress(RollOutProgress(ready: 0, wanted: Self.wanted(objects))) }
                return
            }
            guard let trouble = health.trouble else { continue }
            guard trouble.mayPass else {
                throw Refusals(trouble, objects.first ?? .null).rollOutError(isBegun: false)
            }
            guard client.timing.now() - start < limits.maxSilence else { throw .unreachable(trouble.sentence) }
            if !isTold {
                isTold = true
                onProgress(RollOutProgress(ready: 0, wanted: Self.wanted(objects), holdUp: Patience.holdUp))
            }
        }
        throw .cancelled
    }
}
