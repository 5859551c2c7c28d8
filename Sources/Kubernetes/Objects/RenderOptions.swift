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
    /// What clusters may be: before 1.25 some of the objects were of other versions.
    package static let kubernetesMinors = 25...99
    /// The bot's own image, whose `http-task` calls the applings' cron jobs.
    package var programImage = "iterapp:latest"
    package var redisImage = "redis:7-alpine"
    /// Of the Cloud SQL Auth Proxy, version 2.
    package var cloudSQLProxyImage = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.18.2"
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

/// Why a release cannot be put into objects: a sentence for the app's developers.
package struct RenderError: Error, Sendable, Equatable {
    package let sentence: String
    package init(_ sentence: String) { self.sentence = sentence }
}
