import HTTP

/// What a rule of a role grants: a verb on a resource.
package struct APIPermission: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let verb: String
    package let group: String
    /// The plural: `deployments`.
    package let resource: String
    /// `scale`, `log`; empty for the resource itself.
    package let subresource: String

    package init(_ verb: String, group: String, resource: String, subresource: String = "") {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
    }

    /// As rules write it: `deployments/scale`.
    package var qualifiedResource: String { subresource.isEmpty ? resource : "\(resource)/\(subresource)" }

    package var description: String { "\(verb) \(qualifiedResource)" + (group.isEmpty ? "" : ".\(group)") }

    package static func < (left: APIPermission, right: APIPermission) -> Bool {
        (left.group, left.qualifiedResource, left.verb) < (right.group, right.qualifiedResource, right.verb)
    }
}

/// One thing that somebody wants to do
/// (https://kubernetes.io/docs/reference/access-authn-authz/authorization/#review-your-request-attributes).
struct AccessRequest: Sendable {
    var permission: APIPermission
    /// Empty for what is outside of namespaces, and for all of them together.
    var namespace = ""
    /// Empty for a collection.
    var name = ""

    init(_ permission: APIPermission, namespace: String, name: String) {
        self.permission = permission
        self.namespace = namespace
        self.name = name
    }

    /// Nil for a request that is not about objects. Known kinds and unknown ones are read alike: rights come
    /// before the question whether there is such a thing.
    init?(_ request: HTTPRequest, path: String, query: APIQuery) {
        var parts = path.split(separator: "/").map { PercentCoding.decode(String($0)) }[...]
        var group = ""
        switch parts.popFirst() {
        case "api": break
        case "apis": group = parts.popFirst() ?? ""
        default: return nil
        }
        guard parts.popFirst() != nil, !parts.isEmpty else { return nil }
        if parts.first == "namespaces", parts.count > 1 {
            namespace = parts[parts.startIndex + 1]
            if parts.count > 2, !["status", "finalize"].contains(parts[parts.startIndex + 2]) {
                parts = parts.dropFirst(2)
            }
        }
        let resource = parts.popFirst() ?? ""
        name = parts.popFirst() ?? ""
        let subresource = parts.popFirst() ?? ""
        let isCollection = name.isEmpty
        // A list of the one object with this name counts as a request for that object.
        let field = query["fieldSelector"] ?? ""
        if isCollection, field.hasPrefix("metadata.name="), !field.contains(",") {
            name = String(field.dropFirst("metadata.name=".count))
        }
        permission = APIPermission(
            Self.verb(request.method, isCollection, watches: query.flag("watch")), group: group,
            resource: resource, subresource: subresource)
    }

    private static func verb(_ method: String, _ isCollection: Bool, watches: Bool) -> String {
        switch method {
        case "GET" where watches: "watch"
        case "GET", "HEAD": isCollection ? "list" : "get"
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": isCollection ? "deletecollection" : "delete"
        default: method.lowercased()
        }
    }
}
