import JSON

/// An authority of BuildKit's own, and the certificates by which the daemon and the bot know each other
/// (https://cert-manager.io/docs/configuration/ca/).
///
/// The issuer is one for the whole cluster, because the two live in different namespaces and a Secret is in one: who
/// may make Certificates anywhere could get one, and so the network policy is the second wall.
struct BuildKitCertificates {
    let options: InstallOptions
    let buildKit: BuildKitOptions

    private static let authority = "iterapp-buildkit-ca"
    private static let issuer = "iterapp-buildkit"
    /// buildkitd reads its certificate at the start only: what is renewed after two thirds of this leaves a year in
    /// which some restart is sure to come.
    private static let duration = "26280h"
    private static let authorityDuration = "87600h"

    var objects: [JSON] {
        [
            object(
                "Issuer", "iterapp-buildkit-self-signed", in: buildKit.certManagerNamespace,
                spec: ["selfSigned": [:]]),
            certificate(
                Self.authority, in: buildKit.certManagerNamespace, secret: Self.authority,
                [
                    "isCA": true, "commonName": .string(Self.authority), "duration": .string(Self.authorityDuration),
                    "issuerRef": [
                        "group": "cert-manager.io", "kind": "Issuer", "name": "iterapp-buildkit-self-signed",
                    ],
                ]),
            object("ClusterIssuer", Self.issuer, in: nil, spec: ["ca": ["secretName": .string(Self.authority)]]),
            certificate(
                BuildKitOptions.name, in: buildKit.namespace, secret: BuildKitOptions.daemonSecret,
                [
                    "commonName": .string(BuildKitOptions.name), "dnsNames": .array(hosts.map(JSON.string)),
                    "usages": ["digital signature", "key encipherment", "server auth"],
                ]),
            certificate(
                "buildkit-client", in: options.namespace, secret: BuildKitOptions.clientSecret,
                [
                    "commonName": .string(InstallScope.name),
                    "usages": ["digital signature", "key encipherment", "client auth"],
                ]),
        ]
    }

    private var hosts: [String] {
        let service = "\(BuildKitOptions.name).\(buildKit.namespace)"
        return ["\(service).svc", "\(service).svc.cluster.local"]
    }

    private func certificate(_ name: String, in namespace: String, secret: String, _ own: [String: JSON]) -> JSON {
        let common: [String: JSON] = [
            "secretName": .string(secret), "duration": .string(Self.duration),
            "privateKey": ["algorithm": "ECDSA", "size": 256],
            "issuerRef": ["group": "cert-manager.io", "kind": "ClusterIssuer", "name": .string(Self.issuer)],
        ]
        return object("Certificate", name, in: namespace, spec: .object(common.merging(own) { _, own in own }))
    }

    private func object(_ kind: String, _ name: String, in namespace: String?, spec: JSON) -> JSON {
        [
            "apiVersion": "cert-manager.io/v1", "kind": .string(kind),
            "metadata": .compact([
                "name": .string(name), "namespace": namespace.map(JSON.string), "labels": InstallScope.buildLabels,
            ]),
            "spec": spec,
        ]
    }
}
