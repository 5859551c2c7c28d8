import Deploys
import JSON

/// Ingresses for controllers that read nginx's annotations
/// (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/).
struct NginxRouting {
    let ingresses: IngressObjects

    /// One for each group of hosts: the redirect from or to `www.` holds for all hosts of an Ingress.
    var objects: [JSON] {
        ingresses.exposure.groups.map { group in
            ingresses.ingress(
                group.name, hosts: group.hosts, certificates: group.certificates, annotations: annotations(group))
        }
    }

    private func annotations(_ group: HostGroup) -> [String: JSON] {
        var annotations: [String: JSON] = ["ssl-redirect": "true"]
        if !group.redirects.isEmpty { annotations["from-to-www-redirect"] = "true" }
        if let maxBodyBytes = ingresses.exposure.maxBodyBytes {
            annotations["proxy-body-size"] = .string(Self.size(maxBodyBytes))
        }
        if !ingresses.exposure.hasAccessLog { annotations["enable-access-log"] = "false" }
        return Dictionary(
            uniqueKeysWithValues: annotations.map { ("nginx.ingress.kubernetes.io/\($0.key)", $0.value) })
    }

    /// nginx's own notation, where 0 is no limit: `8m`, `1500` (https://nginx.org/en/docs/syntax.html).
    static func size(_ bytes: Int) -> String {
        for (unit, suffix) in [(1 << 30, "g"), (1 << 20, "m"), (1 << 10, "k")] where bytes > 0 {
            if bytes.isMultiple(of: unit) { return "\(bytes / unit)\(suffix)" }
        }
        return String(bytes)
    }
}
