import HTTP
import JSON
import Synchronization

/// The embedded cluster's gateway: takes a request for an app's host and hands it to one of its ready pods.
package final class Ingress: Sendable {
    private let store: ObjectStore
    private let http: HTTPClient
    private let table = Mutex(RouteTable())
    /// Until the head of the app's answer; what nginx and most gateways allow.
    private let headTimeout: Duration
    /// How many pods are tried before the answer is 502.
    static let maxAttempts = 3

    package init(store: ObjectStore, http: HTTPClient, headTimeout: Duration = .seconds(60)) {
        self.store = store
        self.http = http
        self.headTimeout = headTimeout
    }

    /// Keeps its knowledge up to date until the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            for kind in RouteTable.kinds { group.addTask { await self.follow(kind) } }
        }
    }

    private func follow(_ kind: ResourceKind) async {
        while !Task.isCancelled {
            let (objects, version) = await store.list(kind)
            table.withLock { table in
                table.clear(kind)
                for object in objects { table.update(kind, object, isGone: false) }
            }
            guard let changes = try? await store.watch(kind, after: version) else { continue }
            for await change in changes {
                table.withLock { $0.update(kind, change.object, isGone: change.kind == .deleted) }
            }
        }
    }

    /// Whether some route is about this host (in lower case, without port).
    package func hasRoute(for host: String) -> Bool {
        table.withLock { $0.hasRoute(for: host) }
    }

    /// The app's answer, or a page in plain words: 404 for a host that no route has, 503 when no pod of the
    /// app is ready, 502 and 504 when the pod breaks or is silent.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let answer = table.withLock { $0.find(host: request.host, path: request.path) }
        switch answer {
        case .noRoute:
            return IngressPage.noRoute(host: request.host).response(to: request)
        case .noPod(let service):
            return IngressPage.noPod(app: service).response(to: request)
        case .redirect(let host, let status):
            return HTTPResponse(status: status, headers: [
                "Location": "http://\(host)\(Self.port(of: request))\(request.target)"
            ])
        case .forward(let targets, let service):
            return await forward(request, to: targets, of: service)
        }
    }

    private func forward(
        _ request: HTTPRequest, to targets: [RouteTable.Target], of service: String
    ) async -> HTTPResponse {
        var last = HTTPClientError.cancelled
        for target in targets.prefix(Self.maxAttempts) {
            do throws(HTTPClientError) {
                let answer = try await http.open(
                    Forwarding.request(request, to: target.address, timeout: headTimeout))
                return Forwarding.response(answer, to: request)
            } catch {
                last = error
                guard Self.maySendAgain(request, after: error) else { break }
            }
        }
        let page = last == .timedOut ? IngressPage.silent(app: service) : .broken(app: service)
        return page.response(to: request)
    }

    /// A pod that cannot be reached has not seen the request. One that broke off may have acted on it, so
    /// only safe methods go to another (RFC 9110, section 9.2.2).
    private static func maySendAgain(_ request: HTTPRequest, after error: HTTPClientError) -> Bool {
        switch error {
        case .cannotConnect: true
        case .broken: ["GET", "HEAD", "OPTIONS"].contains(request.method)
        default: false
        }
    }

    /// `:8080` as the visitor wrote it.
    private static func port(of request: HTTPRequest) -> String {
        let field = request.headers["Host"] ?? ""
        return String(field[(field.lastIndex(of: ":") ?? field.endIndex)...])
    }
}
