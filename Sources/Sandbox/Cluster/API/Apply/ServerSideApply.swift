import JSON

/// One server-side apply: what a manager wants of an object, and nothing else
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
struct ServerSideApply {
    let kind: ResourceKind
    let scope: WriteScope
    let manager: String
    /// Take fields from other managers instead of refusing.
    let force: Bool
    let time: String

    private var type: SchemaType { .structure(Schema.structure(of: kind)) }

    /// - Parameters:
    ///   - live: the object as it is; nil when this apply creates it.
    ///   - config: what is wanted, already checked against the schema.
    /// - Returns: the object with its `managedFields`, before defaults.
    /// - Throws: 409 with one cause per field that another manager has set to another value.
    func apply(_ config: JSON, to live: JSON?) throws(APIError) -> JSON {
        let before = (live ?? [:]).withoutManagedFields
        var fields = ManagedFields(of: live)
        let owner = ManagedFields.Owner(
            manager: manager, operation: .apply, subresource: scope.rawValue, apiVersion: kind.apiVersion)
        if let live, live.hasNoOwners {
            let first = ManagedFields.Owner(
                manager: "before-first-apply", operation: .update, subresource: "", apiVersion: kind.apiVersion)
            fields.set(ManagedFields.ownable(type.fieldSet(before), kind, .object), for: first, time: time)
        }
        let earlier = fields.claims[owner]
        let set = ManagedFields.ownable(type.fieldSet(config), kind, scope)
        fields.set(set, for: owner, time: time)

        var object = type.merge(before, config)
        if let earlier { object = prune(object, earlier.set, fields) }
        let comparison = Comparison(from: before, to: object, type)
        let changed = ManagedFields.ownable(comparison.added.union(comparison.modified), kind, scope)
        if !force { try refuseConflicts(changed, fields, owner) }
        fields.release(changed.union(comparison.removed), exceptFrom: owner)
        object.set(fields.encoded(), at: "metadata", "managedFields")
        return object
    }

    /// Takes out what this manager applied before, does not apply now, and nobody else owns.
    private func prune(_ object: JSON, _ earlier: FieldSet, _ fields: ManagedFields) -> JSON {
        let owned = fields.claims.values.reduce(FieldSet.empty) { $0.union($1.set) }
        let dropped = type.withNamedFields(earlier).subtracting(type.withNamedFields(owned))
        return type.remove(dropped, from: object) ?? [:]
    }

    private func refuseConflicts(
        _ changed: FieldSet, _ fields: ManagedFields, _ owner: ManagedFields.Owner
    ) throws(APIError) {
        let others = fields.claims.filter { $0.key != owner }.map { other, claim in
            (name: Self.describe(other), paths: claim.set.intersection(changed).paths)
        }
        let conflicts = others.filter { !$0.paths.isEmpty }.sorted { $0.name < $1.name }
        if conflicts.isEmpty { return }
        let causes = conflicts.flatMap { conflict in
            conflict.paths.map { path -> JSON in
                [
                    "reason": "FieldManagerConflict", "message": .string("conflict with \(conflict.name)"),
                    "field": .string(path),
                ]
            }
        }
        let message =
            causes.count == 1
            ? "Apply failed with 1 conflict: conflict with \(conflicts[0].name): \(conflicts[0].paths[0])"
            : "Apply failed with \(causes.count) conflicts: "
                + conflicts.map { conflict in
                    "conflicts with \(conflict.name):\n"
                        + conflict.paths.map { "- \($0)" }.joined(separator: "\n")
                }.joined(separator: "\n")
        throw APIError(409, "Conflict", message, details: ["causes": .array(causes)])
    }

    private static func describe(_ owner: ManagedFields.Owner) -> String {
        var text = "\"\(owner.manager)\""
        if !owner.subresource.isEmpty { text += " with subresource \"\(owner.subresource)\"" }
        if owner.operation == .update { text += " using \(owner.apiVersion)" }
        return text
    }
}
