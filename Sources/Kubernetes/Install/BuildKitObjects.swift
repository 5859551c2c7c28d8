import JSON

/// A rootless BuildKit that only the bot can use (https://github.com/moby/buildkit, docs/rootless.md and
/// examples/kubernetes).
struct BuildKitObjects {
    let options: InstallOptions
    let buildKit: BuildKitOptions

    /// Of the image's user; another one would need another image.
    private static let userID = 1000
    private static let dataPath = "/home/user/.local/share/buildkit"
    private static let certificatePath = "/certs"
    /// Since then AppArmor is a field, before it was an annotation.
    private static let firstMinorWithAppArmorField = 30

    var objects: [JSON] {
        let certificates = buildKit.certificates == .certManager
            ? BuildKitCertificates(options: options, buildKit: buildKit).objects : []
        // The build daemon makes namespaces and mounts of its own, for which it must be without seccomp and AppArmor
        // profiles; `baseline` forbids both.
        let namespace = InstallScope.namespace(
            buildKit.namespace, enforcing: "privileged", labels: InstallScope.buildLabels)
        return [namespace, account] + certificates + [deployment, service, networkPolicy]
    }

    private func metadata(_ name: String = BuildKitOptions.name) -> JSON {
        [
            "name": .string(name), "namespace": .string(buildKit.namespace), "labels": InstallScope.buildLabels,
        ]
    }

    private var account: JSON {
        [
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(),
            "automountServiceAccountToken": false,
        ]
    }

    // MARK: - The daemon

    private var deployment: JSON {
        var template: JSON = ["labels": InstallScope.buildLabels]
        if options.rendering.kubernetesMinor < Self.firstMinorWithAppArmorField {
            template["annotations"] = [
                "container.apparmor.security.beta.kubernetes.io/\(BuildKitOptions.name)": "unconfined"
            ]
        }
        return [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(),
            "spec": [
                "replicas": 1, "strategy": ["type": "Recreate"],
                "selector": ["matchLabels": InstallScope.buildLabels],
                "template": ["metadata": template, "spec": pod],
            ],
        ]
    }

    private var pod: JSON {
        [
            "serviceAccountName": .string(BuildKitOptions.name), "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "containers": [container],
            "volumes": [
                ["name": "certificates", "secret": Self.secretVolume(BuildKitOptions.daemonSecret)],
                // The image's own volume is mounted without set-user-id on some systems, and then does not work.
                ["name": "data", "emptyDir": [:]],
            ],
        ]
    }

    private var container: JSON {
        let certificates = Self.certificatePath
        let arguments = [
            "--addr", "unix:///run/user/\(Self.userID)/buildkit/buildkitd.sock",
            "--addr", "tcp://0.0.0.0:\(BuildKitOptions.port)",
            "--tlscacert", "\(certificates)/ca.pem", "--tlscert", "\(certificates)/cert.pem",
            "--tlskey", "\(certificates)/key.pem",
            // Kubernetes masks parts of /proc, so that steps of a build cannot have one of their own.
            "--oci-worker-no-process-sandbox",
        ]
        return [
            "name": .string(BuildKitOptions.name), "image": .string(buildKit.image),
            "args": .array(arguments.map(JSON.string)),
            "ports": [["name": "grpc", "containerPort": .int(BuildKitOptions.port), "protocol": "TCP"]],
            "readinessProbe": Self.probe, "livenessProbe": Self.probe,
            "resources": ["requests": ["cpu": "500m", "memory": "1Gi"], "limits": ["memory": "8Gi"]],
            "securityContext": securityContext,
            "volumeMounts": [
                ["name": "certificates", "mountPath": .string(certificates), "readOnly": true],
                ["name": "data", "mountPath": .string(Self.dataPath)],
            ],
        ]
    }

    private var securityContext: JSON {
        .compact([
            "runAsNonRoot": true, "runAsUser": .int(Self.userID), "runAsGroup": .int(Self.userID),
            // newuidmap, which makes the user namespace, has the right to by its file.
            "allowPrivilegeEscalation": true,
            "seccompProfile": ["type": "Unconfined"],
            "appArmorProfile": options.rendering.kubernetesMinor < Self.firstMinorWithAppArmorField
                ? nil : ["type": "Unconfined"],
        ])
    }

    private static let probe: JSON = [
        "exec": ["command": ["buildctl", "debug", "workers"]], "initialDelaySeconds": 5, "periodSeconds": 30,
        "timeoutSeconds": 10,
    ]

    /// A Secret of type `kubernetes.io/tls` under the names that BuildKit's programs look for.
    static func secretVolume(_ name: String) -> JSON {
        let files = [("ca.crt", "ca.pem"), ("tls.crt", "cert.pem"), ("tls.key", "key.pem")]
        return [
            "secretName": .string(name),
            "items": .array(files.map { ["key": .string($0.0), "path": .string($0.1)] }),
        ]
    }

    // MARK: - The way to it

    private var service: JSON {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata(),
            "spec": [
                "selector": InstallScope.buildLabels,
                "ports": [["name": "grpc", "port": .int(BuildKitOptions.port), "targetPort": "grpc"]],
            ],
        ]
    }

    /// Only the bot's pods get in. What is built may reach the Internet, but not the cloud's metadata service, which
    /// hands out the machine's own credentials; name servers stay reachable where they share that address.
    private var networkPolicy: JSON {
        let bot: JSON = [
            "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": .string(options.namespace)]],
            "podSelector": ["matchLabels": InstallScope.labels],
        ]
        let names: JSON = ["ports": [["protocol": "UDP", "port": 53], ["protocol": "TCP", "port": 53]]]
        let internet: JSON = [
            "to": [
                ["ipBlock": ["cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]]],
                ["ipBlock": ["cidr": "::/0", "except": ["fd00:ec2::254/128"]]],
            ]
        ]
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata(),
            "spec": [
                "podSelector": ["matchLabels": InstallScope.buildLabels], "policyTypes": ["Ingress", "Egress"],
                "ingress": [
                    ["from": [bot], "ports": [["protocol": "TCP", "port": .int(BuildKitOptions.port)]]]
                ],
                "egress": [names, internet],
            ],
        ]
    }
}
