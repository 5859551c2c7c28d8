import Deploys
import JSON

/// What a release looks like in Kubernetes.
package enum KubernetesObjects {
    /// The release's objects, and what developers should know about them. The same release gives the same
    /// objects, to the byte.
    /// - Throws: `RenderError` when a name is too long or a setting contradicts itself.
    package static func render(
        _ release: Release, _ options: RenderOptions = RenderOptions()
    ) throws(RenderError) -> Rendering {
        try ObjectNames.check(release)
        let scope = ObjectScope(release: release)
        let routing = RoutingObjects(scope: scope, options: options)
        var secrets: [JSON] = []
        var services: [JSON] = []
        var deployments: [JSON] = []
        var routes = Rendering()
        var warnings: [String] = []
        for appling in release.applings {
            let environment = EnvironmentObjects(appling, scope: scope)
            warnings += environment.warnings
            secrets += environment.secret.map { [$0] } ?? []
            services += serviceObjects(for: appling, scope: scope)
            deployments.append(
                try DeploymentObject(appling, environment, scope: scope, options: options).json)
            routes += routing.objects(for: appling)
        }
        return Rendering(
            [namespace(scope), serviceAccount(scope)] + secrets + services + deployments + routes.objects,
            warnings: warnings + routes.warnings)
    }

    /// Objects by when they can be applied: those of one level do not need each other.
    package static func levels(_ objects: [JSON]) -> [[JSON]] {
        var levels: [[JSON]] = [[], [], []]
        for object in objects {
            switch object["kind"]?.string {
            case "Namespace": levels[0].append(object)
            case "ServiceAccount", "Secret", "Service": levels[1].append(object)
            default: levels[2].append(object)
            }
        }
        return levels.filter { !$0.isEmpty }
    }

    /// Whether an object decides which hosts lead to the app.
    package static func isRouting(_ object: JSON) -> Bool {
        ["HTTPRoute", "Ingress", "Certificate"].contains(object["kind"]?.string)
    }

    /// Objects as the one object that `kubectl apply -f` takes.
    package static func list(_ objects: [JSON]) -> JSON {
        ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
    }

    private static func namespace(_ scope: ObjectScope) -> JSON {
        // Stock images such as nginx run as root, which `restricted` refuses: it only warns
        // (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
        let security: [String: JSON] = [
            "pod-security.kubernetes.io/enforce": "baseline",
            "pod-security.kubernetes.io/warn": "restricted",
        ]
        let labels = scope.labels.merging(security) { own, _ in own }
        return [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": .string(scope.release.namespace), "labels": .object(labels)],
        ]
    }

    private static func serviceAccount(_ scope: ObjectScope) -> JSON {
        [
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": scope.metadata(name: scope.serviceAccountName),
            // Apps have no business with the API server.
            "automountServiceAccountToken": false,
        ]
    }

    private static func serviceObjects(for appling: ReleasedAppling, scope: ObjectScope) -> [JSON] {
        var names = [appling.name]
        if let alias = appling.settings.name, alias != appling.name { names.append(alias) }
        return names.map { name in
            let ports: JSON = [
                "name": "http", "port": .int(ObjectScope.servicePort), "protocol": "TCP",
                // By name: while pods of two versions run, each is reached on the port it listens on,
                // and a version that moves to another port and fails takes nothing with it.
                "targetPort": .string(ObjectScope.containerPortName),
            ]
            return [
                "apiVersion": "v1", "kind": "Service",
                "metadata": scope.metadata(name: name, appling: appling),
                "spec": [
                    "type": "ClusterIP",
                    "selector": .object(scope.selector(of: appling)),
                    "ports": [ports],
                ],
            ]
        }
    }
}
