import JSON

/// The bot's namespace, its account, and what that may do.
struct AccountObjects {
    let scope: InstallScope

    var objects: [JSON] {
        [
            InstallScope.namespace(scope.options.namespace, enforcing: "restricted", labels: InstallScope.labels),
            account,
            role("ClusterRole", InstallScope.clusterMetadata(), Permissions.everywhere),
            binding("ClusterRole", InstallScope.clusterMetadata()),
            role("Role", scope.metadata(), Permissions.atHome),
            binding("Role", scope.metadata()),
        ]
    }

    private var account: JSON {
        [
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": scope.metadata(),
            // The one pod that needs a token asks for it.
            "automountServiceAccountToken": false,
        ]
    }

    private static let group = "rbac.authorization.k8s.io"

    private func role(_ kind: String, _ metadata: JSON, _ permissions: [Permission]) -> JSON {
        [
            "apiVersion": .string("\(Self.group)/v1"), "kind": .string(kind), "metadata": metadata,
            "rules": .array(Permissions.rules(permissions)),
        ]
    }

    private func binding(_ role: String, _ metadata: JSON) -> JSON {
        [
            "apiVersion": .string("\(Self.group)/v1"), "kind": .string("\(role)Binding"), "metadata": metadata,
            "roleRef": ["apiGroup": .string(Self.group), "kind": .string(role), "name": .string(InstallScope.name)],
            "subjects": [
                [
                    "kind": "ServiceAccount", "name": .string(InstallScope.name),
                    "namespace": .string(scope.options.namespace),
                ]
            ],
        ]
    }
}
