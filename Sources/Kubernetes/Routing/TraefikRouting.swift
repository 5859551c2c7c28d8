import Deploys
import JSON

/// Ingresses and Middlewares (traefik.io/v1alpha1) for Traefik 3
/// (https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/).
///
/// Entry points have the names that Traefik's Helm chart gives them: `web` for port 80, `websecure` for 443.
struct TraefikRouting {
    let ingresses: IngressObjects

    private var name: String { ingresses.exposure.appling.name }
    private var exposure: Exposure { ingresses.exposure }

    /// Which way a host's redirect goes, and so which regular expression does it.
    private enum Direction: String, CaseIterable {
        case fromWWW = "from-www"
        case toWWW = "to-www"

        static func of(_ redirect: Redirect) -> Direction { redirect.from.hasPrefix("www.") ? .fromWWW : .toWWW }

        /// Of Go's regexp package (RE2); the URL begins with the scheme and the host as the visitor wrote them.
        var middleware: JSON {
            switch self {
            case .fromWWW: ["regex": "^https?://(?i:www\\.)(.+)$", "replacement": "https://${1}", "permanent": true]
            case .toWWW: ["regex": "^https?://(.+)$", "replacement": "https://www.${1}", "permanent": true]
            }
        }
    }

    var objects: [JSON] {
        let directions = Direction.allCases.map { direction in
            (direction, exposure.redirects.filter { Direction.of($0) == direction }.map(\.from))
        }.filter { !$0.1.isEmpty }
        return middlewares(directions.map(\.0)) + [main]
            + directions.map { direction, hosts in www(direction, hosts) } + [plain]
    }

    // MARK: - Ingresses

    private var main: JSON {
        var annotations = secure
        if bodyLimit != nil { annotations[Self.router("middlewares")] = reference("body-limit") }
        return ingresses.ingress(
            name, hosts: exposure.hosts, certificates: exposure.certificates, annotations: annotations)
    }

    /// The certificates are those of the main one: Traefik chooses by the name that the visitor asks for.
    private func www(_ direction: Direction, _ hosts: [String]) -> JSON {
        ingresses.ingress(
            "\(name)-\(direction.rawValue)", hosts: hosts,
            annotations: secure.merging([Self.router("middlewares"): reference(direction.rawValue)]) { $1 })
    }

    /// Plain HTTP only leads to HTTPS.
    private var plain: JSON {
        ingresses.ingress(
            "\(name)-http", hosts: exposure.hosts + exposure.redirects.map(\.from),
            annotations: logging.merging([
                Self.router("entrypoints"): "web", Self.router("middlewares"): reference("to-https"),
            ]) { $1 })
    }

    private var secure: [String: JSON] {
        logging.merging([Self.router("entrypoints"): "websecure", Self.router("tls"): "true"]) { $1 }
    }

    private var logging: [String: JSON] {
        exposure.hasAccessLog ? [:] : [Self.router("observability.accesslogs"): "false"]
    }

    private static func router(_ option: String) -> String { "traefik.ingress.kubernetes.io/router.\(option)" }

    /// How an annotation names a Middleware of the Kubernetes provider.
    private func reference(_ suffix: String) -> JSON {
        .string("\(ingresses.scope.release.namespace)-\(name)-\(suffix)@kubernetescrd")
    }

    // MARK: - Middlewares

    private func middlewares(_ directions: [Direction]) -> [JSON] {
        var middlewares: [JSON] = []
        if let bodyLimit {
            middlewares.append(middleware("body-limit", ["buffering": ["maxRequestBodyBytes": .int(bodyLimit)]]))
        }
        for direction in directions {
            middlewares.append(middleware(direction.rawValue, ["redirectRegex": direction.middleware]))
        }
        return middlewares + [
            middleware("to-https", ["redirectScheme": ["scheme": "https", "permanent": true]])
        ]
    }

    /// Traefik has no limit of its own, so that none is what happens by itself.
    private var bodyLimit: Int? { exposure.maxBodyBytes.flatMap { $0 == 0 ? nil : $0 } }

    private func middleware(_ suffix: String, _ spec: JSON) -> JSON {
        [
            "apiVersion": "traefik.io/v1alpha1", "kind": "Middleware",
            "metadata": ingresses.scope.metadata(name: "\(name)-\(suffix)", appling: exposure.appling),
            "spec": spec,
        ]
    }
}
