import HTTP
import JSON

/// `DELETE` of one object and of many.
struct DeleteRoute: Sendable {
    let store: ObjectStore

    func delete(_ call: APICall) async throws(APIError) -> HTTPResponse {
        let (options, isDryRun) = try options(call)
        let (object, isGone) = try await store.delete(
            call.kind, namespace: call.path.namespace ?? "", name: call.path.name ?? "", options,
            dryRun: isDryRun)
        guard isGone, call.kind != .pod else { return .json(200, object) }
        var details = APIError.details(call.kind, name: object.name)
        details["uid"] = .string(object.uid)
        return .json(
            200,
            [
                "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
                "details": details,
            ])
    }

    func deleteCollection(_ call: APICall) async throws(APIError) -> HTTPResponse {
        let (options, isDryRun) = try options(call)
        let filter = try call.filter()
        if call.kind == .namespace {
            throw APIError(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource",
                details: [:])
        }
        let found = await store.list(call.kind, filter)
        for object in found.items {
            do throws(APIError) {
                try await store.delete(
                    call.kind, namespace: object.namespace, name: object.name, options, dryRun: isDryRun)
            } catch where error.isNotFound {
                // Somebody else was faster; gone is gone.
                continue
            }
        }
        return .json(
            200,
            [
                "kind": .string("\(call.kind.kind)List"), "apiVersion": .string(call.kind.apiVersion),
                "metadata": ["resourceVersion": .string(String(found.resourceVersion))],
                "items": .array(found.items),
            ])
    }

    /// From the body, a `DeleteOptions`, or else from the query.
    private func options(_ call: APICall) throws(APIError) -> (DeleteOptions, isDryRun: Bool) {
        var isDryRun = try call.isDryRun("DeleteOptions")
        let body = call.body.isEmpty ? [:] : try RequestBody(call: call).parsed()
        if let kind = body["kind"]?.string, kind != "DeleteOptions" {
            throw .badRequest(
                "the kind in the data (\(kind)) does not match the expected kind (DeleteOptions)")
        }
        if let values = body["dryRun"]?.array, !values.isEmpty { isDryRun = true }
        // Jobs leave their pods behind unless the client says otherwise, as they always have.
        var options = DeleteOptions(propagation: call.kind == .job ? .orphan : .background)
        options.uid = body.at("preconditions", "uid")?.string
        options.resourceVersion = body.at("preconditions", "resourceVersion")?.string
        let seconds = try call.query.number("gracePeriodSeconds")
        options.gracePeriodSeconds = body["gracePeriodSeconds"]?.int ?? seconds
        if let seconds = options.gracePeriodSeconds, seconds < 0 {
            throw APICall.invalidOptions(
                "DeleteOptions",
                [.invalid("gracePeriodSeconds", .int(seconds), "must be greater than or equal to 0")])
        }
        if let policy = body["propagationPolicy"]?.string ?? call.query["propagationPolicy"] {
            guard let propagation = DeleteOptions.Propagation(rawValue: policy) else {
                throw APICall.invalidOptions(
                    "DeleteOptions",
                    [
                        .unsupported(
                            "propagationPolicy", .string(policy),
                            supported: ["Background", "Foreground", "Orphan"])
                    ])
            }
            options.propagation = propagation
        }
        return (options, isDryRun)
    }
}
