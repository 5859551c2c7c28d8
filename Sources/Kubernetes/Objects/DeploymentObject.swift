import AppFile
import Crypto
import Deploys
import JSON

/// An appling's Deployment (apps/v1).
struct DeploymentObject {
    let json: JSON

    init(
        _ appling: ReleasedAppling, _ environment: EnvironmentObjects, scope: ObjectScope,
        options: RenderOptions
    ) throws(RenderError) {
        let release = scope.release
        let annotations: [String: JSON] = [
            ObjectScope.commitAnnotation: .string(release.commit.sha),
            ObjectScope.buildAnnotation: .string(String(release.buildNumber)),
        ]
        json = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": scope.metadata(name: appling.name, appling: appling, annotations: annotations),
            "spec": [
                "replicas": .int(appling.replicas),
                "progressDeadlineSeconds": .int(Self.progressDeadlineSeconds(appling.settings, options)),
                "selector": ["matchLabels": .object(scope.selector(of: appling))],
                "strategy": [
                    "type": "RollingUpdate", "rollingUpdate": try Self.rollingUpdate(appling),
                ],
                "template": Self.template(appling, environment, scope: scope),
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

    private static func template(
        _ appling: ReleasedAppling, _ environment: EnvironmentObjects, scope: ObjectScope
    ) -> JSON {
        let spec: JSON = [
            "serviceAccountName": .string(scope.serviceAccountName),
            "automountServiceAccountToken": false,
            // Otherwise every Service of the namespace adds variables such as CATS_PORT, which can
            // collide with the app's own.
            "enableServiceLinks": false,
            "containers": [container(appling, environment)],
        ]
        let operation = scope.release.operation.description
        // The operation is part of the template's identity: deploying again starts new pods, which is
        // how a changed Secret reaches an app, and repeating the same operation changes nothing.
        let identity: JSON = ["operation": .string(operation), "spec": spec]
        let annotations: JSON = [
            ObjectScope.operationAnnotation: .string(operation),
            ObjectScope.templateAnnotation: .string(
                String(hex(sha256(identity.bytes)).prefix(EnvironmentObjects.digestCharacters))),
        ]
        return [
            "metadata": ["labels": .object(scope.labels(of: appling)), "annotations": annotations],
            "spec": spec,
        ]
    }

    private static func container(_ appling: ReleasedAppling, _ environment: EnvironmentObjects) -> JSON {
        let settings = appling.settings
        let port: JSON = [
            "name": .string(ObjectScope.containerPortName), "containerPort": .int(settings.port),
            "protocol": "TCP",
        ]
        return .compact([
            "name": .string(appling.name),
            "image": .string(appling.image.text),
            // Images are named by digest, or live on the node only: what is there is what was meant.
            "imagePullPolicy": "IfNotPresent",
            "ports": [port],
            "env": environment.references.isEmpty ? nil : .array(environment.references),
            "envFrom": environment.secretName.map { [["secretRef": ["name": .string($0)]]] },
            "readinessProbe": settings.readiness.json(appPort: settings.port),
            "livenessProbe": settings.liveness?.json(appPort: settings.port, isLiveness: true),
            "resources": [
                "requests": [
                    "cpu": .string(settings.requests.cpu), "memory": .string(settings.requests.memory),
                ]
            ],
        ])
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
