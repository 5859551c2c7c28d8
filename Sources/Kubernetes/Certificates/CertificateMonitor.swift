import Deploys
import Foundation
import JSON
import Synchronization

/// Follows all certificates of ours in the cluster by one watch.
actor CertificateMonitor {
    /// Time alone changes how a certificate is.
    static let interval = Duration.seconds(10 * 60)
    /// A burst of changes is looked at once, and when what we did ourselves is written down.
    static let pauseBeforeLook = Duration.seconds(1)
    /// Somebody who changes a certificate again and again is not answered any faster.
    static let minRestoreInterval = Duration.seconds(10 * 60)

    /// Of a reader who is slow. What drifted in one that is dropped is told again with the next interval.
    static let maxWaitingSnapshots = 8

    private let watch: SharedWatch
    private let inventory: any Inventory
    private let timing: Timing
    private let now: @Sendable () -> Date
    private var healths: [String: [CertificateHealth]] = [:]
    /// The same for people who ask, by namespace.
    private var statuses: [String: CertificateStatus] = [:]
    /// Since when a certificate has been seen not to be ready, by our own clock, which nobody sets.
    private var invalidSince: [CertificateName: ContinuousClock.Instant] = [:]
    /// When a namespace was told to have drifted.
    private var driftTold: [String: ContinuousClock.Instant] = [:]

    /// What has to be looked at.
    private struct Pending {
        /// Of the first look, and after some time.
        var isEverything = true
        var namespaces: Set<String> = []
    }

    init(_ client: KubernetesClient, _ inventory: any Inventory, now: @escaping @Sendable () -> Date) {
        watch = SharedWatch(
            client, .certificates, labelSelector: ObjectScope.managedBySelector,
            trim: CertificateState.trim)
        self.inventory = inventory
        timing = client.timing
        self.now = now
    }

    /// All certificates, each time one has changed or some time has passed; ends with the task that reads it.
    nonisolated func snapshots() -> AsyncStream<CertificateSnapshot> {
        let (stream, continuation) = AsyncStream<CertificateSnapshot>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.maxWaitingSnapshots))
        let work = Task { await follow { continuation.yield($0) } }
        continuation.onTermination = { _ in work.cancel() }
        return stream
    }

    private func follow(_ report: @Sendable (CertificateSnapshot) -> Void) async {
        let pending = Mutex(Pending())
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = await watch.followAll { namespaces in
            pending.withLock { $0.namespaces.formUnion(namespaces) }
            wake.yield()
        }
        let ticks = Task {
            while (try? await timing.sleep(Self.interval)) != nil {
                pending.withLock { $0.isEverything = true }
                wake.yield()
            }
        }
        for await _ in wakes {
            guard (try? await timing.sleep(Self.pauseBeforeLook)) != nil else { break }
            guard await watch.isSynchronized else { continue }
            let looked = pending.withLock { pending in
                defer { pending = Pending(isEverything: false) }
                return pending
            }
            report(await look(looked))
        }
        ticks.cancel()
        await watch.unfollow(id)
        await watch.stop()
        statuses = [:]
    }

    /// By namespace, of those that have certificates: as they were judged last. Empty while nothing is known.
    func statuses(in namespaces: [String]) async -> [String: CertificateStatus] {
        guard await watch.isSynchronized, await watch.trouble == nil else { return [:] }
        var found: [String: CertificateStatus] = [:]
        for namespace in namespaces { found[namespace] = statuses[namespace] }
        return found
    }

    private func look(_ pending: Pending) async -> CertificateSnapshot {
        var drifted: [String] = []
        let placed = await placed(pending)
        let namespaces = pending.namespaces.union(placed.keys).union(pending.isEverything ? Array(healths.keys) : [])
        for namespace in namespaces {
            let objects = await watch.objects(in: namespace)
            let states = objects.values.map { CertificateState($0) }
            let judged = states.map(judge)
            healths[namespace] = judged.isEmpty ? nil : judged
            statuses[namespace] = judged.isEmpty ? nil : CertificateStatus(of: states, judged)
            if hasDrifted(namespace, placed[namespace] ?? [], objects) { drifted.append(namespace) }
        }
        let present = Set(healths.values.flatMap { $0.map(\.certificate) })
        invalidSince = invalidSince.filter { present.contains($0.key) }
        return CertificateSnapshot(healths.values.flatMap { $0 }, drifted: drifted.sorted())
    }

    /// What we put there, by namespace. A journal that cannot be read now is asked at the next look.
    private func placed(_ pending: Pending) async -> [String: [PlacedObject]] {
        var objects: [PlacedObject] = []
        if pending.isEverything {
            objects = (try? await inventory.placedObjects()) ?? []
        } else {
            for namespace in pending.namespaces {
                objects += (try? await inventory.placedObjects(in: namespace)) ?? []
            }
        }
        let kind = KubernetesResource.certificates.typeName
        return Dictionary(grouping: objects.filter { $0.kind == kind }, by: \.namespace)
    }

    private func hasDrifted(_ namespace: String, _ placed: [PlacedObject], _ live: [String: JSON]) -> Bool {
        if let told = driftTold[namespace] {
            guard timing.now() - told >= Self.minRestoreInterval else { return false }
            driftTold[namespace] = nil
        }
        guard placed.contains(where: { live[$0.name]?["fingerprint"]?.string != $0.fingerprint }) else { return false }
        driftTold[namespace] = timing.now()
        return true
    }

    private func judge(_ state: CertificateState) -> CertificateHealth {
        let name = CertificateName(namespace: state.namespace, name: state.name)
        var invalidFor: Duration?
        if state.isReady {
            invalidSince[name] = nil
        } else {
            let since = invalidSince[name] ?? timing.now()
            invalidSince[name] = since
            invalidFor = timing.now() - since
        }
        let judgement = CertificateJudgement(state, now: now(), invalidFor: invalidFor)
        return CertificateHealth(name, hosts: state.hosts, troubles: judgement.troubles, isWell: judgement.isWell)
    }
}
