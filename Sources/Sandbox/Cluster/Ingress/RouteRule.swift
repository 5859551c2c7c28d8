import JSON

/// One thing a route says about a host: for paths like this, do that.
struct RouteRule: Sendable, Equatable {
    enum Path: Sendable, Equatable {
        case exact(String)
        /// Whole segments: `/a` matches `/a` and `/a/b`, not `/ab`.
        case prefix(String)
    }

    struct Backend: Sendable, Hashable {
        let namespace: String
        let service: String
        let port: Port

        enum Port: Sendable, Hashable {
            case number(Int)
            case name(String)
        }
    }

    enum Action: Sendable, Equatable {
        case forward(Backend)
        case redirect(host: String, status: Int)
    }

    let path: Path
    let action: Action

    /// How well it fits: the longer the better, exact before prefix; nil when it does not.
    func fit(_ requested: String) -> Int? {
        switch path {
        case .exact(let path): return path == requested ? 2 * path.utf8.count + 1 : nil
        case .prefix(let path):
            let stem = path.hasSuffix("/") ? String(path.dropLast()) : path
            guard requested == stem || requested.hasPrefix(stem + "/") else { return nil }
            return 2 * stem.utf8.count
        }
    }
}

/// What an HTTPRoute or an Ingress says, by host; hosts in lower case, perhaps with `*.` in front.
enum RouteReader {
    /// https://gateway-api.sigs.k8s.io/reference/spec/#httproute. Matches on headers, methods or queries are
    /// not understood; rules that have only such are left out rather than widened.
    static func httpRoute(_ route: JSON) -> [String: [RouteRule]] {
        let rules = (route.at("spec", "rules")?.array ?? []).flatMap { rule -> [RouteRule] in
            guard let action = action(rule, route) else { return [] }
            return paths(rule["matches"]?.array ?? [[:]]).map { RouteRule(path: $0, action: action) }
        }
        let hosts = (route.at("spec", "hostnames")?.array ?? []).compactMap(\.string)
        return Dictionary(hosts.map { ($0.lowercased(), rules) }) { $0 + $1 }
    }

    private static func paths(_ matches: [JSON]) -> [RouteRule.Path] {
        matches.compactMap { match in
            guard (match.object ?? [:]).keys.allSatisfy({ $0 == "path" }) else { return nil }
            let value = match.at("path", "value")?.string ?? "/"
            switch match.at("path", "type")?.string ?? "PathPrefix" {
            case "Exact": return .exact(value)
            case "PathPrefix": return .prefix(value)
            default: return nil
            }
        }
    }

    private static func action(_ rule: JSON, _ route: JSON) -> RouteRule.Action? {
        let redirect = (rule["filters"]?.array ?? [])
            .first { $0["type"]?.string == "RequestRedirect" }?["requestRedirect"]
        if let redirect {
            // To HTTPS on the same host would lead nowhere: the ingress speaks plain HTTP only.
            guard let host = redirect["hostname"]?.string else { return nil }
            return .redirect(host: host, status: redirect["statusCode"]?.int ?? 302)
        }
        guard let backend = rule["backendRefs"]?[0], let name = backend["name"]?.string,
            let port = backend["port"]?.int
        else { return nil }
        return .forward(.init(
            namespace: backend["namespace"]?.string ?? route.namespace, service: name, port: .number(port)))
    }

    private static let wwwRedirect = "nginx.ingress.kubernetes.io/from-to-www-redirect"

    /// https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules
    static func ingress(_ ingress: JSON) -> [String: [RouteRule]] {
        var byHost: [String: [RouteRule]] = [:]
        for rule in ingress.at("spec", "rules")?.array ?? [] {
            guard let host = rule["host"]?.string?.lowercased() else { continue }
            byHost[host, default: []] += (rule.at("http", "paths")?.array ?? []).compactMap { path in
                guard let service = path.at("backend", "service"), let name = service["name"]?.string
                else { return nil }
                let port: RouteRule.Backend.Port =
                    service.at("port", "number")?.int.map { .number($0) }
                    ?? .name(service.at("port", "name")?.string ?? "")
                let value = path["path"]?.string ?? "/"
                return RouteRule(
                    path: path["pathType"]?.string == "Exact" ? .exact(value) : .prefix(value),
                    action: .forward(.init(namespace: ingress.namespace, service: name, port: port)))
            }
        }
        guard ingress.annotations[wwwRedirect] == "true" else { return byHost }
        for host in byHost.keys {
            let other = host.hasPrefix("www.") ? String(host.dropFirst(4)) : "www." + host
            if byHost[other] == nil {
                byHost[other] = [RouteRule(path: .prefix("/"), action: .redirect(host: host, status: 308))]
            }
        }
        return byHost
    }
}
