import JSON

/// As much of the OpenAPI documents as kubectl needs to leave checking fields to the server
/// (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3).
enum OpenAPI {
    private static let root = "/openapi/v3"

    static func page(_ path: String) -> JSON? {
        if path == root { return ["paths": .object(Dictionary(uniqueKeysWithValues: versions.map(entry)))] }
        guard path.hasPrefix(root + "/") else { return nil }
        let wanted = path.dropFirst(root.count + 1)
        let kinds = ResourceKind.all.filter { name($0.apiVersion) == wanted }
        if kinds.isEmpty { return nil }
        return [
            "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "v1.36.0"],
            "paths": .object(Dictionary(uniqueKeysWithValues: kinds.map(operation))),
        ]
    }

    private static var versions: [String] { Array(Set(ResourceKind.all.map(\.apiVersion))) }

    /// `api/v1`, `apis/apps/v1`.
    private static func name(_ version: String) -> String { (version == "v1" ? "api/" : "apis/") + version }

    private static func entry(_ version: String) -> (String, JSON) {
        (name(version), ["serverRelativeURL": .string("\(root)/\(name(version))")])
    }

    /// That writes of a kind take `fieldValidation`.
    private static func operation(_ kind: ResourceKind) -> (String, JSON) {
        let namespace = kind.isNamespaced ? "/namespaces/{namespace}" : ""
        return (
            "/\(name(kind.apiVersion))\(namespace)/\(kind.plural)/{name}",
            ["patch": [
                "parameters": [["name": "fieldValidation", "in": "query", "schema": ["type": "string"]]],
                "responses": [:],
                "x-kubernetes-group-version-kind": [
                    "group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind),
                ],
            ]]
        )
    }
}
