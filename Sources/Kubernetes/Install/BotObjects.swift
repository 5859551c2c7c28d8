import JSON

/// The bot: what it keeps, what runs, and how it is reached.
struct BotObjects {
    let scope: InstallScope

    private var options: InstallOptions { scope.options }

    var objects: [JSON] {
        [claim] + options.files.map { $0.object(scope) } + options.databaseAuthorities.objects(scope)
            + [BotDeployment(scope: scope).object, service, networkPolicy] + InstallRoute(scope: scope).objects
    }

    private var claim: JSON {
        [
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": scope.metadata(),
            "spec": .compact([
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": options.storageClass.map(JSON.string),
                "resources": ["requests": ["storage": .string(options.storage)]],
            ]),
        ]
    }

    private var service: JSON {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": scope.metadata(),
            "spec": [
                "selector": InstallScope.labels,
                "ports": [
                    [
                        "name": .string(InstallScope.portName), "port": .int(ObjectScope.servicePort),
                        "targetPort": .string(InstallScope.portName),
                    ]
                ],
            ],
        ]
    }

    /// Requests come from outside by way of whatever routes them, wherever that runs; nothing but the one port is open.
    private var networkPolicy: JSON {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": scope.metadata(),
            "spec": [
                "podSelector": ["matchLabels": InstallScope.labels], "policyTypes": ["Ingress"],
                "ingress": [["ports": [["protocol": "TCP", "port": .int(InstallScope.port)]]]],
            ],
        ]
    }
}
