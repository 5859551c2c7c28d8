import HTTP
import JSON
import Synchronization

/// An API server that has one Lease, with the versions that tell of two writers which one was first.
package final class LeaseServer: Sendable {
    package enum Mood: Sendable {
        case well
        /// Every request gets this status.
        case failing(Int)
        /// Writes are done, and answered as if they were not.
        case losingAnswers
        /// No request is answered.
        case silent
    }

    private struct State {
        var lease: JSON?
        var version = 100
        var mood = Mood.well
        var held: [AsyncStream<Void>.Continuation] = []
        var server: HTTPServer?
    }

    private let state = Mutex(State())

    package init() {}

    /// - Returns: its URL.
    package func start() throws -> String {
        var settings = HTTPServerSettings()
        settings.port = 0
        let server = HTTPServer(settings) { [self] in await answer($0) }
        let port = try server.start()
        state.withLock { $0.server = server }
        return "http://127.0.0.1:\(port)"
    }

    package func stop() async {
        set(.failing(503))
        await state.withLock { $0.server }?.stop(grace: .zero)
    }

    package var lease: JSON? { state.withLock { $0.lease } }
    package var holder: String? { lease?.at("spec", "holderIdentity")?.string }

    package func set(_ mood: Mood) {
        let held = state.withLock { state in
            state.mood = mood
            defer { state.held = [] }
            return state.held
        }
        for one in held { one.finish() }
    }

    /// What somebody else writes.
    package func put(holder: String, renewTime: String = "2001-01-01T00:00:00.000000Z") {
        state.withLock { state in
            state.version += 1
            state.lease = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": ["name": "iterapp", "resourceVersion": .string(String(state.version))],
                "spec": [
                    "holderIdentity": .string(holder), "leaseDurationSeconds": 15, "leaseTransitions": 3,
                    "renewTime": .string(renewTime),
                ],
            ]
        }
    }

    package func remove() { state.withLock { $0.lease = nil } }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch state.withLock({ $0.mood }) {
        case .well: return handle(request)
        case .failing(let status): return Self.status(status, "Failed", "leases is refused")
        case .losingAnswers:
            let answer = handle(request)
            return request.method == "GET" ? answer : Self.status(500, "InternalError", "lost")
        case .silent:
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            state.withLock { $0.held.append(continuation) }
            for await _ in stream {}
            return Self.status(503, "ServiceUnavailable", "late")
        }
    }

    private func handle(_ request: HTTPRequest) -> HTTPResponse {
        guard request.path.hasPrefix("/apis/coordination.k8s.io/v1/namespaces/") else { return Self.absent }
        return state.withLock { state in
            switch request.method {
            case "GET": return state.lease.map { Self.json($0) } ?? Self.absent
            case "POST": return Self.write(request, &state, where: state.lease == nil)
            case "PUT":
                guard let lease = state.lease else { return Self.absent }
                let sent = (try? JSON.parse(request.body))?.at("metadata", "resourceVersion")
                return Self.write(request, &state, where: sent == lease.at("metadata", "resourceVersion"))
            default: return Self.status(405, "MethodNotAllowed", "no")
            }
        }
    }

    private static func write(_ request: HTTPRequest, _ state: inout State, where isAllowed: Bool) -> HTTPResponse {
        guard isAllowed else { return status(409, "Conflict", "the object has been modified") }
        guard var lease = try? JSON.parse(request.body) else { return status(400, "BadRequest", "no JSON") }
        state.version += 1
        lease["metadata"]?["resourceVersion"] = .string(String(state.version))
        state.lease = lease
        return json(lease)
    }

    private static let absent = status(404, "NotFound", "not found")

    private static func status(_ code: Int, _ reason: String, _ message: String) -> HTTPResponse {
        json(
            [
                "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": .int(code),
                "reason": .string(reason), "message": .string(message),
            ], status: code)
    }

    private static func json(_ value: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: .bytes(value.bytes))
    }
}
