import Deploys
import JSON
import Synchronization

/// What tells a cluster from all others: the UID of its namespace `kube-system`, which every cluster has and nobody can
/// remove (https://github.com/kubernetes/kubernetes/issues/77487). A cluster that is made anew has another one.
package final class ClusterIdentity: Sendable {
    static let namespace = "kube-system"

    private let client: KubernetesClient
    private let known = Mutex<String?>(nil)

    package init(_ client: KubernetesClient) { self.client = client }

    /// Asked for once.
    package func uid() async throws(AddOnError) -> String {
        if let uid = known.withLock({ $0 }) { return uid }
        let found: JSON
        do throws(KubernetesError) {
            found = try await client.get(.namespaces, namespace: nil, name: Self.namespace)
        } catch .cancelled {
            throw .cancelled
        } catch {
            throw .unreachable(
                "The cluster does not say which one it is (by the UID of the namespace \(Self.namespace)): "
                    + error.sentence)
        }
        guard let uid = found.at("metadata", "uid")?.string, InstallationIdentity.isID(uid) else {
            throw .unreachable("The cluster's namespace \(Self.namespace) has no UID.")
        }
        known.withLock { $0 = uid }
        return uid
    }
}
