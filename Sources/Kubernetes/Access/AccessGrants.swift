/// Who may look into which namespaces of apps, and change what is there, as the operators' file says.
package struct AccessGrants: Sendable, Equatable {
    /// By namespace. A level that grants nothing is not there.
    package var namespaces: [String: [AccessLevel: [AccessSubject]]]

    package init(_ namespaces: [String: [AccessLevel: [AccessSubject]]] = [:]) { self.namespaces = namespaces }
}

/// One of the roles that every cluster has for people
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles).
package enum AccessLevel: String, Sendable, CaseIterable {
    case edit, view
}

/// Who gets it, in the words of the cluster's own authentication.
package struct AccessSubject: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case user = "User"
        case group = "Group"
    }

    package let kind: Kind
    package let name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }
}
