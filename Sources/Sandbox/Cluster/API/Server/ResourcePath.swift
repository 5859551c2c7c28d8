/// Where a request about objects points: `/apis/apps/v1/namespaces/cats/deployments/cats/status`
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris).
struct ResourcePath: Sendable, Equatable {
    let kind: ResourceKind
    /// Nil for kinds without namespaces, and for all namespaces together.
    let namespace: String?
    let name: String?
    let subresource: String?

    /// Nil when the path names no kind that is known here.
    init?(_ path: String) {
        var parts = path.split(separator: "/").map { PercentCoding.decode(String($0)) }[...]
        let group: String
        switch parts.popFirst() {
        case "api": group = ""
        case "apis": group = parts.popFirst() ?? ""
        default: return nil
        }
        guard let version = parts.popFirst() else { return nil }
        var namespace: String?
        // `/namespaces/cats/pods` is in a namespace, `/namespaces/cats` and its `/status` are the namespace.
        if parts.count >= 3, parts.first == "namespaces",
            !Self.subresources.contains(parts[parts.startIndex + 2])
        {
            namespace = parts[parts.startIndex + 1]
            parts = parts.dropFirst(2)
        }
        guard let plural = parts.popFirst(),
            let kind = ResourceKind.find(group: group, version: version, plural: plural),
            kind.isNamespaced || namespace == nil
        else { return nil }
        self.kind = kind
        self.namespace = namespace
        name = parts.popFirst()
        subresource = parts.popFirst()
        if !parts.isEmpty || (kind.isNamespaced && namespace == nil && name != nil) { return nil }
    }

    private static let subresources = ["status", "finalize"]
}
