import Foundation
import HTTP
import JSON

/// From a request to what answers it.
struct APIRoutes: Sendable {
    let store: ObjectStore
    let logs: any PodLogs
    let settings: EmbeddedAPISettings
    let tokens: AccessTokens
    let log: AccessLog
    let faults: APIFaults

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let path = request.path.count > 1 && request.path.hasSuffix("/")
            ? String(request.path.dropLast()) : request.path
        if let open = Discovery.open(path) { return open }
        do throws(APIError) {
            let user = try await user(request)
            if request.method == "GET", let page = Discovery.page(path) ?? OpenAPI.page(path) {
                return .json(200, page)
            }
            let query = APIQuery(request.query)
            try await authorize(request, path: path, query, user)
            guard let resource = ResourcePath(path) else { return .text(404, "404 page not found\n") }
            return try await answer(APICall(
                path: resource, method: request.method, query: query, headers: request.headers,
                body: request.body, caller: Caller(user: user, log: log)))
        } catch {
            return .error(error)
        }
    }

    /// - Throws: 401 when the token is none of ours, or has expired.
    private func user(_ request: HTTPRequest) async throws(APIError) -> APIUser {
        let unauthorized = APIError(401, "Unauthorized", "Unauthorized")
        guard let entry = tokens.entry(request.headers["Authorization"], now: store.now()) else {
            throw unauthorized
        }
        if let account = entry.account, await store.object(account.key)?.uid != account.uid { throw unauthorized }
        return entry.user
    }

    /// - Throws: 403 with the right that is missing.
    private func authorize(
        _ request: HTTPRequest, path: String, _ query: APIQuery, _ user: APIUser
    ) async throws(APIError) {
        guard let access = AccessRequest(request, path: path, query: query) else {
            if user.mayDoEverything { return }
            throw .forbidden(path: path, method: request.method, user)
        }
        if !user.mayDoEverything {
            guard await store.allows(user, access) else { throw .forbidden(access, user) }
        }
        log.note(access.permission, by: user)
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
        case ("token"?, let name?) where call.kind == .serviceAccount && call.method == "POST":
            return try await TokenRoute(store: store, tokens: tokens).answer(call, name: name)
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
            return try await WatchRoute(store: store, settings: settings, faults: faults).answer(call)
        case "GET": return try await ReadRoutes(store: store).list(call)
        case "POST": return try await WriteRoutes(store: store).create(call)
        case "DELETE": return try await DeleteRoute(store: store).deleteCollection(call)
        default: throw notAllowed
        }
    }

    private func object(_ call: APICall) async throws(APIError) -> HTTPResponse {
        switch call.method {
        case "GET" where call.query.flag("watch"):
            return try await WatchRoute(store: store, settings: settings, faults: faults).answer(call)
        case "GET": return try await ReadRoutes(store: store).get(call)
        case "PUT": return try await WriteRoutes(store: store).update(call)
        case "PATCH": return try await PatchRoute(store: store).answer(call)
        case "DELETE": return try await DeleteRoute(store: store).delete(call)
        default: throw notAllowed
        }
    }
}
