import JSON

/// Role based access control: what the roles bound to a user allow
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).
extension ObjectStore {
    func allows(_ user: APIUser, _ request: AccessRequest) -> Bool {
        user.mayDoEverything
            || heldRules(of: user, in: request.namespace).contains { $0.allows(request) }
    }

    /// What a user may do in a namespace; with an empty one, what it may do in all of them.
    func heldRules(of user: APIUser, in namespace: String) -> [PolicyRule] {
        let everywhere = (objects[.clusterRoleBinding] ?? [:]).values.filter { binds($0, user) }
        let here = (keysByNamespace[namespace] ?? []).filter { $0.kind == .roleBinding }.compactMap(object)
            .filter { binds($0, user) }
        return (everywhere + here).flatMap { binding in
            // A binding to a role that is gone grants nothing.
            role(of: binding).flatMap(object).map(PolicyRule.rules) ?? []
        }
    }

    private func binds(_ binding: JSON, _ user: APIUser) -> Bool {
        (binding["subjects"]?.array ?? []).contains { subject in
            guard let name = subject["name"]?.string else { return false }
            switch subject["kind"] {
            case "User": return name == user.name
            case "Group": return user.groups.contains(name)
            case "ServiceAccount":
                let namespace = subject["namespace"]?.string ?? binding.namespace
                return user.name == "system:serviceaccount:\(namespace):\(name)"
            default: return false
            }
        }
    }

    private func role(of binding: JSON) -> ObjectKey? {
        let ref = binding["roleRef"] ?? [:]
        guard let name = ref["name"]?.string else { return nil }
        switch ref["kind"] {
        case "Role": return ObjectKey(.role, namespace: binding.namespace, name: name)
        case "ClusterRole": return ObjectKey(.clusterRole, namespace: "", name: name)
        default: return nil
        }
    }

    // MARK: Writes

    /// Server-side apply is a patch that may create, so creating needs its own right.
    func checkMayCreate(_ key: ObjectKey, _ caller: Caller) throws(APIError) {
        let permission = APIPermission("create", group: key.kind.group, resource: key.kind.plural)
        let isScope = key.kind == .namespace
        let request = AccessRequest(
            permission, namespace: isScope ? key.name : key.namespace, name: key.name)
        guard allows(caller.user, request) else { throw .forbidden(key.kind, key.name, "") }
        caller.log.note(permission, by: caller.user)
    }

    /// Nobody may grant what they do not have, unless they have `escalate` or `bind`
    /// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/, privilege escalation prevention).
    func checkEscalation(_ object: JSON, at key: ObjectKey, _ caller: Caller) throws(APIError) {
        let granted: [PolicyRule]
        switch key.kind {
        case .role, .clusterRole:
            if may("escalate", key, in: key.namespace, caller) { return }
            granted = PolicyRule.rules(of: object)
        case .roleBinding, .clusterRoleBinding:
            guard let role = role(of: object) else { return }
            if may("bind", role, in: key.namespace, caller) { return }
            guard let found = self.object(role) else { throw .notFound(role.kind, role.name) }
            granted = PolicyRule.rules(of: found)
        default: return
        }
        let held = heldRules(of: caller.user, in: key.namespace)
        let missing = granted.flatMap { $0.missing(from: held) }
        if missing.isEmpty || caller.user.mayDoEverything { return }
        throw .forbidden(
            key.kind, key.name,
            "user \(JSON.string(caller.user.name).text) (groups=\(PolicyRule.quoted(caller.user.groups))) is "
                + "attempting to grant RBAC permissions not currently held:\n"
                + Set(missing.map(\.text)).sorted().joined(separator: "\n"))
    }

    private func may(_ verb: String, _ role: ObjectKey, in namespace: String, _ caller: Caller) -> Bool {
        let permission = APIPermission(verb, group: role.kind.group, resource: role.kind.plural)
        let request = AccessRequest(permission, namespace: namespace, name: role.name)
        guard allows(caller.user, request) else { return false }
        caller.log.note(permission, by: caller.user)
        return true
    }
}

extension APIError {
    static func forbidden(_ kind: ResourceKind, _ name: String, _ reason: String) -> APIError {
        APIError(
            403, "Forbidden", "\(kind.qualifiedPlural) \"\(name)\" is forbidden: \(reason)",
            details: details(kind, name: name))
    }

    /// The sentence that names what the user lacks.
    static func forbidden(_ request: AccessRequest, _ user: APIUser) -> APIError {
        let wanted = request.permission
        let place = request.namespace.isEmpty
            ? "at the cluster scope" : "in the namespace \"\(request.namespace)\""
        let plural = wanted.group.isEmpty ? wanted.resource : "\(wanted.resource).\(wanted.group)"
        var details: JSON = ["kind": .string(wanted.resource)]
        if !wanted.group.isEmpty { details["group"] = .string(wanted.group) }
        if !request.name.isEmpty { details["name"] = .string(request.name) }
        return APIError(
            403, "Forbidden",
            "\(plural)\(request.name.isEmpty ? "" : " \"\(request.name)\"") is forbidden: "
                + "User \"\(user.name)\" cannot \(wanted.verb) resource \"\(wanted.qualifiedResource)\" "
                + "in API group \"\(wanted.group)\" \(place)",
            details: details)
    }

    static func forbidden(path: String, method: String, _ user: APIUser) -> APIError {
        APIError(
            403, "Forbidden",
            "forbidden: User \"\(user.name)\" cannot \(method.lowercased()) path \"\(path)\"", details: [:])
    }
}
