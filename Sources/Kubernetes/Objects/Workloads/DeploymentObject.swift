import AppFile
import Deploys
import JSON

/// An appling's Deployment (apps/v1).
struct DeploymentObject {
    let json: JSON

    init(_ pod: ApplingPod) throws(RenderError) {
        let (appling, scope) = (pod.appling, pod.scope)
        let annotations: [String: JSON] = [
            ObjectScope.commitAnnotation: .string(scope.release.commit.sha),
            ObjectScope.buildAnnotation: .string(String(scope.release.buildNumber)),
        ]
        json = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": scope.metadata(name: appling.name, appling: appling, annotations: annotations),
            "spec": [
                "replicas": .int(appling.replicas),
                "progressDeadlineSeconds": .int(Self.progressDeadlineSeconds(appling.settings, pod.options)),
                "selector": ["matchLabels": .object(scope.selector(of: appling))],
                "strategy": [
                    "type": "RollingUpdate", "rollingUpdate": try Self.rollingUpdate(appling),
                ],
                "template": Self.template(pod),
            ],
        ]
    }

    /// Counted from the earliest moment at which the readiness check can succeed.
    static func progressDeadlineSeconds(_ settings: Appling, _ options: RenderOptions) -> Int {
        let probe = settings.readiness
        let earliest = probe.initialDelaySeconds + probe.periodSeconds * (probe.successThreshold - 1)
        return options.progressDeadlineSeconds + max(0, earliest)
    }

    /// Without a setting, no old pod goes before a new one is ready, and about a quarter are replaced at
    /// a time (rounded up: one of one to four).
    private static func rollingUpdate(_ appling: ReleasedAppling) throws(RenderError) -> JSON {
        let setting = appling.settings.rollingUpdate
        let surge = setting?.maxSurge
        let unavailable = setting?.maxUnavailable ?? (surge?.isZero == true ? .number(1) : .number(0))
        let effectiveSurge = surge ?? .percent(25)
        guard !(unavailable.isZero && effectiveSurge.isZero) else {
            throw RenderError(
                "[rolling_update] of \(appling.name) sets both max_unavailable and max_surge to 0, so that "
                    + "no pod could ever be replaced; set one of them to at least 1.")
        }
        return ["maxUnavailable": unavailable.json, "maxSurge": effectiveSurge.json]
    }

    private static func template(_ pod: ApplingPod) -> JSON {
        let (appling, scope) = (pod.appling, pod.scope)
        let settings = appling.settings
        let metrics = MetricsObjects(appling)
        let port: JSON = [
            "name": .string(ObjectScope.containerPortName), "containerPort": .int(settings.port),
            "protocol": "TCP",
        ]
        let spec = pod.spec(
            container: appling.name,
            [
                "ports": .array([port] + metrics.extraPorts),
                "readinessProbe": settings.readiness.json(appPort: settings.port),
                "livenessProbe": settings.liveness?.json(appPort: settings.port, isLiveness: true),
            ],
            ["topologySpreadConstraints": Availability.spread(over: scope.selector(of: appling))])
        let own: [String: JSON] = [
            ObjectScope.operationAnnotation: .string(scope.release.operation.description),
            ObjectScope.templateAnnotation: .string(pod.templateDigest(spec)),
        ]
        return [
            "metadata": [
                "labels": .object(scope.labels(of: appling)),
                "annotations": .object(metrics.annotations.merging(own) { _, own in own }),
            ],
            "spec": spec,
        ]
    }
}

extension PodCount {
    fileprivate var isZero: Bool {
        switch self {
        case .number(let count): count == 0
        case .percent(let share): share == 0
        }
    }

    /// `IntOrString`.
    fileprivate var json: JSON {
        switch self {
        case .number(let count): .int(count)
        case .percent: .string(description)
        }
    }
}

extension Probe {
    fileprivate func json(appPort: Int, isLiveness: Bool = false) -> JSON {
        .compact([
            "httpGet": ["path": .string(path), "port": .int(port ?? appPort)],
            "timeoutSeconds": .int(timeoutSeconds),
            "initialDelaySeconds": initialDelaySeconds == 0 ? nil : .int(initialDelaySeconds),
            "periodSeconds": .int(periodSeconds),
            "failureThreshold": .int(failureThreshold),
            // The API refuses any other value for liveness probes.
            "successThreshold": .int(isLiveness ? 1 : successThreshold),
        ])
    }
}
