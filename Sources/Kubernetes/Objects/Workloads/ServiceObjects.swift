import Deploys
import JSON

/// The Services of an appling: one with its full name, and one with the short name by which the app's other
/// applings know it.
struct ServiceObjects {
    let objects: [JSON]

    init(_ appling: ReleasedAppling, scope: ObjectScope) {
        var names = [appling.name]
        if let alias = appling.settings.name, alias != appling.name { names.append(alias) }
        objects = names.map { name in
            let port: JSON = [
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
                    "ports": [port],
                ],
            ]
        }
    }
}
