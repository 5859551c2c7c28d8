import HTTP
import JSON

/// `PATCH` in the forms that clients here use: server-side apply, merge patch and strategic merge patch.
struct PatchRoute: Sendable {
    let store: ObjectStore

    private static let apply = "application/apply-patch+yaml"
    private static let merge = "application/merge-patch+json"
    private static let strategic = "application/strategic-merge-patch+json"

    func answer(_ call: APICall) async throws(APIError) -> HTTPResponse {
        let isDryRun = try call.isDryRun("PatchOptions")
        switch call.contentType {
        case Self.apply: return try await apply(call, isDryRun)
        case Self.merge:
            return try await merge(call, isDryRun) { live, patch in live.mergePatched(with: patch) }
        case Self.strategic where !call.kind.isCustom:
            let type = SchemaType.structure(Schema.structure(of: call.kind))
            return try await merge(call, isDryRun) { live, patch in
                StrategicMerge.merge(live, patch, type) ?? [:]
            }
        default:
            throw RequestBody.unsupportedMedia(
                [Self.apply, Self.merge] + (call.kind.isCustom ? [] : [Self.strategic]))
        }
    }

    private func key(_ call: APICall) -> ObjectKey {
        ObjectKey(call.kind, namespace: call.path.namespace ?? "", name: call.path.name ?? "")
    }

    // MARK: Server-side apply

    private func apply(_ call: APICall, _ isDryRun: Bool) async throws(APIError) -> HTTPResponse {
        guard let manager = call.query["fieldManager"] else {
            throw APICall.invalidOptions(
                "PatchOptions", [.required("fieldManager", "is required for apply patch")])
        }
        try call.checkManager("PatchOptions")
        let config = try ApplyBody(call: call).config()
        let apply = ServerSideApply(
            kind: call.kind, scope: call.scope, manager: manager, force: call.query.flag("force"),
            time: ObjectStore.timestamp(store.now()))
        let key = key(call)
        let draft = try await draft(config, apply, key)
        var rules = call.rules(isApply: true, isDryRun: isDryRun)
        rules.isPrepared = draft != nil
        let (object, created) = try await store.writeTellingCreation(
            key, scope: call.scope, by: manager, rules
        ) {
            (live) throws(APIError) in
            if let live {
                try WriteRoutes.checkVersion(of: config, live, key)
            } else if call.scope == .status || !config.uid.isEmpty {
                throw .notFound(key.kind, key.name)
            } else if let draft {
                return draft
            }
            return try apply.apply(config.withoutStoreMetadata, to: live)
        }
        return .json(created ? 201 : 200, object)
    }

    /// The object that this apply creates, complete and checked, where there is none yet; made beforehand, beside
    /// the writes of others. Nil where it exists, or where the rules need what only the store knows.
    private func draft(
        _ config: JSON, _ apply: ServerSideApply, _ key: ObjectKey
    ) async throws(APIError) -> JSON? {
        guard apply.scope == .object, config.uid.isEmpty, ![.service, .job].contains(key.kind),
            await store.object(key) == nil
        else { return nil }
        var object = try apply.apply(config.withoutStoreMetadata, to: nil)
        object.set(.string(key.name), at: "metadata", "name")
        if key.kind.isNamespaced { object.set(.string(key.namespace), at: "metadata", "namespace") }
        object = Defaults.fill(object, key.kind)
        let errors = Validation.errors(in: object, replacing: nil, key.kind)
        return errors.isEmpty ? object : nil
    }

    // MARK: Merge patches

    private func merge(
        _ call: APICall, _ isDryRun: Bool, _ merged: @escaping @Sendable (JSON, JSON) -> JSON
    ) async throws(APIError) -> HTTPResponse {
        if call.query["force"] != nil {
            throw APICall.invalidOptions(
                "PatchOptions", [.forbidden("force", "may not be specified for non-apply patch")])
        }
        try call.checkManager("PatchOptions")
        // Null takes a field away here, so it must not be dropped.
        guard let patch = try? JSON.parse(call.body), patch.object != nil else {
            throw .badRequest("the patch is not a JSON object")
        }
        let (key, body) = (key(call), RequestBody(call: call))
        let rules = call.rules(isDryRun: isDryRun)
        let object = try await store.write(key, scope: call.scope, by: call.manager, rules) {
            (live) throws(APIError) in
            guard let live else { throw .notFound(key.kind, key.name) }
            let wanted = merged(live, patch).withoutNulls
            try body.checkIdentity(wanted)
            try WriteRoutes.checkVersion(of: wanted, live, key)
            return try body.decoded(wanted)
        }
        return .json(200, object)
    }
}

extension JSON {
    /// RFC 7396.
    func mergePatched(with patch: JSON) -> JSON {
        guard let changes = patch.object else { return patch }
        var members = object ?? [:]
        for (key, value) in changes {
            members[key] = value.isNull ? nil : (members[key] ?? .null).mergePatched(with: value)
        }
        return .object(members)
    }

    /// An applied object may carry these, but does not set them.
    var withoutStoreMetadata: JSON {
        var copy = self
        for field in ["resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"] {
            copy.set(nil, at: "metadata", field)
        }
        return copy
    }
}
