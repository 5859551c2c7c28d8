import Deploys
import Foundation
import HTTP
import JSON
import Kubernetes
import Sandbox
import TestSupport

/// The embedded API server without controllers and nodes, over a real socket.
final class EmbeddedCluster: Sendable {
    static let ownerToken = "owner-token"
    let api: EmbeddedAPI
    let store: ObjectStore
    let url: String

    private init() throws {
        store = ObjectStore()
        api = EmbeddedAPI(EmbeddedAPISettings(token: Self.ownerToken), store: store, logs: FixedLogs())
        url = "http://127.0.0.1:\(try api.start())"
    }

    static func with(_ body: (EmbeddedCluster) async throws -> Void) async throws {
        let cluster = try EmbeddedCluster()
        do {
            try await body(cluster)
        } catch {
            await cluster.api.stop(grace: .zero)
            throw error
        }
        await cluster.api.stop(grace: .zero)
    }

    /// Of somebody who may do everything, or of whom the token is.
    func client(token: String = ownerToken, timing: Timing = .system) -> KubernetesClient {
        KubernetesClient(
            KubernetesConnection(server: url, credential: .token(token)), http: HTTPClient(), timing: timing)
    }

    func makeNamespace(_ name: String, isOurs: Bool = false) async throws {
        let labels: JSON = isOurs ? ["app.kubernetes.io/managed-by": "iterapp"] : [:]
        _ = try await client().apply([
            "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name), "labels": labels],
        ])
    }

    /// Asks again and again until it is so: the cluster tells nobody what others did to it.
    func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw NotSo(what: what)
    }

    struct NotSo: Error { let what: String }
}

struct FixedLogs: PodLogs {
    func log(
        of pod: JSON, container: String, _ options: PodLogOptions
    ) async throws(APIError) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            continuation.yield(Array("the last words\n".utf8))
            continuation.finish()
        }
    }
}
