import Deploys
import Foundation

/// cert-manager's certificates as the domain sees them.
package struct ClusterCertificates: Certificates {
    private let keeper: CertificateKeeper
    let monitor: CertificateMonitor

    /// - Parameters:
    ///   - inventory: what was put into the cluster, as the keeper writes it down.
    ///   - now: the date by which certificates end.
    package init(
        _ client: KubernetesClient, _ keeper: CertificateKeeper, inventory: any Inventory,
        now: @escaping @Sendable () -> Date
    ) {
        self.keeper = keeper
        monitor = CertificateMonitor(client, inventory, now: now)
    }

    package func ask(for plan: ClusterPlan) async {
        // A plan that cannot be read is told by whoever deploys it.
        guard let objects = try? plan.objects() else { return }
        _ = await keeper.ask(for: objects.stage(.certificates), in: plan.namespace)
    }

    package func restore(_ plan: ClusterPlan) async {
        guard let objects = try? plan.objects() else { return }
        _ = await keeper.keep(objects.stage(.certificates), in: plan.namespace)
    }

    package func snapshots() async -> AsyncStream<CertificateSnapshot> { monitor.snapshots() }
}
