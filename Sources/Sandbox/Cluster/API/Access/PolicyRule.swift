import JSON

/// One rule of a role
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole).
struct PolicyRule: Sendable, Hashable {
    var groups: [String]
    var resources: [String]
    /// Empty means all.
    var names: [String] = []
    var verbs: [String]

    init(groups: [String], resources: [String], names: [String] = [], verbs: [String]) {
        self.groups = groups
        self.resources = resources
        self.names = names
        self.verbs = verbs
    }

    init(_ rule: JSON) {
        func texts(_ field: String) -> [String] { (rule[field]?.array ?? []).compactMap(\.string) }
        groups = texts("apiGroups")
        resources = texts("resources")
        names = texts("resourceNames")
        verbs = texts("verbs")
    }

    static func rules(of role: JSON) -> [PolicyRule] { (role["rules"]?.array ?? []).map(PolicyRule.init) }

    func allows(_ request: AccessRequest) -> Bool {
        let wanted = request.permission
        return Self.holds(verbs, wanted.verb) && Self.holds(groups, wanted.group)
            && covers(resource: wanted.qualifiedResource)
            && (names.isEmpty || names.contains(request.name))
    }

    private static func holds(_ list: [String], _ wanted: String) -> Bool {
        list.contains("*") || list.contains(wanted)
    }

    private func covers(resource: String) -> Bool {
        if Self.holds(resources, resource) { return true }
        guard let slash = resource.firstIndex(of: "/") else { return false }
        return resources.contains("*\(resource[slash...])")
    }

    // MARK: Escalation

    /// The parts of this rule that none of `held` covers, as one rule per group, resource and name.
    func missing(from held: [PolicyRule]) -> [PolicyRule] {
        groups.flatMap { group in
            resources.flatMap { resource in
                (names.isEmpty ? [[]] : names.map { [$0] }).compactMap { name -> PolicyRule? in
                    let left = verbs.filter { verb in
                        !held.contains { $0.covers(group: group, resource: resource, name: name, verb: verb) }
                    }
                    return left.isEmpty
                        ? nil : PolicyRule(groups: [group], resources: [resource], names: name, verbs: left)
                }
            }
        }
    }

    private func covers(group: String, resource: String, name: [String], verb: String) -> Bool {
        Self.holds(verbs, verb) && Self.holds(groups, group) && covers(resource: resource)
            && (names.isEmpty || (!name.isEmpty && Set(name).isSubset(of: names)))
    }

    /// As refusals write it: `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}`.
    var text: String {
        let parts = [
            ("APIGroups", groups), ("Resources", resources), ("ResourceNames", names), ("Verbs", verbs),
        ].filter { !$0.1.isEmpty }.map { name, values in "\(name):\(Self.quoted(values))" }
        return "{\(parts.joined(separator: ", "))}"
    }

    static func quoted(_ values: [String]) -> String {
        "[" + values.map { JSON.string($0).text }.joined(separator: " ") + "]"
    }
}
