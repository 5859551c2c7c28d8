import Deploys
import JSON

/// The objects that bring requests from outside to an appling's Service, and its certificates.
struct RoutingObjects {
    let scope: ObjectScope
    let options: RenderOptions

    func objects(for appling: ReleasedAppling) -> Rendering {
        let exposure = Exposure(appling, in: scope.release.environment)
        guard !exposure.hosts.isEmpty else { return Rendering() }
        var rendering = Rendering(certificates(exposure))
        switch options.routing {
        case .gateway(let profile):
            rendering += GatewayRouting(exposure: exposure, profile: profile, scope: scope).rendering
        case .ingress(let profile):
            let ingresses = IngressObjects(exposure: exposure, className: profile.className, scope: scope)
            switch profile.controller {
            case .nginx: rendering += Rendering(NginxRouting(ingresses: ingresses).objects)
            case .traefik: rendering += Rendering(TraefikRouting(ingresses: ingresses).objects)
            }
        }
        return rendering
    }

    /// What the operator's ClusterIssuer selects its DNS-01 solver by (`selector.matchLabels`), with
    /// `cnameStrategy: Follow`; its solver without a selector serves everything else
    /// (https://cert-manager.io/docs/configuration/acme/#adding-multiple-solver-types).
    static let solverLabel = "iterapp.no/acme-solver"
    static let dns01Solver = "dns01"

    /// cert-manager.io/v1 (https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate).
    private func certificates(_ exposure: Exposure) -> [JSON] {
        exposure.groups.flatMap { group in
            group.certificates.map { certificate in
                [
                    "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
                    "metadata": scope.metadata(
                        name: certificate.name, appling: exposure.appling,
                        furtherLabels: group.usesDNS01 ? [Self.solverLabel: .string(Self.dns01Solver)] : [:]),
                    "spec": [
                        "secretName": .string(certificate.secretName),
                        "dnsNames": .array(certificate.hosts.map(JSON.string)),
                        "issuerRef": [
                            "group": "cert-manager.io", "kind": "ClusterIssuer",
                            "name": .string(options.clusterIssuer),
                        ],
                    ],
                ]
            }
        }
    }
}
