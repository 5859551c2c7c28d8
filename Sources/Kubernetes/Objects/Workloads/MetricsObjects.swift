import AppFile
import Deploys
import JSON

/// How those who collect metrics find an appling's.
struct MetricsObjects {
    private let appling: ReleasedAppling
    private let metrics: Metrics?

    private static let portName = "metrics"

    init(_ appling: ReleasedAppling) {
        self.appling = appling
        metrics = appling.settings.metrics
    }

    private var port: Int { metrics?.port ?? appling.settings.port }

    /// A container port for metrics, unless they share the app's.
    var extraPorts: [JSON] {
        guard metrics != nil, port != appling.settings.port else { return [] }
        return [["name": .string(Self.portName), "containerPort": .int(port), "protocol": "TCP"]]
    }

    /// On pods: the names that Prometheus configurations usually look for.
    var annotations: [String: JSON] {
        guard let metrics else { return [:] }
        return [
            "prometheus.io/scrape": "true", "prometheus.io/path": .string(metrics.path),
            "prometheus.io/port": .string(String(port)),
        ]
    }

    /// monitoring.coreos.com/v1
    /// (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor); nil
    /// without metrics, or where the operator has no use for it.
    func podMonitor(scope: ObjectScope, options: RenderOptions) -> JSON? {
        guard let metrics, options.podMonitors else { return nil }
        let portName = extraPorts.isEmpty ? ObjectScope.containerPortName : Self.portName
        return [
            "apiVersion": "monitoring.coreos.com/v1", "kind": "PodMonitor",
            "metadata": scope.metadata(name: appling.name, appling: appling),
            "spec": [
                "selector": ["matchLabels": .object(scope.selector(of: appling))],
                "podMetricsEndpoints": [["port": .string(portName), "path": .string(metrics.path)]],
            ],
        ]
    }
}
