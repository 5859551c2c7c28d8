import JSON

/// What has to be done so that the RoleBindings of ours say what the file says. Pure.
enum AccessPlan {
    enum Step: Sendable, Equatable {
        case create(JSON)
        /// With the version that it replaces.
        case replace(JSON)
        /// - Parameter binding: as it is.
        case delete(_ binding: JSON)
    }

    /// On the RoleBindings that the file makes, and on nothing else.
    static let accessLabel = "iterapp.no/access"
    static let selector = "\(ObjectScope.managedBySelector),\(accessLabel)"
    private static let roleGroup = KubernetesResource.roleBindings.group

    static func name(_ level: AccessLevel) -> String { "iterapp-\(level.rawValue)" }

    /// - Parameters:
    ///   - namespaces: those of ours that exist.
    ///   - bindings: that carry our label, as the cluster has them.
    static func steps(_ grants: AccessGrants, namespaces: Set<String>, bindings: [JSON]) -> [Step] {
        var wanted: [Place: JSON] = [:]
        for (namespace, levels) in grants.namespaces where namespaces.contains(namespace) {
            for (level, subjects) in levels {
                let binding = binding(level, in: namespace, subjects)
                wanted[Place(binding)] = binding
            }
        }
        var steps: [Step] = []
        for binding in bindings {
            let place = Place(binding)
            guard let wish = wanted[place] else {
                steps.append(.delete(binding))
                continue
            }
            // A role cannot be exchanged, so that one is made anew.
            guard wish["roleRef"] == binding["roleRef"] else {
                steps.append(.delete(binding))
                continue
            }
            wanted[place] = nil
            guard wish["subjects"] != binding["subjects"] else { continue }
            var next = wish
            next["metadata"]?["resourceVersion"] = binding.at("metadata", "resourceVersion")
            steps.append(.replace(next))
        }
        return steps + wanted.sorted { $0.key < $1.key }.map { .create($0.value) }
    }

    /// rbac.authorization.k8s.io/v1
    /// (https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-binding-v1/).
    static func binding(_ level: AccessLevel, in namespace: String, _ subjects: [AccessSubject]) -> JSON {
        let labels: JSON = [
            ObjectScope.managedBy.key: .string(ObjectScope.managedBy.value), accessLabel: .string(level.rawValue),
        ]
        return [
            "apiVersion": .string(KubernetesResource.roleBindings.apiVersion), "kind": "RoleBinding",
            "metadata": ["name": .string(name(level)), "namespace": .string(namespace), "labels": labels],
            "roleRef": ["apiGroup": .string(roleGroup), "kind": "ClusterRole", "name": .string(level.rawValue)],
            "subjects": .array(
                subjects.map { subject in
                    [
                        "apiGroup": .string(roleGroup), "kind": .string(subject.kind.rawValue),
                        "name": .string(subject.name),
                    ]
                }),
        ]
    }

    private struct Place: Hashable, Comparable {
        let namespace: String
        let name: String

        init(_ binding: JSON) {
            namespace = binding.at("metadata", "namespace")?.string ?? ""
            name = binding.at("metadata", "name")?.string ?? ""
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.namespace, left.name) < (right.namespace, right.name)
        }
    }
}
