import JSON

/// One right of the bot's account (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).
package struct Permission: Sendable, Hashable {
    package let group: String
    /// The plural, with the subresource if it is one: `pods/log`.
    package let resource: String
    package let verb: String
    /// Empty for objects of any name.
    package let names: [String]

    init(_ verb: String, group: String, resource: String, names: [String] = []) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.names = names
    }
}

/// Everything that the bot's account may do, and nothing that it does not do. Wherever a new request is made of the
/// API server, its right belongs into this list.
package enum Permissions {
    /// In all namespaces, for apps' namespaces come and go.
    package static let everywhere: [Permission] = putting + watching + explaining + granting

    /// Server-side apply of what is not there yet needs `create` besides `patch`. Before something is removed or put
    /// right it is read. Namespaces stay, and each keeps its one ServiceAccount.
    private static let putting: [Permission] =
        rights(of: KubernetesResource.rendered, ["get", "create", "patch"])
        + rights(
            of: KubernetesResource.rendered.filter { ![.namespaces, .serviceAccounts].contains($0) }, ["delete"])

    /// Roll-outs, and what changes afterwards.
    private static let watching: [Permission] = rights(of: KubernetesResource.rendered + [.pods], ["list", "watch"])

    /// What a failing roll-out, an autoscaler that is left alone and a certificate that waits are explained by.
    private static let explaining: [Permission] =
        rights(
            of: [.events, .horizontalPodAutoscalers, .certificateRequests, .orders, .challenges], ["list"])
        + [Permission("get", group: "", resource: "pods/log")]

    /// The access file's. Nobody may grant a role without the right to bind it.
    private static let granting: [Permission] =
        rights(of: [.roleBindings], ["list", "create", "update", "delete"])
        + [
            Permission(
                "bind", group: KubernetesResource.roleBindings.group, resource: "clusterroles",
                names: AccessLevel.allCases.map(\.rawValue))
        ]

    /// In the bot's own namespace: the Lease. A rule that names objects cannot be about those that are not made yet.
    package static let atHome: [Permission] =
        rights(of: [.leases], ["create"]) + rights(of: [.leases], ["get", "update"], names: [LeaseKeeper.leaseName])

    private static func rights(
        of resources: [KubernetesResource], _ verbs: [String], names: [String] = []
    ) -> [Permission] {
        resources.flatMap { resource in
            verbs.map { Permission($0, group: resource.group, resource: resource.plural, names: names) }
        }
    }

    /// The rules of a role: what has the same verbs shares one.
    static func rules(_ permissions: [Permission]) -> [JSON] {
        struct Subject: Hashable {
            let group: String
            let resource: String
            let names: [String]
        }
        struct Rule: Hashable {
            let group: String
            let names: [String]
            let verbs: [String]
        }
        var verbs: [Subject: Set<String>] = [:]
        for permission in permissions {
            let subject = Subject(group: permission.group, resource: permission.resource, names: permission.names)
            verbs[subject, default: []].insert(permission.verb)
        }
        var resources: [Rule: [String]] = [:]
        for (subject, verbs) in verbs {
            let rule = Rule(group: subject.group, names: subject.names, verbs: verbs.sorted())
            resources[rule, default: []].append(subject.resource)
        }
        func order(_ rule: Rule) -> (String, String, Int) {
            (rule.group, resources[rule]?.min() ?? "", rule.names.count)
        }
        return resources.keys.sorted { order($0) < order($1) }.map { rule in
            .compact([
                "apiGroups": [.string(rule.group)],
                "resources": .array((resources[rule] ?? []).sorted().map(JSON.string)),
                "resourceNames": rule.names.isEmpty ? nil : .array(rule.names.map(JSON.string)),
                "verbs": .array(rule.verbs.map(JSON.string)),
            ])
        }
    }
}
