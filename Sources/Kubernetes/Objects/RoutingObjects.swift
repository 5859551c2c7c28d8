import Deploys
import JSON

/// The objects that bring requests from outside to an appling's Service, and its certificate.
struct RoutingObjects {
    let scope: ObjectScope
    let options: RenderOptions

    /// HTTPRoute, `spec.hostnames` (https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec).
    static let maxHostnamesPerRoute = 16

    func objects(for appling: ReleasedAppling) -> Rendering {
        guard !appling.hosts.isEmpty else { return Rendering() }
        let redirects = redirects(of: appling)
        let routes =
            switch options.routing {
            case .gateway(let profile):
                httpRoutes(
                    for: appling, redirects,
                    gateway: ["name": .string(profile.name), "namespace": .string(profile.namespace)])
            case .ingress(let profile):
                [ingress(for: appling, redirects, className: profile.className)]
            }
        return Rendering(routes + [certificate(for: appling, redirects)])
    }

    /// A host that only sends visitors on to another one.
    private struct Redirect {
        let from: String
        let to: String
    }

    /// `www.cats.cool` to `cats.cool` or the other way round, whichever is the domain that was asked for.
    private func redirects(of appling: ReleasedAppling) -> [Redirect] {
        guard appling.settings.fromToWWWRedirect else { return [] }
        return appling.settings.domains(in: scope.release.environment.rawValue).compactMap { domain in
            let from = domain.hasPrefix("www.") ? String(domain.dropFirst(4)) : "www." + domain
            return appling.hosts.contains(from) ? nil : Redirect(from: from, to: domain)
        }
    }

    private func httpRoutes(
        for appling: ReleasedAppling, _ redirects: [Redirect], gateway: JSON
    ) -> [JSON] {
        let backend: JSON = ["name": .string(appling.name), "port": .int(ObjectScope.servicePort)]
        let starts = stride(from: 0, to: appling.hosts.count, by: Self.maxHostnamesPerRoute)
        let routes = starts.enumerated().map { index, start in
            let hosts = appling.hosts[start...].prefix(Self.maxHostnamesPerRoute)
            return httpRoute(
                numbered(appling.name, index), for: appling, gateway: gateway, hosts: Array(hosts),
                rule: ["backendRefs": [backend]])
        }
        return routes
            + redirects.enumerated().map { index, redirect in
                let filter: JSON = [
                    "type": "RequestRedirect",
                    "requestRedirect": ["hostname": .string(redirect.to), "statusCode": 301],
                ]
                return httpRoute(
                    numbered("\(appling.name)-www", index), for: appling, gateway: gateway,
                    hosts: [redirect.from], rule: ["filters": [filter]])
            }
    }

    private func httpRoute(
        _ name: String, for appling: ReleasedAppling, gateway: JSON, hosts: [String], rule: JSON
    ) -> JSON {
        [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": scope.metadata(name: name, appling: appling),
            "spec": [
                "parentRefs": [gateway],
                "hostnames": .array(hosts.map(JSON.string)),
                "rules": [rule],
            ],
        ]
    }

    private func numbered(_ name: String, _ index: Int) -> String {
        index == 0 ? name : "\(name)-\(index + 1)"
    }

    private func ingress(
        for appling: ReleasedAppling, _ redirects: [Redirect], className: String?
    ) -> JSON {
        let backend: JSON = [
            "service": ["name": .string(appling.name), "port": ["number": .int(ObjectScope.servicePort)]]
        ]
        let rules = appling.hosts.map { host -> JSON in
            let paths: JSON = [["path": "/", "pathType": "Prefix", "backend": backend]]
            return ["host": .string(host), "http": ["paths": paths]]
        }
        // The core API has no redirect; this is the annotation of nginx controllers.
        let annotations: [String: JSON] =
            redirects.isEmpty ? [:] : ["nginx.ingress.kubernetes.io/from-to-www-redirect": "true"]
        let tls: JSON = [
            "hosts": .array(certifiedHosts(appling, redirects)),
            "secretName": .string(tlsSecretName(appling)),
        ]
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": scope.metadata(name: appling.name, appling: appling, annotations: annotations),
            "spec": .compact([
                "ingressClassName": className.map(JSON.string),
                "tls": [tls],
                "rules": .array(rules),
            ]),
        ]
    }

    /// cert-manager.io/v1 (https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate).
    private func certificate(for appling: ReleasedAppling, _ redirects: [Redirect]) -> JSON {
        [
            "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
            "metadata": scope.metadata(name: appling.name, appling: appling),
            "spec": [
                "secretName": .string(tlsSecretName(appling)),
                "dnsNames": .array(certifiedHosts(appling, redirects)),
                "issuerRef": [
                    "group": "cert-manager.io", "kind": "ClusterIssuer",
                    "name": .string(options.clusterIssuer),
                ],
            ],
        ]
    }

    private func tlsSecretName(_ appling: ReleasedAppling) -> String { "\(appling.name)-tls" }

    private func certifiedHosts(_ appling: ReleasedAppling, _ redirects: [Redirect]) -> [JSON] {
        (appling.hosts + redirects.map(\.from)).map(JSON.string)
    }
}
