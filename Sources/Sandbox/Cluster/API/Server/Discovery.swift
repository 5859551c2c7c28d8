import HTTP
import JSON

/// What a client asks first: which groups, versions and kinds there are
/// (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api).
enum Discovery {
    /// The version whose behaviour this server follows.
    private static let version = (major: "1", minor: "36")

    /// Pages that need no token, as on a real server.
    static func open(_ path: String) -> HTTPResponse? {
        switch path {
        case "/healthz", "/livez", "/readyz": return .text(200, "ok")
        case "/version":
            return .json(200, [
                "major": .string(version.major), "minor": .string(version.minor),
                "gitVersion": .string("v\(version.major).\(version.minor).0+iterapp"), "gitCommit": "",
                "gitTreeState": "clean", "buildDate": "1970-01-01T00:00:00Z", "goVersion": "none",
                "compiler": "swift", "platform": "linux/amd64",
            ])
        default: return nil
        }
    }

    static func page(_ path: String) -> JSON? {
        let parts = path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("api", 1):
            return ["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []]
        case ("apis", 1):
            return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups.map(group))]
        case ("apis", 2):
            guard groups.contains(parts[1]) else { return nil }
            var page = group(parts[1])
            page["kind"] = "APIGroup"
            page["apiVersion"] = "v1"
            return page
        case ("api", 2): return resources(parts[1])
        case ("apis", 3): return resources("\(parts[1])/\(parts[2])")
        default: return nil
        }
    }

    private static var groups: [String] {
        var seen: [String] = []
        for kind in ResourceKind.all where !kind.group.isEmpty && !seen.contains(kind.group) {
            seen.append(kind.group)
        }
        return seen
    }

    private static func group(_ name: String) -> JSON {
        let versions = Set(ResourceKind.all.filter { $0.group == name }.map(\.version)).sorted()
        let list = versions.map { version -> JSON in
            ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
        }
        return ["name": .string(name), "versions": .array(list), "preferredVersion": list[0]]
    }

    private static func resources(_ apiVersion: String) -> JSON? {
        let kinds = ResourceKind.all.filter { $0.apiVersion == apiVersion }
        if kinds.isEmpty { return nil }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(apiVersion),
            "resources": .array(kinds.flatMap { [resource($0)] + subresources($0) }),
        ]
    }

    private static func resource(_ kind: ResourceKind) -> JSON {
        var resource: JSON = [
            "name": .string(kind.plural), "singularName": .string(kind.singular),
            "namespaced": .bool(kind.isNamespaced), "kind": .string(kind.kind),
            "verbs": [
                "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
            ],
        ]
        if !kind.shortNames.isEmpty { resource["shortNames"] = .array(kind.shortNames.map(JSON.string)) }
        if inAll.contains(kind) { resource["categories"] = ["all"] }
        return resource
    }

    /// What `kubectl get all` shows.
    private static let inAll: Set<ResourceKind> = [.pod, .service, .deployment, .replicaSet, .job, .cronJob]

    private static func subresources(_ kind: ResourceKind) -> [JSON] {
        func entry(_ name: String, _ kindName: String, _ verbs: JSON) -> JSON {
            [
                "name": .string("\(kind.plural)/\(name)"), "singularName": "",
                "namespaced": .bool(kind.isNamespaced), "kind": .string(kindName), "verbs": verbs,
            ]
        }
        var entries = kind.hasStatus ? [entry("status", kind.kind, ["get", "patch", "update"])] : []
        if kind == .pod { entries.append(entry("log", "Pod", ["get"])) }
        if [.deployment, .replicaSet].contains(kind) {
            var scale = entry("scale", "Scale", ["get", "patch", "update"])
            scale["group"] = "autoscaling"
            scale["version"] = "v1"
            entries.append(scale)
        }
        return entries
    }
}
