/// Who talks to the embedded API.
package struct APIUser: Sendable, Hashable {
    package let name: String
    package let groups: [String]

    package init(name: String, groups: [String] = []) {
        self.name = name
        self.groups = groups.contains(Self.everybody) ? groups : groups + [Self.everybody]
    }

    /// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#service-account-tokens)
    package static func serviceAccount(_ name: String, namespace: String) -> APIUser {
        APIUser(
            name: "system:serviceaccount:\(namespace):\(name)",
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)"])
    }

    /// The cluster's owner, who may do everything.
    package static let owner = APIUser(name: "iterapp", groups: ["system:masters"])

    var mayDoEverything: Bool { groups.contains("system:masters") }

    private static let everybody = "system:authenticated"
}
