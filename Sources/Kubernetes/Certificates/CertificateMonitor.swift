import Deploys
import Foundation
import JSON
import Synchronization

/// Follows all certificates of ours in the cluster by one watch.
actor CertificateMonitor {
    /// Time alone changes how a certificate is.
    static let interval = Duration.seconds(10 * 60)
    /// A burst of changes is looked at once.
    static let pauseAfterLook = Duration.seconds(1)

    private let watch: SharedWatch
    private let timing: Timing
    private let now: @Sendable () -> Date
    private var healths: [String: [CertificateHealth]] = [:]
    /// Since when a certificate has been seen not to be ready, by our own clock, which nobody sets.
    private var invalidSince: [CertificateName: ContinuousClock.Instant] = [:]

    init(_ client: KubernetesClient, now: @escaping @Sendable () -> Date) {
        watch = SharedWatch(
            client, .certificates, labelSelector: "\(ObjectScope.managedBy.key)=\(ObjectScope.managedBy.value)",
            trim: CertificateState.trim)
        timing = client.timing
        self.now = now
    }

    /// All certificates, each time one has changed or some time has passed; ends with the task that reads it.
    nonisolated func snapshots() -> AsyncStream<[CertificateHealth]> {
        let (stream, continuation) = AsyncStream<[CertificateHealth]>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let work = Task { await follow { continuation.yield($0) } }
        continuation.onTermination = { _ in work.cancel() }
        return stream
    }

    private func follow(_ report: @Sendable ([CertificateHealth]) -> Void) async {
        let pending = Mutex(Set<String>())
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = await watch.followAll { namespaces in
            pending.withLock { $0.formUnion(namespaces) }
            wake.yield()
        }
        let ticks = Task {
            while (try? await timing.sleep(Self.interval)) != nil {
                pending.withLock { $0.formUnion([Self.everything]) }
                wake.yield()
            }
        }
        for await _ in wakes {
            guard await watch.isSynchronized else { continue }
            let changed = pending.withLock { pending in
                defer { pending = [] }
                return pending
            }
            await update(changed)
            report(healths.values.flatMap { $0 })
            guard (try? await timing.sleep(Self.pauseAfterLook)) != nil else { break }
        }
        ticks.cancel()
        await watch.unfollow(id)
        await watch.stop()
    }

    /// No namespace has this name.
    private static let everything = "*"

    private func update(_ changed: Set<String>) async {
        for namespace in changed.contains(Self.everything) ? changed.union(healths.keys) : changed {
            let objects = await watch.objects(in: namespace)
            let judged = objects.values.map { judge(CertificateState($0)) }
            healths[namespace] = judged.isEmpty ? nil : judged
        }
        let present = Set(healths.values.flatMap { $0.map(\.certificate) })
        invalidSince = invalidSince.filter { present.contains($0.key) }
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
