import Foundation

/// How environments are in the cluster, as far as it is known without asking the cluster.
package protocol EnvironmentHealth: Sendable {
    /// By namespace; those of which nothing is known may be missing. Never waits for the network.
    func health(of namespaces: [String]) async -> [String: NamespaceHealth]
}

package struct NamespaceHealth: Hashable, Sendable {
    /// Nil while nobody knows.
    package let pods: ReadyPods?
    package let certificate: CertificateStatus

    /// By name.
    package let tasks: [ScheduledTask]
    package let tasksSeen: Sighting

    package init(
        pods: ReadyPods?, certificate: CertificateStatus, tasks: [ScheduledTask] = [], tasksSeen: Sighting = .now
    ) {
        self.pods = pods
        self.certificate = certificate
        self.tasks = tasks
        self.tasksSeen = tasksSeen
    }
}

/// Whether something is known as it is, or as it was when the cluster was heard last.
package enum Sighting: Hashable, Sendable {
    case now
    case last(Date)
    case never
}

/// Where there is no cluster to look at.
package struct UnknownHealth: EnvironmentHealth {
    package init() {}
    package func health(of namespaces: [String]) -> [String: NamespaceHealth] { [:] }
}
