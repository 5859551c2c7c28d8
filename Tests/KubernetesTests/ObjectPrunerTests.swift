import Deploys
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// What earlier releases left behind, of every kind.
final class ObjectPrunerTests: XCTestCase {
    private static let namespace = "apps-cats-test"
    private static let ours: [String: JSON] = [
        "app.kubernetes.io/managed-by": "iterapp", "app.kubernetes.io/part-of": "cats",
    ]

    private static func path(_ kind: KubernetesResource, _ name: String) -> String {
        kind.path(namespace: namespace, name: name)
    }

    private static func object(
        _ kind: KubernetesResource, _ name: String, labels: [String: JSON] = ours, finalizers: [JSON] = []
    ) -> JSON {
        [
            "apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind),
            "metadata": [
                "name": .string(name), "namespace": .string(namespace), "labels": .object(labels),
                "uid": .string("uid-of-\(name)"), "finalizers": .array(finalizers),
            ],
        ]
    }

    private static func put(_ kind: KubernetesResource, _ object: JSON, on cluster: ScriptedCluster) async {
        await cluster.put(object, at: path(kind, object.at("metadata", "name")?.string ?? ""))
    }

    private static func placed(_ kind: KubernetesResource, _ name: String, uid: String? = nil) -> PlacedObject {
        PlacedObject(
            namespace: namespace, kind: kind.typeName, name: name, uid: uid ?? "uid-of-\(name)", ownership: "")
    }

    private func deletions(_ outcome: RollOutBench.Outcome) -> Set<String> {
        Set(outcome.requests.filter { $0.method == "DELETE" }.map(\.path))
    }

    func testLeftoversOfAllKindsGo() async throws {
        let kinds = KubernetesResource.rendered.filter { $0 != .namespaces }
        let inventory = ListInventory(kinds.map { Self.placed($0, "old") })
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), inventory: inventory,
            prepare: { cluster in
                for kind in kinds { await Self.put(kind, Self.object(kind, "old"), on: cluster) }
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(deletions(outcome), Set(kinds.map { Self.path($0, "old") }))
        let body = try JSON.parse(XCTUnwrap(outcome.requests.last { $0.method == "DELETE" }).body)
        XCTAssertEqual(body.at("preconditions", "uid"), "uid-of-old")
        XCTAssertFalse(inventory.all.contains { $0.name == "old" }, "what is gone is forgotten")
        XCTAssertTrue(inventory.all.contains { $0.name == "cats" })
    }

    func testOnlyWhatWeWroteDownIsRemoved() async throws {
        let kept = Self.ours.merging(["iterapp.no/kept": "true"]) { own, _ in own }
        let inventory = ListInventory([
            Self.placed(.secrets, "kept"), Self.placed(.configMaps, "anew", uid: "of-the-first-one"),
            Self.placed(.services, "theirs-now"), Self.placed(.jobs, "gone"),
            PlacedObject(namespace: Self.namespace, kind: "v1/Namespace", name: "another", uid: "n", ownership: ""),
            PlacedObject(namespace: "apps-dogs-test", kind: "v1/Secret", name: "dogs", uid: "d", ownership: ""),
        ])
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), inventory: inventory,
            prepare: { cluster in
                await Self.put(.secrets, Self.object(.secrets, "kept", labels: kept), on: cluster)
                await Self.put(.configMaps, Self.object(.configMaps, "anew"), on: cluster)
                await Self.put(.services, Self.object(.services, "theirs-now", labels: [:]), on: cluster)
                await Self.put(.secrets, Self.object(.secrets, "labelled-by-hand"), on: cluster)
                await Self.put(.secrets, Self.object(.secrets, "by-hand", labels: [:]), on: cluster)
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(deletions(outcome), [])
        XCTAssertFalse(inventory.all.contains { ["anew", "gone", "theirs-now"].contains($0.name) })
        XCTAssertTrue(inventory.all.contains { $0.name == "dogs" })
    }

    func testWhatFinalizersHoldIsAskedForAndTold() async throws {
        let inventory = ListInventory([Self.placed(.services, "old")])
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), times: 2, inventory: inventory,
            prepare: {
                let held = Self.object(.services, "old", finalizers: ["example.com/stay"])
                await Self.put(.services, held, on: $0)
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(
            outcome.remarks,
            [
                "Service old of an earlier release is being deleted since 2026-11-20T23:56:06Z and does not go: its "
                    + "finalizers `example.com/stay` hold it."
            ])
        XCTAssertTrue(inventory.all.contains { $0.name == "old" }, "as long as it exists")
        XCTAssertEqual(outcome.requests.filter { $0.method == "DELETE" }.count, 1, "asked for once, not waited for")
    }

    func testMissingPermissionIsTold() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), inventory: ListInventory([Self.placed(.services, "old")]),
            intercept: { $0.method == "DELETE" ? StandInAPI.recorded("error-403.http") : nil },
            prepare: { await Self.put(.services, Self.object(.services, "old"), on: $0) },
            script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.remarks.count, 1)
        XCTAssertTrue(outcome.remarks[0].hasPrefix("Service old of an earlier release stays."), outcome.remarks[0])
    }

    func testNothingGoesAfterAFailure() async throws {
        let waiting: JSON = [
            "name": "cats", "state": ["waiting": ["reason": "InvalidImageName", "message": "no"]],
        ]
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), inventory: ListInventory([Self.placed(.services, "old")]),
            prepare: { await Self.put(.services, Self.object(.services, "old"), on: $0) },
            script: RollOutBench.stuck(waiting))
        guard case .failed? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertEqual(deletions(outcome), [])
    }
}
