import Deploys
import JSON

/// How environments are, from the watches that run in any case: nobody asks the cluster for it.
package struct ClusterHealth: EnvironmentHealth {
    private let deployments: SharedWatch
    private let certificates: CertificateMonitor
    private let tasks: TaskMonitor

    package init(_ cluster: Reconciler, _ certificates: ClusterCertificates, _ tasks: TaskMonitor) {
        deployments = cluster.watches.deployments
        self.certificates = certificates.monitor
        self.tasks = tasks
    }

    /// Pods are unknown before the first look at the cluster, and while it does not answer; certificates, too, while
    /// another bot works on it. Tasks are then as they were seen last.
    package func health(of namespaces: [String]) async -> [String: NamespaceHealth] {
        let pods = await deployments.reading(namespaces) { ReadyPods(of: $0.values) } ?? [:]
        let certificates = await certificates.statuses(in: namespaces)
        let (tasks, seen) = await (tasks.tasks(in: namespaces), tasks.seen)
        var healths: [String: NamespaceHealth] = [:]
        for namespace in namespaces {
            healths[namespace] = NamespaceHealth(
                pods: pods[namespace] ?? nil, certificate: certificates[namespace] ?? .unknown,
                tasks: tasks[namespace] ?? [], tasksSeen: seen)
        }
        return healths
    }
}

extension ReadyPods {
    /// Of an environment's Deployments, add-ons apart; nil when there is none.
    ///
    /// While one version takes the place of another, more pods may be ready than there shall be
    /// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentStatus).
    fileprivate init?(of deployments: some Collection<JSON>) {
        let applings = deployments.filter { $0.at("metadata", "labels")?[ObjectScope.componentLabel] == nil }
        guard !applings.isEmpty else { return nil }
        var (ready, wanted) = (0, 0)
        for deployment in applings {
            let replicas = deployment.at("spec", "replicas")?.int ?? 1
            wanted += replicas
            ready += min(deployment.at("status", "readyReplicas")?.int ?? 0, replicas)
        }
        self.init(ready: ready, wanted: wanted)
    }
}
