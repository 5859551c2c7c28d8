import JSON

/// The ClusterIssuer that apps' certificates come from: HTTP-01 for all, and DNS-01 for those that ask for it by label
/// (https://cert-manager.io/docs/configuration/acme/).
struct IssuerObjects {
    let options: InstallOptions

    var objects: [JSON] {
        [
            [
                "apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer",
                "metadata": InstallScope.clusterMetadata(options.rendering.clusterIssuer),
                "spec": [
                    "acme": .compact([
                        "server": .string(options.issuer.server), "email": options.issuer.email.map(JSON.string),
                        "privateKeySecretRef": ["name": .string("\(options.rendering.clusterIssuer)-account-key")],
                        "solvers": .array([http01] + dns01),
                    ])
                ],
            ]
        ]
    }

    private var http01: JSON {
        switch options.rendering.routing {
        case .gateway(let profile):
            let parent: JSON = [
                "group": "gateway.networking.k8s.io", "kind": "Gateway", "name": .string(profile.name),
                "namespace": .string(profile.namespace), "sectionName": .string(GatewayRouting.httpListener),
            ]
            return ["http01": ["gatewayHTTPRoute": ["parentRefs": [parent]]]]
        case .ingress(let profile):
            return ["http01": ["ingress": .compact(["ingressClassName": profile.className.map(JSON.string)])]]
        }
    }

    private var dns01: [JSON] {
        guard let provider = options.issuer.dns01 else { return [] }
        let labels: JSON = [RoutingObjects.solverLabel: .string(RoutingObjects.dns01Solver)]
        var solver = Self.solver(provider)
        // The domain's owner leads the challenge here by a CNAME.
        solver["cnameStrategy"] = "Follow"
        return [["selector": ["matchLabels": labels], "dns01": solver]]
    }

    private static func solver(_ provider: IssuerOptions.DNS01) -> JSON {
        switch provider {
        case .cloudflare:
            let secret: JSON = ["name": .string(IssuerOptions.cloudflareSecret), "key": "api-token"]
            return ["cloudflare": ["apiTokenSecretRef": secret]]
        case .cloudDNS(let project): return ["cloudDNS": ["project": .string(project)]]
        case .route53(let region): return ["route53": ["region": .string(region)]]
        }
    }
}
