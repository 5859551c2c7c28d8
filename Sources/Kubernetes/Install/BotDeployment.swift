import JSON

/// The bot's own Deployment, at the Pod Security level `restricted`.
struct BotDeployment {
    let scope: InstallScope

    private var options: InstallOptions { scope.options }
    static let certificateMount = "/etc/iterapp/buildkit"
    private static let registryMount = "/etc/iterapp/registry"
    private static let gitHubMount = "/etc/iterapp/github"
    private static let natsMount = "/etc/iterapp/nats"

    var object: JSON {
        [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": scope.metadata(),
            "spec": [
                // The journal has one writer, and the volume goes to one machine.
                "replicas": 1, "strategy": ["type": "Recreate"],
                "selector": ["matchLabels": InstallScope.labels],
                "template": ["metadata": ["labels": InstallScope.labels], "spec": pod],
            ],
        ]
    }

    private var pod: JSON {
        [
            "serviceAccountName": .string(InstallScope.name), "automountServiceAccountToken": true,
            // Variables such as ITERAPP_PORT, which Kubernetes makes of Services, must not look like settings.
            "enableServiceLinks": false,
            // What Git leaves behind is reaped by the pod's own first process.
            "shareProcessNamespace": true,
            "terminationGracePeriodSeconds": 30,
            "securityContext": [
                "runAsNonRoot": true, "runAsUser": .int(InstallScope.userID), "runAsGroup": .int(InstallScope.userID),
                "fsGroup": .int(InstallScope.userID), "fsGroupChangePolicy": "OnRootMismatch",
                "seccompProfile": ["type": "RuntimeDefault"],
            ],
            "containers": [container],
            "volumes": .array(volumes),
        ]
    }

    private var container: JSON {
        [
            "name": .string(InstallScope.name), "image": .string(options.rendering.programImage), "args": ["serve"],
            "env": .array(variables.map { ["name": .string($0.name), "value": .string($0.value)] }),
            "envFrom": [["secretRef": ["name": .string(InstallOptions.secretName)]]],
            "ports": [
                ["name": .string(InstallScope.portName), "containerPort": .int(InstallScope.port), "protocol": "TCP"]
            ],
            "startupProbe": probe("/healthz", ["periodSeconds": 2, "failureThreshold": 60]),
            "readinessProbe": probe("/readyz", ["periodSeconds": 5, "timeoutSeconds": 3]),
            "livenessProbe": probe("/healthz", ["periodSeconds": 10, "timeoutSeconds": 5]),
            "resources": ["requests": ["cpu": "100m", "memory": "256Mi"], "limits": ["memory": "1Gi"]],
            "securityContext": PodSecurity.restrictedContainer,
            "volumeMounts": .array(mounts),
        ]
    }

    private func probe(_ path: String, _ timing: [String: JSON]) -> JSON {
        let request: JSON = ["httpGet": ["path": .string(path), "port": .string(InstallScope.portName)]]
        return .object((request.object ?? [:]).merging(timing) { own, _ in own })
    }

    /// By name, so that the same settings give the same bytes.
    private var variables: [(name: String, value: String)] {
        var variables = options.settings
        variables["ITERAPP_LISTEN"] = "0.0.0.0:\(InstallScope.port)"
        variables["ITERAPP_STATE_DIR"] = "\(InstallScope.volumeMount)/state"
        for file in options.files { variables[file.variable] = file.path }
        if let buildKit = options.buildKit {
            variables["ITERAPP_BUILDER"] = "buildkit"
            variables["BUILDKIT_HOST"] = buildKit.address
            for (name, file) in [("CA", "ca.crt"), ("CERT", "tls.crt"), ("KEY", "tls.key")] {
                variables["ITERAPP_BUILDKIT_TLS_" + name] = "\(Self.certificateMount)/\(file)"
            }
        }
        if options.registrySecret != nil { variables["DOCKER_CONFIG"] = Self.registryMount }
        if options.usesGitHubApp {
            variables["GITHUB_APP_PRIVATE_KEY_FILE"] = "\(Self.gitHubMount)/\(InstallOptions.gitHubAppKey)"
        }
        for name in options.nats?.names ?? [] { variables[name.variable] = "\(Self.natsMount)/\(name.file)" }
        return variables.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private var mounts: [JSON] {
        var mounts: [JSON] = [
            ["name": "state", "mountPath": .string(InstallScope.volumeMount)], ["name": "tmp", "mountPath": "/tmp"],
        ]
        for file in options.files {
            mounts.append(["name": .string(file.name), "mountPath": .string(file.mount), "readOnly": true])
        }
        if options.buildKit != nil {
            mounts.append(["name": "buildkit", "mountPath": .string(Self.certificateMount), "readOnly": true])
        }
        if options.registrySecret != nil {
            mounts.append(["name": "registry", "mountPath": .string(Self.registryMount), "readOnly": true])
        }
        if options.usesGitHubApp {
            mounts.append(["name": "github", "mountPath": .string(Self.gitHubMount), "readOnly": true])
        }
        if options.nats != nil {
            mounts.append(["name": "nats", "mountPath": .string(Self.natsMount), "readOnly": true])
        }
        return mounts + options.databaseAuthorities.mounts
    }

    private var volumes: [JSON] {
        var volumes: [JSON] = [
            ["name": "state", "persistentVolumeClaim": ["claimName": .string(InstallScope.name)]],
            ["name": "tmp", "emptyDir": ["sizeLimit": "2Gi"]],
        ]
        for file in options.files {
            volumes.append(["name": .string(file.name), "configMap": ["name": .string(file.configMap)]])
        }
        if options.buildKit != nil {
            volumes.append(["name": "buildkit", "secret": BuildKitObjects.secretVolume(BuildKitOptions.clientSecret)])
        }
        if let secret = options.registrySecret {
            let file: JSON = ["key": ".dockerconfigjson", "path": "config.json"]
            volumes.append(["name": "registry", "secret": ["secretName": .string(secret), "items": [file]]])
        }
        if options.usesGitHubApp {
            // For the bot's own group, besides root.
            let secret: JSON = ["secretName": .string(InstallOptions.gitHubAppSecret), "defaultMode": 0o440]
            volumes.append(["name": "github", "secret": secret])
        }
        if options.nats != nil {
            let secret: JSON = ["secretName": .string(InstallOptions.NATSFiles.secret), "defaultMode": 0o440]
            volumes.append(["name": "nats", "secret": secret])
        }
        return volumes + options.databaseAuthorities.volumes
    }
}
