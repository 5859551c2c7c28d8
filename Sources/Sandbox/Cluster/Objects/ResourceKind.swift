/// One row of the kinds that the embedded cluster knows; every other kind answers 404.
package struct ResourceKind: Sendable {
    package let group: String
    package let version: String
    package let kind: String
    package let plural: String
    package let shortNames: [String]
    package let isNamespaced: Bool
    /// `/status` exists, and writes to the object itself leave its status alone.
    package let hasStatus: Bool
    /// `metadata.generation` counts changes of the spec.
    package let hasGeneration: Bool

    /// `apps/v1`, or `v1` for the core group.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    /// How errors name the collection: `deployments.apps`, `pods`.
    package var qualifiedPlural: String { group.isEmpty ? plural : "\(plural).\(group)" }
    /// How errors name the kind: `Deployment.apps`, `Pod`.
    package var qualifiedKind: String { group.isEmpty ? kind : "\(kind).\(group)" }
    package var singular: String { kind.lowercased() }

    init(
        _ apiVersion: String, _ kind: String, _ plural: String, _ shortNames: [String] = [],
        namespaced: Bool = true, status: Bool = false, generation: Bool = false
    ) {
        let parts = apiVersion.split(separator: "/")
        group = parts.count == 2 ? String(parts[0]) : ""
        version = String(parts[parts.count - 1])
        self.kind = kind
        self.plural = plural
        self.shortNames = shortNames
        isNamespaced = namespaced
        hasStatus = status
        hasGeneration = generation
    }
}

extension ResourceKind: Hashable {
    // Group and plural name a kind; hashing the other fields would only cost time.
    package static func == (left: ResourceKind, right: ResourceKind) -> Bool {
        left.plural == right.plural && left.group == right.group
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(plural)
    }
}
