import HTTP
import JSON

/// `…/scale`: the number of replicas alone, for `kubectl scale`.
struct ScaleRoute: Sendable {
    let store: ObjectStore

    func answer(_ call: APICall, name: String) async throws(APIError) -> HTTPResponse {
        let namespace = call.path.namespace ?? ""
        let wanted: JSON
        switch call.method {
        case "GET":
            return .json(200, scale(of: try await store.get(call.kind, namespace: namespace, name: name)))
        case "PUT", "PATCH": wanted = try RequestBody(call: call).parsed()
        default:
            throw APIError(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource",
                details: [:])
        }
        if call.method == "PATCH", call.contentType != "application/merge-patch+json" {
            throw RequestBody.unsupportedMedia(["application/merge-patch+json"])
        }
        guard let replicas = wanted.at("spec", "replicas")?.int else {
            throw .badRequest("the body says no spec.replicas")
        }
        let rules = call.rules(isDryRun: try call.isDryRun("UpdateOptions"))
        let key = ObjectKey(call.kind, namespace: namespace, name: name)
        let object = try await store.write(key, scope: .scale, by: call.manager, rules) {
            (live) throws(APIError) in
            guard var object = live else { throw .notFound(key.kind, name) }
            try WriteRoutes.checkVersion(of: wanted, object, key)
            object.set(.int(replicas), at: "spec", "replicas")
            return object
        }
        return .json(200, scale(of: object))
    }

    private func scale(of object: JSON) -> JSON {
        let labels = object.at("spec", "selector", "matchLabels")?.object ?? [:]
        let selector = labels.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        var metadata: JSON = [:]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object.at("metadata", field)
        }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
            "spec": ["replicas": object.at("spec", "replicas") ?? 0],
            "status": ["replicas": object.at("status", "replicas") ?? 0, "selector": .string(selector)],
        ]
    }
}
