import JSON

/// The way from the bot's public URL to its Service, and the certificate for it: in the same manner as an app's.
struct InstallRoute {
    let scope: InstallScope

    private static let certificateSecret = "iterapp-tls"
    private static let gatewayGroup = "gateway.networking.k8s.io"

    private var options: InstallOptions { scope.options }
    private var host: JSON { .string(options.host) }

    var objects: [JSON] {
        switch options.rendering.routing {
        case .gateway(let profile):
            let listeners = profile.listeners == .listenerSet ? [certificate, listenerSet(profile)] : []
            return listeners + [route(profile), redirect(profile)]
        case .ingress(let profile): return [certificate, ingress(profile)]
        }
    }

    /// cert-manager.io/v1
    private var certificate: JSON {
        [
            "apiVersion": .string(KubernetesResource.certificates.apiVersion), "kind": "Certificate",
            "metadata": scope.metadata(),
            "spec": [
                "secretName": .string(Self.certificateSecret), "dnsNames": [host],
                "issuerRef": [
                    "group": "cert-manager.io", "kind": "ClusterIssuer",
                    "name": .string(options.rendering.clusterIssuer),
                ],
            ],
        ]
    }

    // MARK: - Gateway API

    private func gateway(_ profile: GatewayProfile, section: String? = nil) -> JSON {
        .compact([
            "group": .string(Self.gatewayGroup), "kind": "Gateway", "name": .string(profile.name),
            "namespace": .string(profile.namespace), "sectionName": section.map(JSON.string),
        ])
    }

    private func listenerSet(_ profile: GatewayProfile) -> JSON {
        [
            "apiVersion": .string(KubernetesResource.listenerSets.apiVersion), "kind": "ListenerSet",
            "metadata": scope.metadata(),
            "spec": [
                "parentRef": gateway(profile),
                "listeners": [
                    [
                        "name": host, "hostname": host, "port": 443, "protocol": "HTTPS",
                        "tls": [
                            "mode": "Terminate",
                            "certificateRefs": [
                                ["group": "", "kind": "Secret", "name": .string(Self.certificateSecret)]
                            ],
                        ],
                        "allowedRoutes": ["namespaces": ["from": "Same"]],
                    ]
                ],
            ],
        ]
    }

    private func route(_ profile: GatewayProfile) -> JSON {
        let parent: JSON = profile.listeners == .listenerSet
            ? ["group": .string(Self.gatewayGroup), "kind": "ListenerSet", "name": .string(InstallScope.name)]
            : gateway(profile, section: GatewayRouting.httpsListener)
        let backend: JSON = ["name": .string(InstallScope.name), "port": .int(ObjectScope.servicePort)]
        return httpRoute(InstallScope.name, parent, rule: ["matches": [Self.everyPath], "backendRefs": [backend]])
    }

    /// Plain HTTP only leads to HTTPS.
    private func redirect(_ profile: GatewayProfile) -> JSON {
        let filter: JSON = ["type": "RequestRedirect", "requestRedirect": ["scheme": "https", "statusCode": 301]]
        return httpRoute(
            "\(InstallScope.name)-http", gateway(profile, section: GatewayRouting.httpListener),
            rule: ["matches": [Self.everyPath], "filters": [filter]])
    }

    private static let everyPath: JSON = ["path": ["type": "PathPrefix", "value": .string(Exposure.path)]]

    private func httpRoute(_ name: String, _ parent: JSON, rule: JSON) -> JSON {
        [
            "apiVersion": .string(KubernetesResource.httpRoutes.apiVersion), "kind": "HTTPRoute",
            "metadata": scope.metadata(name),
            "spec": ["parentRefs": [parent], "hostnames": [host], "rules": [rule]],
        ]
    }

    // MARK: - Ingress

    private func ingress(_ profile: IngressProfile) -> JSON {
        let service: JSON = ["name": .string(InstallScope.name), "port": ["number": .int(ObjectScope.servicePort)]]
        let path: JSON = ["path": .string(Exposure.path), "pathType": "Prefix", "backend": ["service": service]]
        return [
            "apiVersion": .string(KubernetesResource.ingresses.apiVersion), "kind": "Ingress",
            "metadata": scope.metadata(annotations: Self.annotations(profile.controller)),
            "spec": .compact([
                "ingressClassName": profile.className.map(JSON.string),
                "tls": [["hosts": [host], "secretName": .string(Self.certificateSecret)]],
                "rules": [["host": host, "http": ["paths": [path]]]],
            ]),
        ]
    }

    /// Webhooks reach 25 MB (https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap), more than
    /// nginx takes by itself; Traefik has no limit.
    private static func annotations(_ controller: IngressProfile.Controller) -> [String: JSON] {
        switch controller {
        case .nginx:
            [
                "nginx.ingress.kubernetes.io/ssl-redirect": "true",
                "nginx.ingress.kubernetes.io/proxy-body-size": "25m",
            ]
        case .traefik:
            [
                "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
                "traefik.ingress.kubernetes.io/router.tls": "true",
            ]
        }
    }
}
