import JSON

/// Who set which fields of an object: `metadata.managedFields`
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
struct ManagedFields {
    /// Entries of updates beyond this are merged into one, oldest first, as Kubernetes does.
    static let maxUpdateManagers = 10
    static let mergedManager = "ancient-changes"

    enum Operation: String, Sendable { case apply = "Apply", update = "Update" }

    struct Owner: Hashable, Sendable {
        let manager: String
        let operation: Operation
        /// `status` or `scale`; empty for the object itself.
        let subresource: String
        let apiVersion: String
    }

    struct Claim: Equatable {
        var set: FieldSet
        var time: String
    }

    var claims: [Owner: Claim] = [:]

    init(of object: JSON?) {
        for entry in object?.at("metadata", "managedFields")?.array ?? [] {
            guard let manager = entry["manager"]?.string,
                let operation = entry["operation"]?.string.flatMap(Operation.init)
            else { continue }
            let owner = Owner(
                manager: manager, operation: operation, subresource: entry["subresource"]?.string ?? "",
                apiVersion: entry["apiVersion"]?.string ?? "")
            claims[owner] = Claim(
                set: FieldSet(fieldsV1: entry["fieldsV1"] ?? [:]), time: entry["time"]?.string ?? "")
        }
    }

    /// The set of one owner, or nil to let go of everything. `time` counts as the moment of the change.
    mutating func set(_ set: FieldSet, for owner: Owner, time: String) {
        claims[owner] = set.isEmpty ? nil : Claim(set: set, time: time)
    }

    /// Takes fields that others now own, or that are gone, away from everybody but `owner`.
    mutating func release(_ fields: FieldSet, exceptFrom owner: Owner) {
        guard !fields.isEmpty else { return }
        for (other, claim) in claims where other != owner {
            let left = claim.set.subtracting(fields)
            claims[other]?.set = left
            if left.isEmpty { claims[other] = nil }
        }
    }

    /// The array for `metadata.managedFields`; nil when there is nothing to say.
    func encoded() -> JSON? {
        let claims = capped().sorted { left, right in
            let (a, b) = (left.key, right.key)
            return (a.operation.rawValue, left.value.time, a.manager, a.subresource)
                < (b.operation.rawValue, right.value.time, b.manager, b.subresource)
        }
        if claims.isEmpty { return nil }
        return .array(claims.map { owner, claim in
            var entry: JSON = [
                "manager": .string(owner.manager), "operation": .string(owner.operation.rawValue),
                "apiVersion": .string(owner.apiVersion), "time": .string(claim.time),
                "fieldsType": "FieldsV1", "fieldsV1": claim.set.fieldsV1,
            ]
            if !owner.subresource.isEmpty { entry["subresource"] = .string(owner.subresource) }
            return entry
        })
    }

    private func capped() -> [Owner: Claim] {
        let updates = claims.filter { $0.key.operation == .update && $0.key.manager != Self.mergedManager }
        guard updates.count > Self.maxUpdateManagers, let apiVersion = updates.first?.key.apiVersion else {
            return claims
        }
        let merged = Owner(
            manager: Self.mergedManager, operation: .update, subresource: "", apiVersion: apiVersion)
        var result = claims
        let oldest = updates.sorted { ($0.value.time, $0.key.manager) < ($1.value.time, $1.key.manager) }
        for (owner, claim) in oldest.prefix(updates.count - Self.maxUpdateManagers + 1) {
            result[owner] = nil
            let earlier = result[merged]?.set ?? .empty
            result[merged] = Claim(set: earlier.union(claim.set), time: claim.time)
        }
        return result
    }

    // MARK: What is never owned

    /// Without the fields that the cluster itself keeps, and those that this way in does not write.
    static func ownable(_ set: FieldSet, _ kind: ResourceKind, _ scope: WriteScope) -> FieldSet {
        var result = set
        result[.field("apiVersion")] = .empty
        result[.field("kind")] = .empty
        var metadata = result[.field("metadata")]
        metadata.isMember = false
        for name in storeFields { metadata[.field(name)] = .empty }
        result[.field("metadata")] = metadata
        switch scope {
        case .object, .scale:
            if kind.hasStatus { result[.field("status")] = .empty }
        case .status:
            let annotations = result.only([.field("metadata"), .field("annotations")])
            result = annotations.union(result.only([.field("status")]))
        }
        return result
    }

    private static let storeFields = [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields",
        "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds",
    ]

    // MARK: Updates

    /// The new object with its `managedFields`, after a write that states the whole object.
    static func track(
        _ object: JSON, from live: JSON?, _ kind: ResourceKind, _ scope: WriteScope, by manager: String,
        time: String
    ) -> JSON {
        let type = SchemaType.structure(Schema.structure(of: kind))
        if let live, live.hasNoOwners || object.clearsOwners {
            // Nobody's fields are anybody's again with the next apply, not before.
            return object.withoutManagedFields
        }
        // A new object is compared with one that has the parts that every object of its kind has.
        let before = live ?? Defaults.skeleton(of: kind)
        let comparison = Comparison(from: before.withoutManagedFields, to: object.withoutManagedFields, type)
        let owner = Owner(
            manager: manager, operation: .update, subresource: scope.rawValue,
            apiVersion: kind.apiVersion)
        var fields = ManagedFields(of: live)
        let changed = ownable(comparison.added.union(comparison.modified), kind, scope)
        fields.release(changed.union(comparison.removed), exceptFrom: owner)
        let earlier = fields.claims[owner]
        let set = (earlier?.set ?? .empty).subtracting(comparison.removed).union(changed)
        fields.set(set, for: owner, time: changed.isEmpty ? earlier?.time ?? time : time)
        var object = object
        object.set(fields.encoded(), at: "metadata", "managedFields")
        return object
    }
}

extension JSON {
    var hasNoOwners: Bool { (at("metadata", "managedFields")?.array ?? []).isEmpty }

    /// A list of nothing, or of one empty entry, takes all owners away
    /// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#clearing-managedfields).
    var clearsOwners: Bool {
        guard let entries = at("metadata", "managedFields")?.array else { return false }
        return entries.isEmpty || entries == [[:]]
    }

    var withoutManagedFields: JSON {
        var copy = self
        copy.set(nil, at: "metadata", "managedFields")
        return copy
    }

    /// For telling whether a write changes anything: the moment of a claim alone does not.
    var withoutTimesOfClaims: JSON {
        guard let entries = at("metadata", "managedFields")?.array else { return self }
        var copy = self
        copy.set(.array(entries.map { entry in
            var entry = entry
            entry["time"] = nil
            return entry
        }), at: "metadata", "managedFields")
        return copy
    }
}
