import Foundation
import JSON
import XCTest

@testable import Sandbox

/// What a namespace refuses, in the words that a real one was recorded with.
final class AdmissionTests: XCTestCase {
    private func pod(_ name: String, _ container: JSON = [:]) -> JSON {
        var container = container
        container["name"] = "cats"
        container["image"] = "i"
        return [
            "metadata": ["name": .string(name), "namespace": "ns"], "spec": ["containers": [container]],
        ]
    }

    private func store(labels: JSON = [:]) async throws -> ObjectStore {
        let store = ObjectStore()
        try await store.create(.namespace, ["metadata": ["name": "ns", "labels": labels]], by: "test")
        return store
    }

    private func refusal(_ store: ObjectStore, _ kind: ResourceKind, _ object: JSON) async -> APIError? {
        do throws(APIError) {
            try await store.create(kind, object, by: "test")
            return nil
        } catch {
            return error
        }
    }

    func testRestrictedNamespace() async throws {
        let store = try await store(labels: ["pod-security.kubernetes.io/enforce": "restricted"])
        let error = await refusal(store, .pod, pod("cats-54dbc6464d-fhnth"))
        let recorded = try Recording.json("pod-security-rejected.events.json")
        let message = try XCTUnwrap(recorded["items"]?[0]?["message"]?.string)
        XCTAssertEqual("Error creating: \(error?.message ?? "")", message)
        XCTAssertEqual(error?.code, 403)
        let good = pod("good", ["securityContext": [
            "runAsNonRoot": true, "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
            "seccompProfile": ["type": "RuntimeDefault"],
        ]])
        let accepted = await refusal(store, .pod, good)
        XCTAssertNil(accepted)
    }

    func testBaselineNamespace() async throws {
        let store = try await store(labels: ["pod-security.kubernetes.io/enforce": "baseline"])
        let plain = await refusal(store, .pod, pod("plain"))
        XCTAssertNil(plain)
        let bad = pod("bad", ["securityContext": ["privileged": true, "capabilities": ["add": ["NET_ADMIN"]]]])
        let error = await refusal(store, .pod, bad)
        XCTAssertEqual(
            error?.message,
            "pods \"bad\" is forbidden: violates PodSecurity \"baseline:latest\": non-default capabilities "
                + "(container \"cats\" must not include \"NET_ADMIN\" in securityContext.capabilities.add), "
                + "privileged (container \"cats\" must not set securityContext.privileged=true)")
    }

    func testQuota() async throws {
        let store = try await store()
        try await store.create(.resourceQuota, [
            "metadata": ["name": "q", "namespace": "ns"], "spec": ["hard": ["pods": "1"]],
        ], by: "test")
        let first = await refusal(store, .pod, pod("one"))
        XCTAssertNil(first)
        let error = await refusal(store, .pod, pod("dogs-64cb8c4c56-xgqg2"))
        let recorded = try Recording.json("quota-exceeded.deployment.json")
        let conditions = recorded.at("status", "conditions")?.array ?? []
        XCTAssertEqual(
            error?.message, conditions.first { $0["type"] == "ReplicaFailure" }?["message"]?.string)
    }

    func testQuotaOfResourcesWantsThemStated() async throws {
        let store = try await store()
        try await store.create(.resourceQuota, [
            "metadata": ["name": "q", "namespace": "ns"], "spec": ["hard": ["limits.memory": "1Gi"]],
        ], by: "test")
        let unstated = await refusal(store, .pod, pod("one"))
        XCTAssertEqual(
            unstated?.message,
            "pods \"one\" is forbidden: failed quota: q: must specify limits.memory for: cats")
        let large = await refusal(store, .pod, pod("two", ["resources": ["limits": ["memory": "1536Mi"]]]))
        XCTAssertEqual(
            large?.message,
            "pods \"two\" is forbidden: exceeded quota: q, requested: limits.memory=1536Mi, "
                + "used: limits.memory=0, limited: limits.memory=1Gi")
        try await store.create(.limitRange, [
            "metadata": ["name": "l", "namespace": "ns"],
            "spec": ["limits": [["type": "Container", "default": ["memory": "64Mi"]]]],
        ], by: "test")
        let filled = await refusal(store, .pod, pod("three"))
        XCTAssertNil(filled, "a LimitRange states what the pod does not")
    }

    func testControllersTellWhatWasRefused() async throws {
        let store = try await store(labels: ["pod-security.kubernetes.io/enforce": "restricted"])
        let loop = ControllerLoop(store: store)
        let work = Task { await loop.run() }
        let changes = try await store.watch(.deployment)
        try await store.create(.deployment, [
            "metadata": ["name": "cats", "namespace": "ns"],
            "spec": [
                "selector": ["matchLabels": ["a": "b"]],
                "template": [
                    "metadata": ["labels": ["a": "b"]], "spec": ["containers": [["name": "c", "image": "i"]]],
                ],
            ],
        ], by: "test")
        for await change in changes {
            let conditions = change.object.at("status", "conditions")?.array ?? []
            guard let failure = conditions.first(where: { $0["type"] == "ReplicaFailure" }) else { continue }
            XCTAssertEqual(failure["reason"], "FailedCreate")
            XCTAssertEqual(failure["message"]?.string?.contains("violates PodSecurity"), true)
            break
        }
        work.cancel()
        await work.value
        let events = await store.list(.event).items.filter { $0.at("involvedObject", "kind") == "ReplicaSet" }
        XCTAssertFalse(events.isEmpty)
        XCTAssertEqual(Set(events.compactMap { $0["reason"]?.string }), ["FailedCreate"])
    }
}
