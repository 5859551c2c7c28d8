import Deploys
import JSON

/// An appling's ListenerSets and HTTPRoutes (gateway.networking.k8s.io/v1, Gateway API 1.5:
/// https://gateway-api.sigs.k8s.io/reference/spec/).
///
/// The operator's Gateway has a listener named `http` on port 80 that takes routes from all namespaces, and
/// `allowedListeners` that take ListenerSets from them. cert-manager's HTTP-01 solver attaches to `http` too
/// (`gatewayHTTPRoute.parentRefs` of the issuer): its exact path is more specific than the redirect there, and
/// so wins.
struct GatewayRouting {
    let exposure: Exposure
    let profile: GatewayProfile
    let scope: ObjectScope

    /// HTTPRoute, `spec.hostnames`.
    static let maxHostnamesPerRoute = 16
    /// ListenerSet, `spec.listeners`.
    static let maxListenersPerSet = 64
    static let httpListener = "http"
    static let httpsListener = "https"
    private static let httpsPort = 443

    private struct Listener {
        let host: String
        let secretName: String
    }

    var rendering: Rendering {
        let sets = profile.listeners == .listenerSet ? listeners.slices(of: Self.maxListenersPerSet) : []
        let objects =
            sets.enumerated().map { listenerSet(ObjectNames.numbered(name, $0.offset), $0.element) }
            + routes(sets) + wwwRoutes(sets) + httpRoutes()
        return Rendering(objects, warnings: warnings)
    }

    private var name: String { exposure.appling.name }

    private var listeners: [Listener] {
        exposure.certificates.flatMap { certificate in
            certificate.hosts.map { Listener(host: $0, secretName: certificate.secretName) }
        }
    }

    private func listenerSet(_ name: String, _ listeners: [Listener]) -> JSON {
        let entries = listeners.map { listener -> JSON in
            let secret: JSON = ["group": "", "kind": "Secret", "name": .string(listener.secretName)]
            return [
                "name": .string(listener.host), "hostname": .string(listener.host),
                "port": .int(Self.httpsPort), "protocol": "HTTPS",
                "tls": ["mode": "Terminate", "certificateRefs": [secret]],
                "allowedRoutes": ["namespaces": ["from": "Same"]],
            ]
        }
        return object(
            "ListenerSet", name,
            spec: ["parentRef": .object(gateway), "listeners": .array(entries)])
    }

    // MARK: - Routes

    private func routes(_ sets: [[Listener]]) -> [JSON] {
        let backend: JSON = ["name": .string(name), "port": .int(ObjectScope.servicePort)]
        return exposure.hosts.slices(of: Self.maxHostnamesPerRoute).enumerated().map { index, hosts in
            httpRoute(
                ObjectNames.numbered(name, index), parents: secureParents(hosts, sets), hosts: hosts,
                rule: ["matches": [Self.match], "backendRefs": [backend]])
        }
    }

    /// A redirect names one target, and a route's hostnames hold for all its rules: so each is a route. It takes
    /// plain HTTP as well, which saves visitors a second redirect.
    private func wwwRoutes(_ sets: [[Listener]]) -> [JSON] {
        exposure.redirects.enumerated().map { index, redirect in
            httpRoute(
                ObjectNames.numbered("\(name)-www", index),
                parents: secureParents([redirect.from], sets) + [section(Self.httpListener)],
                hosts: [redirect.from], rule: redirectRule(["hostname": .string(redirect.to)]))
        }
    }

    /// Plain HTTP only leads to HTTPS.
    private func httpRoutes() -> [JSON] {
        exposure.hosts.slices(of: Self.maxHostnamesPerRoute).enumerated().map { index, hosts in
            httpRoute(
                ObjectNames.numbered("\(name)-http", index), parents: [section(Self.httpListener)], hosts: hosts,
                rule: redirectRule([:]))
        }
    }

    private static let match: JSON = ["path": ["type": "PathPrefix", "value": .string(Exposure.path)]]

    private func redirectRule(_ target: [String: JSON]) -> JSON {
        let https: [String: JSON] = ["scheme": "https", "statusCode": 301]
        let filter: JSON = [
            "type": "RequestRedirect", "requestRedirect": .object(https.merging(target) { own, _ in own }),
        ]
        return ["matches": [Self.match], "filters": [filter]]
    }

    private func httpRoute(_ name: String, parents: [JSON], hosts: [String], rule: JSON) -> JSON {
        object(
            "HTTPRoute", name,
            spec: [
                "parentRefs": .array(parents), "hostnames": .array(hosts.map(JSON.string)), "rules": [rule],
            ])
    }

    // MARK: - Parents

    private var gateway: [String: JSON] {
        [
            "group": "gateway.networking.k8s.io", "kind": "Gateway", "name": .string(profile.name),
            "namespace": .string(profile.namespace),
        ]
    }

    private func section(_ name: String) -> JSON {
        .object(gateway.merging(["sectionName": .string(name)]) { own, _ in own })
    }

    /// Where HTTPS for these hosts arrives.
    private func secureParents(_ hosts: [String], _ sets: [[Listener]]) -> [JSON] {
        guard profile.listeners == .listenerSet else { return [section(Self.httpsListener)] }
        let wanted = Set(hosts)
        return sets.enumerated().filter { $0.element.contains { wanted.contains($0.host) } }.map { index, _ in
            [
                "group": "gateway.networking.k8s.io", "kind": "ListenerSet",
                "name": .string(ObjectNames.numbered(name, index)),
            ]
        }
    }

    private func object(_ kind: String, _ name: String, spec: JSON) -> JSON {
        [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": .string(kind),
            "metadata": scope.metadata(name: name, appling: exposure.appling), "spec": spec,
        ]
    }

    // MARK: - Warnings

    private var warnings: [String] {
        var warnings: [String] = []
        let reason = "this cluster routes by the Gateway API (ITERAPP_ROUTING=gateway), which has no field for it"
        if exposure.maxBodyBytes != nil {
            warnings.append(
                "`proxy_max_body_size` in [ingress] of \(name) has no effect: \(reason). How large a body may be is "
                    + "up to the Gateway \(profile.namespace)/\(profile.name).")
        }
        if !exposure.hasAccessLog {
            warnings.append(
                "`disable_access_log` in [ingress] of \(name) has no effect: \(reason). Whether requests are logged "
                    + "is up to the Gateway \(profile.namespace)/\(profile.name).")
        }
        if profile.listeners == .gateway, let domains = exposure.groups.first(where: { $0.kind == .domains }) {
            let secrets = domains.certificates.map { "\(scope.release.namespace)/\($0.secretName)" }
            warnings.append(
                "The Gateway \(profile.namespace)/\(profile.name) serves HTTPS with the certificates that its "
                    + "operator gave it (ITERAPP_GATEWAY_LISTENERS=gateway); for the domains of \(name) it has to "
                    + "refer to \(secrets.joined(separator: ", ")).")
        }
        return warnings
    }
}
