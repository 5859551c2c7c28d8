import HTTP
import JSON
import XCTest

@testable import Kubernetes

/// Requests that only tests make.
extension ClusterUnderTest {
    /// A client with a token of a ServiceAccount.
    func acting(as account: String, in namespace: String) async throws -> KubernetesClient {
        let path = KubernetesResource.serviceAccounts.path(namespace: namespace, name: account) + "/token"
        let answer = try await client.object(.init(
            method: "POST", path: path, contentType: "application/json",
            body: (["apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": [:]] as JSON).bytes))
        let token = try XCTUnwrap(answer.at("status", "token")?.string)
        var connection = client.connection
        connection.credential = .token(token)
        connection.tls?.certificatePEM = nil
        connection.tls?.keyPEM = nil
        return KubernetesClient(connection, http: http)
    }

    /// Replaces the object as another manager, as `kubectl edit` does.
    func put(_ object: JSON, _ resource: KubernetesResource, manager: String) async throws {
        let name = object.at("metadata", "name")?.string ?? ""
        let namespace = object.at("metadata", "namespace")?.string
        _ = try await client.object(.init(
            method: "PUT", path: resource.path(namespace: namespace, name: name),
            query: [(name: "fieldManager", value: manager)], contentType: "application/json",
            body: object.bytes))
    }

    /// Changes the number of replicas alone, as an autoscaler does.
    func scale(_ deployment: String, in namespace: String, to replicas: Int, manager: String) async throws {
        let path = KubernetesResource.deployments.path(namespace: namespace, name: deployment) + "/scale"
        _ = try await client.object(.init(
            method: "PATCH", path: path, query: [(name: "fieldManager", value: manager)],
            contentType: "application/merge-patch+json",
            body: (["spec": ["replicas": .int(replicas)]] as JSON).bytes))
    }

    /// Events of a watch, as `ADDED name`.
    func watch(
        _ resource: KubernetesResource, namespace: String, labelSelector: String, from version: String
    ) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let task = Task { [client] in
            try? await client.watch(
                resource, namespace: namespace, labelSelector: labelSelector, from: version, onOpen: {}
            ) { events in
                for event in events {
                    switch event {
                    case .added(let object): continuation.yield("ADDED \(Self.name(object))")
                    case .modified(let object): continuation.yield("MODIFIED \(Self.name(object))")
                    case .deleted(let object): continuation.yield("DELETED \(Self.name(object))")
                    case .bookmark: break
                    }
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private static func name(_ object: JSON) -> String { object.at("metadata", "name")?.string ?? "" }
}
