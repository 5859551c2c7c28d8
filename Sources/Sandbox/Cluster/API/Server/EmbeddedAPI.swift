import Foundation
import HTTP
import JSON
import Synchronization

package struct EmbeddedAPISettings: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var port = 0
    /// What clients must send as bearer token: letters, digits, `-` and `_`.
    package var token: String
    /// Larger bodies are refused, as by Kubernetes itself.
    package var maxBodyBytes = 3 << 20
    /// How often a watch that allows bookmarks gets one.
    package var bookmarkInterval: Duration = .seconds(60)
    /// How long a watch lasts that does not say.
    package var defaultWatchSeconds = 1_800
    /// The most watches at one time; more are answered with 429.
    package var maxWatches = 500

    package init(token: String) { self.token = token }
}

/// A small, strict Kubernetes API server in this process, over HTTP on the loopback interface
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/).
///
/// What a real API server refuses, it refuses in the same words, for want of rights too. It knows the kinds
/// in `ResourceKind.all` only.
package final class EmbeddedAPI: Sendable {
    private let settings: EmbeddedAPISettings
    private let store: ObjectStore
    private let routes: APIRoutes
    private let tokens = AccessTokens()
    private let log = AccessLog()
    private let server = Mutex<(server: HTTPServer, port: Int)?>(nil)
    /// The port of the first start: whoever knows it finds the API there again after another.
    private let port: Mutex<Int>
    private let requests = Mutex(0)
    package let faults = APIFaults()

    package init(_ settings: EmbeddedAPISettings, store: ObjectStore, logs: any PodLogs) {
        self.settings = settings
        self.store = store
        port = Mutex(settings.port)
        tokens.add(settings.token, AccessTokens.Entry(user: .owner))
        routes = APIRoutes(
            store: store, logs: logs, settings: settings, tokens: tokens, log: log, faults: faults)
    }

    /// Binds, listens and returns the port, which stays the same after `stop()`. Throws `HTTPServerError` when
    /// the address is taken.
    @discardableResult
    package func start() throws -> Int {
        var http = HTTPServerSettings()
        http.host = settings.host
        http.port = port.withLock { $0 }
        http.maxBodyBytes = { [limit = settings.maxBodyBytes] _ in limit }
        let server = HTTPServer(http) { [self] request in await answer(request) }
        let port = try server.start()
        self.port.withLock { $0 = port }
        self.server.withLock { $0 = (server, port) }
        return port
    }

    /// Ends the watches, lets other requests finish for at most `grace`, and closes the port.
    package func stop(grace: Duration = .seconds(2)) async {
        let running = server.withLock { running in
            defer { running = nil }
            return running?.server
        }
        await store.dropWatches(onlyRemote: true)
        await running?.stop(grace: grace)
    }

    /// `http://127.0.0.1:40123`; nil while it is not started.
    package var url: String? { server.withLock { $0.map { "http://\(settings.host):\($0.port)" } } }

    /// A kubeconfig in its JSON form
    /// (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/). It holds the
    /// token: write it to a file that only its owner can read. Nil while the API is not started.
    ///
    /// The token is there twice, for `kubectl` sends no bearer token without TLS, but the password in the
    /// server's address.
    ///
    /// - Parameter token: another user's; nil for the owner's.
    package func kubeconfig(cluster: String = "iterapp-demo", token: String? = nil) -> JSON? {
        guard let url = server.withLock({ $0.map { "\(settings.host):\($0.port)" } }) else { return nil }
        let name = JSON.string(cluster)
        let token = token ?? settings.token
        let server = "http://\(APIUser.owner.name):\(token)@\(url)"
        return [
            "apiVersion": "v1", "kind": "Config", "current-context": name,
            "clusters": [["name": name, "cluster": ["server": .string(server)]]],
            "users": [["name": name, "user": ["token": .string(token)]]],
            "contexts": [["name": name, "context": ["cluster": name, "user": name]]],
        ]
    }

    // MARK: Users

    /// Lets in whoever has a token, with the rights that the roles bound to the user give.
    /// - Parameter expiry: from when on it is answered with 401.
    package func addToken(_ token: String, for user: APIUser, expiry: Date? = nil) {
        tokens.add(token, AccessTokens.Entry(user: user, expiry: expiry))
    }

    package func removeToken(_ token: String) { tokens.remove(token) }

    /// What a user has done so far that needs a right, refused requests left out.
    package func usedPermissions(of user: APIUser) -> Set<APIPermission> { log.permissions(of: user.name) }

    package func forgetUsedPermissions() { log.forget() }

    // MARK: For tests

    /// Ends all clients' watches, as a restart of the API server does.
    package func dropWatches() async { await store.dropWatches(onlyRemote: true) }

    /// Forgets the history, as etcd's compaction does, and ends all watches: their clients are told 410.
    package func expireVersions() async {
        await store.compact()
        await dropWatches()
    }

    /// How many requests have come in, refused ones included.
    package var answeredRequests: Int { requests.withLock { $0 } }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        requests.withLock { $0 += 1 }
        if let error = faults.refusal(request.method, request.path) { return .error(error) }
        return await routes.answer(request)
    }
}
