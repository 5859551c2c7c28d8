import JSON

/// The roles that every cluster has, without those of its own parts
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles).
enum BuiltInRoles {
    /// They are there before anything is written, so they carry the first resource version.
    static let objects: [(key: ObjectKey, object: JSON)] = {
        let roles: [(String, [PolicyRule])] = [
            ("admin", admin), ("cluster-admin", everything), ("edit", edit), ("view", view),
        ]
        let made = roles.enumerated().map { index, role in
            object(.clusterRole, role.0, number: index, [
                "rules": .array(role.1.map(json) + (role.0 == "cluster-admin" ? [everyPath] : [])),
            ])
        }
        let masters = object(.clusterRoleBinding, "cluster-admin", number: roles.count, [
            "roleRef": [
                "apiGroup": .string(AccessRules.group), "kind": "ClusterRole", "name": "cluster-admin",
            ],
            "subjects": [[
                "apiGroup": .string(AccessRules.group), "kind": "Group", "name": "system:masters",
            ]],
        ])
        return made + [masters]
    }()

    private static func object(
        _ kind: ResourceKind, _ name: String, number: Int, _ content: JSON
    ) -> (ObjectKey, JSON) {
        var object = content
        object["apiVersion"] = .string(kind.apiVersion)
        object["kind"] = .string(kind.kind)
        object["metadata"] = [
            "name": .string(name), "resourceVersion": "1", "creationTimestamp": "1970-01-01T00:00:00Z",
            "uid": .string("00000000-0000-4000-8000-00000000000\(number)"),
            "labels": ["kubernetes.io/bootstrapping": "rbac-defaults"],
            "annotations": ["rbac.authorization.kubernetes.io/autoupdate": "true"],
        ]
        return (ObjectKey(kind, namespace: "", name: name), object)
    }

    private static func json(_ rule: PolicyRule) -> JSON {
        [
            "apiGroups": .array(rule.groups.map(JSON.string)),
            "resources": .array(rule.resources.map(JSON.string)),
            "verbs": .array(rule.verbs.map(JSON.string)),
        ]
    }

    private static let everyPath: JSON = ["nonResourceURLs": ["*"], "verbs": ["*"]]
    private static let everything = [PolicyRule(groups: ["*"], resources: ["*"], verbs: ["*"])]

    private static let reading = ["get", "list", "watch"]
    private static let writing = ["create", "delete", "deletecollection", "patch", "update"]

    private static func rule(_ group: String, _ resources: String, _ verbs: [String]) -> PolicyRule {
        PolicyRule(
            groups: [group], resources: resources.split(whereSeparator: \.isWhitespace).map(String.init),
            verbs: verbs)
    }

    private static let workloads =
        "daemonsets deployments deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale"
    private static let content = "configmaps persistentvolumeclaims serviceaccounts services"

    private static let view = [
        rule(
            "", "\(content) endpoints persistentvolumeclaims/status pods replicationcontrollers "
                + "replicationcontrollers/scale services/status bindings events limitranges "
                + "namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas "
                + "resourcequotas/status namespaces",
            reading),
        rule("discovery.k8s.io", "endpointslices", reading),
        rule(
            "apps", "\(workloads) controllerrevisions daemonsets/status deployments/status "
                + "replicasets/status statefulsets/status",
            reading),
        rule("autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", reading),
        rule("batch", "cronjobs cronjobs/status jobs jobs/status", reading),
        rule("policy", "poddisruptionbudgets poddisruptionbudgets/status", reading),
        rule("networking.k8s.io", "ingresses ingresses/status networkpolicies", reading),
    ]

    private static let edit = view + [
        rule("", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", reading),
        rule("", "serviceaccounts", ["impersonate"]),
        rule(
            "", "\(content) events pods pods/attach pods/exec pods/portforward pods/proxy "
                + "replicationcontrollers replicationcontrollers/scale secrets services/proxy",
            writing),
        rule("", "pods/eviction serviceaccounts/token", ["create"]),
        rule("apps", "\(workloads) deployments/rollback", writing),
        rule("autoscaling", "horizontalpodautoscalers", writing),
        rule("batch", "cronjobs jobs", writing),
        rule("policy", "poddisruptionbudgets", writing),
        rule("networking.k8s.io", "ingresses networkpolicies", writing),
        rule("coordination.k8s.io", "leases", reading + writing),
    ]

    private static let admin = edit + [
        rule("authorization.k8s.io", "localsubjectaccessreviews", ["create"]),
        rule(AccessRules.group, "rolebindings roles", reading + writing),
    ]
}
