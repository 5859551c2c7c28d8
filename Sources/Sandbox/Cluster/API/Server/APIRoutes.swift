import Foundation
import HTTP
import JSON

/// From a request to what answers it.
struct APIRoutes: Sendable {
    let store: ObjectStore
    let logs: any PodLogs
    let settings: EmbeddedAPISettings

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let path = request.path.count > 1 && request.path.hasSuffix("/")
            ? String(request.path.dropLast()) : request.path
        if let open = Discovery.open(path) { return open }
        guard APIAccess.allows(request.headers["Authorization"], token: settings.token) else {
            return .error(APIError(401, "Unauthorized", "Unauthorized"))
        }
        if request.method == "GET", let page = Discovery.page(path) { return .json(200, page) }
        guard let resource = ResourcePath(path) else { return .text(404, "404 page not found\n") }
        let call = APICall(
            path: resource, method: request.method, query: APIQuery(request.query),
            headers: request.headers, body: request.body)
        do throws(APIError) {
            return try await answer(call)
        } catch {
            return .error(error)
        }
    }

    private func answer(_ call: APICall) async throws(APIError) -> HTTPResponse {
        switch (call.path.subresource, call.path.name) {
        case (nil, nil): return try await collection(call)
        case (nil, _?): return try await object(call)
        case ("status"?, _) where call.kind.hasStatus:
            guard ["GET", "PUT", "PATCH"].contains(call.method) else { throw notAllowed }
            return try await object(call)
        case ("scale"?, let name?) where [.deployment, .replicaSet].contains(call.kind):
            return try await ScaleRoute(store: store).answer(call, name: name)
        case ("log"?, let name?) where call.kind == .pod && call.method == "GET":
            return try await LogRoute(store: store, logs: logs).answer(call, name: name)
        default:
            throw APIError(404, "NotFound", "the server could not find the requested resource", details: [:])
        }
    }

    private var notAllowed: APIError {
        APIError(
            405, "MethodNotAllowed", "the server does not allow this method on the requested resource",
            details: [:])
    }

    private func collection(_ call: APICall) async throws(APIError) -> HTTPResponse {
        switch call.method {
        case "GET" where call.query.flag("watch"):
            return try await WatchRoute(store: store, settings: settings).answer(call)
        case "GET": return try await ReadRoutes(store: store).list(call)
        case "POST": return try await WriteRoutes(store: store).create(call)
        case "DELETE": return try await DeleteRoute(store: store).deleteCollection(call)
        default: throw notAllowed
        }
    }

    private func object(_ call: APICall) async throws(APIError) -> HTTPResponse {
        switch call.method {
        case "GET" where call.query.flag("watch"):
            return try await WatchRoute(store: store, settings: settings).answer(call)
        case "GET": return try await ReadRoutes(store: store).get(call)
        case "PUT": return try await WriteRoutes(store: store).update(call)
        case "PATCH": return try await PatchRoute(store: store).answer(call)
        case "DELETE": return try await DeleteRoute(store: store).delete(call)
        default: throw notAllowed
        }
    }
}
