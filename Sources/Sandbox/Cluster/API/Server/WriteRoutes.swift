import HTTP
import JSON

/// `POST` and `PUT`.
struct WriteRoutes: Sendable {
    let store: ObjectStore

    func create(_ call: APICall) async throws(APIError) -> HTTPResponse {
        if call.kind.isNamespaced, call.path.namespace == nil {
            throw .badRequest("an empty namespace may not be set during creation")
        }
        let isDryRun = try call.isDryRun("CreateOptions")
        try call.checkManager("CreateOptions")
        var object = try RequestBody(call: call).object()
        guard object.at("metadata", "resourceVersion") == nil else {
            throw .badRequest("resourceVersion should not be set on objects to be created")
        }
        if call.kind.hasStatus { object["status"] = nil }
        object.set(nil, at: "metadata", "managedFields")
        object.set(call.path.namespace.map(JSON.string), at: "metadata", "namespace")
        let created = try await store.create(
            call.kind, object, by: call.manager, call.rules(isDryRun: isDryRun))
        return .json(201, call.wantsTable ? ObjectTable(call.kind, store.now()).table([created]) : created)
    }

    func update(_ call: APICall) async throws(APIError) -> HTTPResponse {
        let isDryRun = try call.isDryRun("UpdateOptions")
        try call.checkManager("UpdateOptions")
        let object = try RequestBody(call: call).object()
        let key = ObjectKey(
            call.kind, namespace: call.path.namespace ?? "", name: call.path.name ?? "")
        let rules = call.rules(isDryRun: isDryRun)
        let updated = try await store.write(key, scope: call.scope, by: call.manager, rules) {
            (live) throws(APIError) in
            guard let live else { throw .notFound(key.kind, key.name) }
            if key.kind == .lease || key.kind.isCustom, object.resourceVersion == 0 {
                throw .invalid(
                    qualifiedKind: key.kind.qualifiedPlural,
                    [.invalid("metadata.resourceVersion", 0, "must be specified for an update")],
                    details: APIError.details(key.kind, name: key.name), name: key.name)
            }
            try Self.checkVersion(of: object, live, key)
            return object
        }
        return .json(200, updated)
    }

    /// A `resourceVersion` or `uid` in a written object says which version of it was read.
    static func checkVersion(of object: JSON, _ live: JSON, _ key: ObjectKey) throws(APIError) {
        if let version = object.at("metadata", "resourceVersion")?.string, !version.isEmpty, version != "0",
            version != String(live.resourceVersion)
        {
            throw .stale(key.kind, key.name)
        }
        if !object.uid.isEmpty, object.uid != live.uid {
            throw APIError(
                409, "Conflict",
                "Operation cannot be fulfilled on \(key.kind.qualifiedPlural) \"\(key.name)\": Precondition "
                    + "failed: UID in precondition: \(object.uid), UID in object meta: \(live.uid)",
                details: APIError.details(key.kind, name: key.name))
        }
    }
}
