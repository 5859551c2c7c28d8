import JSON

/// Rules between the fields of roles and of their bindings
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).
enum AccessRules {
    static let group = "rbac.authorization.k8s.io"

    static func roleErrors(in role: JSON, _ kind: ResourceKind) -> [FieldError] {
        (role["rules"]?.array ?? []).enumerated().flatMap { index, rule -> [FieldError] in
            let path = "rules[\(index)]"
            func isEmpty(_ field: String) -> Bool { (rule[field]?.array ?? []).isEmpty }
            var errors: [FieldError] = []
            if isEmpty("verbs") {
                errors.append(.required("\(path).verbs", "verbs must contain at least one value"))
            }
            if !isEmpty("nonResourceURLs") {
                if kind == .role {
                    errors.append(.invalid(
                        "\(path).nonResourceURLs", rule["nonResourceURLs"] ?? [],
                        "namespaced rules cannot apply to non-resource URLs"))
                }
                if !isEmpty("apiGroups") || !isEmpty("resources") || !isEmpty("resourceNames") {
                    errors.append(.invalid(
                        "\(path).nonResourceURLs", rule["nonResourceURLs"] ?? [],
                        "rules cannot apply to both regular resources and non-resource URLs"))
                }
                return errors
            }
            if isEmpty("apiGroups") {
                errors.append(.required(
                    "\(path).apiGroups", "resource rules must supply at least one api group"))
            }
            if isEmpty("resources") {
                errors.append(.required(
                    "\(path).resources", "resource rules must supply at least one resource"))
            }
            return errors
        }
    }

    static func bindingErrors(in binding: JSON, _ kind: ResourceKind) -> [FieldError] {
        let ref = binding["roleRef"] ?? [:]
        var errors: [FieldError] = []
        if let found = ref["apiGroup"], found != .string(group) {
            errors.append(.unsupported("roleRef.apiGroup", found, supported: [group]))
        }
        let kinds = kind == .roleBinding ? ["ClusterRole", "Role"] : ["ClusterRole"]
        let found = ref["kind"] ?? ""
        if !kinds.contains(found.string ?? "") {
            errors.append(.unsupported("roleRef.kind", found, supported: kinds))
        }
        if (ref["name"]?.string ?? "").isEmpty { errors.append(.required("roleRef.name")) }
        for (index, subject) in (binding["subjects"]?.array ?? []).enumerated() {
            errors += subjectErrors(subject, "subjects[\(index)]", isNamespaced: kind == .roleBinding)
        }
        return errors
    }

    private static func subjectErrors(_ subject: JSON, _ path: String, isNamespaced: Bool) -> [FieldError] {
        let name = subject["name"]?.string ?? ""
        var errors: [FieldError] = name.isEmpty ? [.required("\(path).name")] : []
        let wantedGroup: String
        switch subject["kind"]?.string ?? "" {
        case "ServiceAccount":
            wantedGroup = ""
            if !name.isEmpty {
                errors += StringFormat.subdomain.problems(name).map { .invalid("\(path).name", .string(name), $0) }
            }
            if (subject["namespace"]?.string ?? "").isEmpty, !isNamespaced {
                errors.append(.required("\(path).namespace"))
            }
        case "User", "Group": wantedGroup = group
        default:
            let kinds = ["Group", "ServiceAccount", "User"]
            return errors + [.unsupported("\(path).kind", subject["kind"] ?? "", supported: kinds)]
        }
        let found = subject["apiGroup"]?.string ?? ""
        if found != wantedGroup {
            errors.append(.unsupported("\(path).apiGroup", .string(found), supported: [wantedGroup]))
        }
        return errors
    }

    /// A subject that names no group means the one that its kind is in.
    static func fill(_ binding: inout JSON) {
        guard let subjects = binding["subjects"]?.array else { return }
        binding["subjects"] = .array(subjects.map { subject in
            var subject = subject
            if (subject["apiGroup"]?.string ?? "").isEmpty, subject["kind"] != "ServiceAccount" {
                subject["apiGroup"] = .string(group)
            }
            return subject
        })
    }
}
