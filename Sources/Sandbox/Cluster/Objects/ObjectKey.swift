/// What names one object: its kind, its namespace (empty for kinds that have none) and its name.
package struct ObjectKey: Sendable, Hashable {
    package let kind: ResourceKind
    package let namespace: String
    package let name: String

    package init(_ kind: ResourceKind, namespace: String, name: String) {
        self.kind = kind
        self.namespace = kind.isNamespaced ? namespace : ""
        self.name = name
    }

    /// `namespace/name`: lists are ordered by it, as etcd orders its keys.
    var position: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}

extension ObjectKey: Comparable {
    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.position < right.position
    }
}
