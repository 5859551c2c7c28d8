/// What the operator decides about objects, the same for every app.
package struct RenderOptions: Sendable, Equatable {
    package var routing: Routing
    /// Name of cert-manager's ClusterIssuer.
    package var clusterIssuer: String
    /// A roll-out fails when nothing has moved for so long. Three minutes are enough to add a machine to
    /// the cluster and fetch an image there, and short enough to wait for; Kubernetes' own ten are not.
    package var progressDeadlineSeconds: Int
    /// The cluster is Kubernetes 1 point this; older ones get plainer objects.
    package var kubernetesMinor = 36
    /// What clusters may be: before 1.25 some of the objects were of other versions, and CronJobs had no time
    /// zone.
    package static let kubernetesMinors = 25...99
    /// The bot's own image, whose `http-task` calls the applings' cron jobs.
    package var programImage = usualProgramImage
    /// What the image is called where it is built. No registry has it, so a cluster needs another name.
    package static let usualProgramImage = "iterapp:latest"
    package var redisImage = "redis:7-alpine"
    /// Of the Cloud SQL Auth Proxy, version 2.
    package var cloudSQLProxyImage = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.18.2"
    /// The Google service account that the proxy acts as, by Workload Identity; nil leaves that to what its pod is
    /// anyway.
    package var cloudSQLServiceAccount: String?
    /// Metrics are also announced by PodMonitors (monitoring.coreos.com/v1, of the Prometheus Operator).
    package var podMonitors = false

    package init(
        routing: Routing = .gateway(GatewayProfile()),
        clusterIssuer: String = "letsencrypt", progressDeadlineSeconds: Int = 180
    ) {
        self.routing = routing
        self.clusterIssuer = clusterIssuer
        self.progressDeadlineSeconds = progressDeadlineSeconds
    }
}

extension RenderOptions {
    /// Of a version as clusters tell it: `1.29`, `v1.29.4`, `1.29.4-gke.1043002`. Nil for anything else, and for
    /// clusters that are too old.
    package static func kubernetesMinor(ofVersion text: String) -> Int? {
        let number = text.hasPrefix("v") ? text.dropFirst() : text[...]
        let parts = number.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count > 1, parts[0] == "1", let minor = Int(parts[1]), kubernetesMinors.contains(minor)
        else { return nil }
        return minor
    }
}

/// Why a release cannot be put into objects: a sentence for the app's developers.
package struct RenderError: Error, Sendable, Equatable {
    package let sentence: String
    package init(_ sentence: String) { self.sentence = sentence }
}
