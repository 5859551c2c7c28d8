import Foundation
import JSON

/// How the embedded cluster's node behaves. The defaults suit a demo; where they differ from a kubelet's, the
/// field says so.
package struct NodeSettings: Sendable {
    package var name = "demo"
    package var cluster: ClusterID
    package var backOff = BackOff()
    /// Until a container's first success, its readiness probe is made this often, so that a deploy is not
    /// slowed down by its period. Failures still count once a period only. A kubelet keeps to the period.
    package var eagerProbeInterval = Duration.milliseconds(100)
    /// Between taking a pod out of its Services and SIGTERM, so that requests on their way are answered.
    /// On a kubelet both happen at once, and people put a `preStop` sleep in between.
    package var drainDelay = Duration.milliseconds(250)
    /// Containers that may be in the middle of being started.
    package var maxConcurrentStarts = 4
    /// How long containers get to stop when the whole demo stops.
    package var shutdownGraceSeconds = 2
    /// While the engine does not answer, it is asked again this often.
    package var engineRetry = Duration.milliseconds(500)
    /// An engine that does not answer is given so long before its pods count as not ready: containers outlive
    /// their engine, and probes go on telling how they are. Kubernetes waits for a silent node in the same
    /// way (kube-controller-manager, `--node-monitor-grace-period`).
    package var engineGrace = Duration.seconds(40)
    /// How often a pod whose configuration is incomplete is tried again, unless a Secret or ConfigMap
    /// changes before.
    package var configurationRetry: TimeInterval = 10

    /// Where pods' volumes are.
    package var directory: URL
    /// What pods may run besides other images.
    package var programs: [ProgramImage] = []
    /// Of the image with the node's own tools.
    package var toolsTag = "demo-tools"

    /// - Parameter directory: made when the first pod needs it.
    package init(cluster: ClusterID, directory: URL) {
        self.cluster = cluster
        self.directory = directory
    }
}

/// The labels by which the node finds its containers again.
enum ContainerLabel {
    static let cluster = "no.iterapp.cluster"
    static let podUID = "no.iterapp.pod-uid"
    static let podName = "no.iterapp.pod"
    static let namespace = "no.iterapp.namespace"
    static let container = "no.iterapp.container"
    /// The restart count that the container was made for.
    static let attempt = "no.iterapp.attempt"
    /// Not a pod's: what stands for a Service.
    static let service = "no.iterapp.service"
    /// The value of `container` for what only holds a pod's network; no container of a pod can be called so.
    static let network = "POD"

    static func of(_ pod: JSON, cluster: ClusterID, container: String) -> [String: String] {
        [
            Self.cluster: cluster.text, podUID: pod.uid, podName: pod.name, namespace: pod.namespace,
            Self.container: container,
        ]
    }
}
