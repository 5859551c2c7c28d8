/// One separately built and separately run part of an app: an image, a Deployment, a Service.
package struct Appling: Sendable, Equatable {
    /// Nil for the only part of an app that lists no applings; otherwise a DNS-1123 label.
    package var name: String?

    /// Folder relative to the repository's root, without a slash at either end; "" is the root.
    package var folder: String

    /// Port that the program listens on for HTTP.
    package var port = 3000

    /// Pods in `prod`.
    package var replicas = 2

    /// Pods in every other environment.
    package var replicasTest = 1

    package var readiness = Probe(path: "/health")

    /// Nil when nothing restarts a container that runs but does not answer.
    package var liveness: Probe?

    /// Additional host names in `prod`, lower case; the first one is the main one.
    package var domains: [String] = []

    /// Additional host names in other environments, by the environment's name.
    package var domainsEnv: [String: [String]] = [:]

    /// Answer requests for `www.` plus each domain (or each domain without its `www.`) with a
    /// redirect to that domain.
    package var fromToWWWRedirect = false

    /// True when certificates are proven by DNS records instead of requests to the host.
    package var usesDNS01 = false

    /// True when nothing outside the cluster can reach this appling.
    package var ingressDisabled = false

    /// True when requests are not written to the ingress's access log.
    package var accessLogDisabled = false

    /// Largest body of a request, in bytes; 0 for no limit, nil for the ingress's default.
    package var maxBodyBytes: Int?

    package var env = Variables()

    package var files = MountedFiles()

    /// Ordered by id.
    package var buildSecrets: [BuildSecret] = []

    /// A shell command that runs once with the new image, before any request reaches it.
    package var releaseCommand: String?

    package var postgres: Postgres?

    package var redis: RedisCache?

    package var nats: NATSAccount?

    /// Ordered by port.
    package var cloudSQLInstances: [CloudSQLInstance] = []

    /// Ordered by name.
    package var cronJobs: [CronJob] = []

    package var requests = Requests()

    /// Nil leaves the pace of a roll-out to the platform.
    package var rollingUpdate: RollingUpdate?

    /// Nil when the appling exposes no metrics.
    package var metrics: Metrics?

    /// An appling with every setting at its default.
    package init(name: String? = nil, folder: String = "") {
        self.name = name
        self.folder = folder
    }
}

extension Appling {
    /// The Dockerfile's path relative to the repository's root; the build context is the root.
    package var dockerfile: String { folder.isEmpty ? "Dockerfile" : folder + "/Dockerfile" }

    /// How many pods run in an environment.
    package func replicas(in environment: String) -> Int {
        environment == Environments.prod ? replicas : replicasTest
    }

    /// The additional host names in an environment, main one first, each once.
    package func domains(in environment: String) -> [String] {
        var names = environment == Environments.prod ? domains : []
        for name in domainsEnv[environment] ?? [] where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// The variables that the file sets in an environment: `[env.common]`, overridden by the
    /// environment's own table, ordered by name. The platform's own variables are not in it.
    package func environment(for environment: String) -> [Variable] {
        env.merged(for: environment)
    }
}
