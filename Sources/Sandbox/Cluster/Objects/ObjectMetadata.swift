import JSON

/// The parts of `metadata` that the cluster itself looks at
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/).
extension JSON {
    package var name: String { at("metadata", "name")?.string ?? "" }
    package var namespace: String { at("metadata", "namespace")?.string ?? "" }
    package var uid: String { at("metadata", "uid")?.string ?? "" }
    package var generation: Int { at("metadata", "generation")?.int ?? 0 }
    /// 0 when there is none.
    package var resourceVersion: Int { Int(at("metadata", "resourceVersion")?.string ?? "") ?? 0 }
    package var labels: [String: String] { strings(at: "labels") }
    package var annotations: [String: String] { strings(at: "annotations") }
    package var ownerReferences: [JSON] { at("metadata", "ownerReferences")?.array ?? [] }
    package var finalizers: [String] { at("metadata", "finalizers")?.array?.compactMap(\.string) ?? [] }
    /// A deletion was asked for; the object stays until its finalizers, or the node, let it go.
    package var isBeingDeleted: Bool { at("metadata", "deletionTimestamp")?.string != nil }

    /// The owner with `controller: true`; nil when nobody controls the object.
    package var controllerUID: String? {
        ownerReferences.first { $0["controller"]?.bool == true }?["uid"]?.string
    }

    private func strings(at key: String) -> [String: String] {
        (at("metadata", key)?.object ?? [:]).compactMapValues(\.string)
    }

    /// Puts a value at a path and makes the objects on the way; nil removes what is there.
    package mutating func set(_ value: JSON?, at path: String...) { set(value, at: path[...]) }

    package mutating func set(_ value: JSON?, at path: ArraySlice<String>) {
        guard let key = path.first else { return }
        if object == nil { self = .object([:]) }
        guard path.count > 1 else {
            self[key] = value
            return
        }
        guard value != nil || self[key] != nil else { return }
        var child = self[key] ?? .object([:])
        child.set(value, at: path.dropFirst())
        self[key] = child
    }
}
