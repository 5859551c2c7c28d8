import Deploys
import JSON

/// An appling's Ingresses (networking.k8s.io/v1:
/// https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/), without what controllers
/// say by annotations.
struct IngressObjects {
    let exposure: Exposure
    /// Nil takes the cluster's default class.
    let className: String?
    let scope: ObjectScope

    /// - Parameter certificates: none where TLS does not end here.
    func ingress(
        _ name: String, hosts: [String], certificates: [CertificateNames] = [], annotations: [String: JSON]
    ) -> JSON {
        let backend: JSON = [
            "service": [
                "name": .string(exposure.appling.name), "port": ["number": .int(ObjectScope.servicePort)],
            ]
        ]
        let path: JSON = ["path": .string(Exposure.path), "pathType": "Prefix", "backend": backend]
        let rules = hosts.map { host -> JSON in ["host": .string(host), "http": ["paths": [path]]] }
        let tls = certificates.map { certificate -> JSON in
            ["hosts": .array(certificate.hosts.map(JSON.string)), "secretName": .string(certificate.secretName)]
        }
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": scope.metadata(name: name, appling: exposure.appling, annotations: annotations),
            "spec": .compact([
                "ingressClassName": className.map(JSON.string),
                "tls": tls.isEmpty ? nil : .array(tls),
                "rules": .array(rules),
            ]),
        ]
    }
}
