import AppFile
import JSON

/// The Cloud SQL Auth Proxy beside an appling, which brings databases to ports of `localhost`
/// (https://github.com/GoogleCloudPlatform/cloud-sql-proxy, version 2).
struct CloudSQLProxy {
    /// By this name, people leave its lines out when they look at logs.
    static let containerName = "cloudsql-proxy"
    /// Native sidecars run without being asked for since Kubernetes 1.29
    /// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).
    private static let firstMinorWithSidecars = 29
    /// For its health checks, unless the appling uses this port itself.
    private static let preferredHealthPort = 9801

    let container: JSON
    /// It starts before the appling and stops after it, and a Job ends without waiting for it.
    let isNativeSidecar: Bool

    /// Nil when the appling asks for no instance.
    init?(_ settings: Appling, _ options: RenderOptions) {
        guard !settings.cloudSQLInstances.isEmpty else { return nil }
        isNativeSidecar = options.kubernetesMinor >= Self.firstMinorWithSidecars
        let port = Self.healthPort(beside: settings)
        // `INSTANCE?port=N`: each instance's own port, as `--port` counts up from the first one's.
        let instances = settings.cloudSQLInstances.map { JSON.string("\($0.connectionName)?port=\($0.port)") }
        func probe(_ path: String, period: Int, failures: Int) -> JSON {
            [
                "httpGet": ["path": .string(path), "port": .int(port)], "periodSeconds": .int(period),
                "timeoutSeconds": 5, "failureThreshold": .int(failures),
            ]
        }
        container = .compact([
            "name": .string(Self.containerName),
            "image": .string(options.cloudSQLProxyImage),
            "imagePullPolicy": "IfNotPresent",
            "restartPolicy": isNativeSidecar ? "Always" : nil,
            "args": .array(
                [
                    "--structured-logs", "--exit-zero-on-sigterm", "--health-check",
                    // The kubelet asks from outside the pod.
                    "--http-address=0.0.0.0", "--http-port=\(port)",
                ].map(JSON.string) + instances),
            "startupProbe": probe("/startup", period: 1, failures: 60),
            "livenessProbe": probe("/liveness", period: 10, failures: 6),
            "resources": ["requests": ["cpu": "10m", "memory": "32Mi"]],
            "securityContext": PodSecurity.restrictedContainer,
        ])
    }

    private static func healthPort(beside settings: Appling) -> Int {
        let taken: [Int?] =
            settings.cloudSQLInstances.map(\.port)
            + [settings.port, settings.readiness.port, settings.liveness?.port, settings.metrics?.port]
        var port = preferredHealthPort
        while taken.contains(port) { port += 1 }
        return port
    }
}
