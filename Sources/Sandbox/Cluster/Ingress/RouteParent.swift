import JSON

/// A listener that a route asks to be led through: of the one Gateway that the ingress plays, or of a ListenerSet
/// (https://gateway-api.sigs.k8s.io/reference/spec/#parentreference).
enum RouteParent: Sendable, Equatable {
    case gateway
    /// - Parameter listener: nil for all of them.
    case listenerSet(ObjectKey, listener: String?)

    /// The ingress plays the Gateway's HTTPS listeners. What is attached to the one named `http` alone would be
    /// about plain HTTP, where there is nothing but redirects to HTTPS.
    private static let ignoredSection = "http"

    static func all(of route: JSON) -> [RouteParent] {
        (route.at("spec", "parentRefs")?.array ?? []).compactMap { reference in
            let section = reference["sectionName"]?.string
            switch reference["kind"]?.string ?? "Gateway" {
            case "Gateway": return section == ignoredSection ? nil : .gateway
            case "ListenerSet":
                let key = ObjectKey(
                    .listenerSet, namespace: reference["namespace"]?.string ?? route.namespace,
                    name: reference["name"]?.string ?? "")
                return .listenerSet(key, listener: section)
            default: return nil
            }
        }
    }
}

/// What a ListenerSet listens for.
struct Listener: Sendable, Equatable {
    let name: String
    /// In lower case, perhaps with `*.` in front; nil for every host.
    let host: String?

    static func all(of listenerSet: JSON) -> [Listener] {
        (listenerSet.at("spec", "listeners")?.array ?? []).map {
            Listener(name: $0["name"]?.string ?? "", host: $0["hostname"]?.string?.lowercased())
        }
    }

    func takes(_ requested: some StringProtocol) -> Bool {
        guard let host else { return true }
        return host.hasPrefix("*.") ? requested.hasSuffix(host.dropFirst()) : requested == host
    }
}
