/// What an account would need to be allowed, as the API server's authorizer words it
/// (https://kubernetes.io/docs/reference/access-authn-authz/authorization/#request-verb-resource).
package struct MissingPermission: Sendable, Hashable {
    /// `system:serviceaccount:NAMESPACE:NAME` for a service account.
    package let account: String
    /// `get`, `list`, `patch`, …
    package let verb: String
    /// The plural, with a subresource behind a slash: `deployments`, `pods/log`.
    package let resource: String
    /// Empty for the core API.
    package let group: String
    /// Nil when the request was for the whole cluster.
    package let namespace: String?

    /// - Parameter message: of a `Status` with code 403. Nil when it is about something else, such as a quota
    ///   or the wish to grant more than one has.
    package init?(message: String) {
        // deployments.apps "cats" is forbidden: User "U" cannot get resource "deployments" in API group "apps"
        // in the namespace "N" (or: at the cluster scope)
        var rest = message[...]
        func next(_ words: String) -> String? {
            guard let start = rest.range(of: words), let end = rest[start.upperBound...].firstIndex(of: "\"")
            else { return nil }
            defer { rest = rest[rest.index(after: end)...] }
            return String(rest[start.upperBound..<end])
        }
        guard let account = next("User \""), rest.hasPrefix(" cannot ") else { return nil }
        verb = String(rest.dropFirst(" cannot ".count).prefix { $0 != " " })
        guard !verb.isEmpty, let resource = next(" resource \""), let group = next(" in API group \"") else {
            return nil
        }
        self.account = account
        self.resource = resource
        self.group = group
        namespace = rest.hasPrefix(" in the namespace \"") ? next(" in the namespace \"") : nil
    }

    /// The rule that is missing, for whoever gives rights.
    package var sentence: String {
        let place = namespace.map { "in the namespace \($0)" } ?? "in the whole cluster"
        let api = group.isEmpty ? "the core API group" : "API group \(group)"
        return "\(account) may not “\(verb)” \(resource) (\(api)) \(place); give its role this verb on this resource."
    }
}
