import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// An API server that has one Lease, with the versions that tell of two writers which one was first.
final class LeaseServer: Sendable {
    static let path = "/apis/coordination.k8s.io/v1/namespaces/iterapp/leases"

    enum Mood: Sendable {
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
    }

    private let state = Mutex(State())

    var lease: JSON? { state.withLock { $0.lease } }
    var holder: String? { lease?.at("spec", "holderIdentity")?.string }

    func set(_ mood: Mood) {
        let held = state.withLock { state in
            state.mood = mood
            defer { state.held = [] }
            return state.held
        }
        for one in held { one.finish() }
    }

    /// What somebody else writes.
    func put(holder: String?, renewTime: String = "2001-01-01T00:00:00.000000Z") {
        state.withLock { state in
            state.version += 1
            state.lease = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": [
                    "name": "iterapp", "namespace": "iterapp", "resourceVersion": .string(String(state.version)),
                ],
                "spec": .compact([
                    "holderIdentity": holder.map(JSON.string), "leaseDurationSeconds": 15, "leaseTransitions": 3,
                    "renewTime": .string(renewTime),
                ]),
            ]
        }
    }

    func remove() { state.withLock { $0.lease = nil } }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch state.withLock({ $0.mood }) {
        case .well: return handle(request)
        case .failing(let status): return status == 403 ? Self.forbidden : .text(status, "no")
        case .losingAnswers:
            let answer = handle(request)
            return request.method == "GET" ? answer : .text(500, "lost")
        case .silent:
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            state.withLock { $0.held.append(continuation) }
            for await _ in stream {}
            return .text(503, "late")
        }
    }

    private func handle(_ request: HTTPRequest) -> HTTPResponse {
        state.withLock { state in
            switch request.method {
            case "GET": return state.lease.map { StandInAPI.json($0) } ?? StandInAPI.recorded("error-404.http")
            case "POST" where request.path == Self.path: return Self.write(request, &state, where: state.lease == nil)
            case "PUT":
                guard let lease = state.lease else { return StandInAPI.recorded("error-404.http") }
                let sent = (try? JSON.parse(request.body))?.at("metadata", "resourceVersion")
                return Self.write(request, &state, where: sent == lease.at("metadata", "resourceVersion"))
            default: return .text(405, "")
            }
        }
    }

    private static func write(_ request: HTTPRequest, _ state: inout State, where isAllowed: Bool) -> HTTPResponse {
        guard isAllowed else { return StandInAPI.recorded("error-409-stale-resource-version.http") }
        guard var lease = try? JSON.parse(request.body) else { return .text(400, "") }
        state.version += 1
        lease["metadata"]?["resourceVersion"] = .string(String(state.version))
        state.lease = lease
        return StandInAPI.json(lease)
    }

    private static let forbidden = StandInAPI.json(
        [
            "kind": "Status", "status": "Failure", "reason": "Forbidden", "code": 403,
            "message": "leases is forbidden",
        ], status: 403)
}
