/// How environments are in the cluster, as far as it is known without asking the cluster.
package protocol EnvironmentHealth: Sendable {
    /// By namespace; those of which nothing is known may be missing. Never waits for the network.
    func health(of namespaces: [String]) async -> [String: NamespaceHealth]
}

package struct NamespaceHealth: Hashable, Sendable {
    /// Nil while nobody knows.
    package let pods: ReadyPods?
    package let certificate: CertificateStatus

    /// By name; none while nobody knows.
    package let tasks: [ScheduledTask]

    package init(pods: ReadyPods?, certificate: CertificateStatus, tasks: [ScheduledTask] = []) {
        self.pods = pods
        self.certificate = certificate
        self.tasks = tasks
    }
}

/// Where there is no cluster to look at.
package struct UnknownHealth: EnvironmentHealth {
    package init() {}
    package func health(of namespaces: [String]) -> [String: NamespaceHealth] { [:] }
}
