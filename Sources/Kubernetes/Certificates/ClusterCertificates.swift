import Deploys
import Foundation

/// cert-manager's certificates as the domain sees them.
package struct ClusterCertificates: Certificates {
    private let keeper: CertificateKeeper
    private let monitor: CertificateMonitor

    /// - Parameter now: the date by which certificates end.
    package init(_ client: KubernetesClient, _ keeper: CertificateKeeper, now: @escaping @Sendable () -> Date) {
        self.keeper = keeper
        monitor = CertificateMonitor(client, now: now)
    }

    package func ask(for plan: ClusterPlan) async {
        // A plan that cannot be read is told by whoever deploys it.
        guard let objects = try? plan.objects() else { return }
        _ = await keeper.ask(for: objects.stage(.certificates), in: plan.namespace)
    }

    package func snapshots() async -> AsyncStream<[CertificateHealth]> { monitor.snapshots() }
}
