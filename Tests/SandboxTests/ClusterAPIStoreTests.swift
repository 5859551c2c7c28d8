import JSON
import XCTest

@testable import Sandbox

final class ClusterAPIStoreTests: XCTestCase {
    private func makeStore() async throws -> ObjectStore {
        let store = ObjectStore()
        try await store.create(.namespace, ["metadata": ["name": "cats"]], by: "test")
        return store
    }

    private func pod(_ name: String, owner: JSON? = nil, node: String? = nil) -> JSON {
        var pod: JSON = [
            "metadata": ["name": .string(name), "namespace": "cats", "labels": ["app": .string(name)]],
            "spec": ["containers": [["name": "c", "image": "i"]]],
        ]
        if let node { pod.set(.string(node), at: "spec", "nodeName") }
        if let owner {
            pod.set([[
                "apiVersion": owner["apiVersion"] ?? .null, "kind": owner["kind"] ?? .null,
                "name": .string(owner.name), "uid": .string(owner.uid), "controller": true,
            ]], at: "metadata", "ownerReferences")
        }
        return pod
    }

    private func error(_ body: () async throws -> Void) async -> APIError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? APIError
        }
    }

    func testGivesIdentityAndCountsVersions() async throws {
        let store = try await makeStore()
        let first = try await store.create(.pod, pod("a"), by: "test")
        let second = try await store.create(.pod, pod("b"), by: "test")
        XCTAssertEqual(first.generation, 1)
        XCTAssertEqual(first.uid.count, 36)
        XCTAssertNotEqual(first.uid, second.uid)
        XCTAssertEqual(second.resourceVersion, first.resourceVersion + 1)
        XCTAssertEqual(first["kind"], "Pod")

        var changed = first
        changed.set("other", at: "spec", "hostname")
        let updated = try await store.update(.pod, changed, by: "test")
        XCTAssertEqual(updated.generation, 2)
        let stale = await error { try await store.update(.pod, changed, by: "test") }
        XCTAssertEqual(stale?.reason, "Conflict")

        let withStatus = try await store.modify(
            .pod, namespace: "cats", name: "a", scope: .status, by: "test"
        ) {
            $0.set("Running", at: "status", "phase")
            $0.set("ignored", at: "spec", "hostname")
        }
        XCTAssertEqual(withStatus.generation, 2)
        XCTAssertEqual(withStatus.at("spec", "hostname"), "other")
        let same = try await store.modify(.pod, namespace: "cats", name: "a", by: "test") { _ in }
        XCTAssertEqual(same.resourceVersion, withStatus.resourceVersion)
    }

    func testOwnedObjectsGoWithTheirOwnerAndPodsWaitForTheNode() async throws {
        let store = try await makeStore()
        let owner = try await store.create(
            .replicaSet, ["metadata": ["name": "rs", "namespace": "cats"], "spec": [:]], by: "test")
        try await store.create(.pod, pod("waiting", owner: owner), by: "test")
        try await store.create(.pod, pod("running", owner: owner, node: "n1"), by: "test")

        try await store.delete(.replicaSet, namespace: "cats", name: "rs")
        let left = await store.list(.pod).items
        XCTAssertEqual(left.map(\.name), ["running"])
        XCTAssertTrue(left[0].isBeingDeleted)
        XCTAssertEqual(left[0].at("metadata", "deletionGracePeriodSeconds"), 30)

        try await store.delete(.pod, namespace: "cats", name: "running", DeleteOptions(gracePeriodSeconds: 0))
        let none = await store.list(.pod).items
        XCTAssertEqual(none.count, 0)
        try await store.create(.pod, pod("late", owner: owner), by: "test")
        let late = await store.list(.pod).items
        XCTAssertEqual(late.count, 0)
    }

    func testNamespaceEndsWhenItsLastPodDoes() async throws {
        let store = try await makeStore()
        try await store.create(.pod, pod("running", node: "n1"), by: "test")
        try await store.create(.configMap, ["metadata": ["name": "x", "namespace": "cats"]], by: "test")
        let (terminating, isGone) = try await store.delete(.namespace, name: "cats")
        XCTAssertFalse(isGone)
        XCTAssertEqual(terminating.at("status", "phase"), "Terminating")
        let maps = await store.list(.configMap).items
        XCTAssertEqual(maps.count, 0)

        let refused = await error { try await store.create(.pod, self.pod("late"), by: "test") }
        XCTAssertEqual(refused?.code, 403)
        try await store.delete(.pod, namespace: "cats", name: "running", DeleteOptions(gracePeriodSeconds: 0))
        let gone = await error { _ = try await store.get(.namespace, name: "cats") }
        XCTAssertEqual(gone?.message, "namespaces \"cats\" not found")
        let missing = await error { try await store.create(.pod, self.pod("later"), by: "test") }
        XCTAssertEqual(missing?.code, 404)
    }

    func testWatchTellsChangesInOrderAndByFilter() async throws {
        let store = try await makeStore()
        try await store.create(.pod, pod("a"), by: "test")
        let version = await store.resourceVersion
        let all = try await store.watch(.pod, after: version)
        let onlyB = try await store.watch(
            .pod, ObjectFilter(namespace: "cats", labels: LabelSelector(labels: ["app": "b"])))
        try await store.create(.pod, pod("b"), by: "test")
        try await store.modify(.pod, namespace: "cats", name: "b", by: "test") {
            $0.set("c", at: "metadata", "labels", "app")
        }
        try await store.delete(.pod, namespace: "cats", name: "a")
        await store.dropWatches()

        var seen: [String] = []
        for await event in all { seen.append("\(event.kind.rawValue) \(event.object.name)") }
        XCTAssertEqual(seen, ["ADDED b", "MODIFIED b", "DELETED a"])
        var seenOfB: [WatchEvent.Kind] = []
        for await event in onlyB { seenOfB.append(event.kind) }
        XCTAssertEqual(seenOfB, [.added, .deleted])
    }

    func testWatchFromForgottenOrFutureVersionIsRefused() async throws {
        let store = try await makeStore()
        try await store.create(.pod, pod("a"), by: "test")
        let version = await store.resourceVersion
        await store.compact()
        let old = await error { _ = try await store.watch(.pod, after: version - 1) }
        XCTAssertEqual(old?.message, "too old resource version: \(version - 1) (\(version))")
        XCTAssertEqual(old?.code, 410)
        let future = await error { _ = try await store.watch(.pod, after: version + 1) }
        XCTAssertEqual(future?.code, 504)
        _ = try await store.watch(.pod, after: version)
    }

    func testReaderThatFallsBehindIsCutOff() async throws {
        let store = ObjectStore(watchBufferEvents: 2)
        let events = try await store.watch(.namespace)
        for name in ["a", "b", "c", "d"] {
            try await store.create(.namespace, ["metadata": ["name": .string(name)]], by: "test")
        }
        var seen: [String] = []
        for await event in events { seen.append(event.object.name) }
        XCTAssertEqual(seen, ["a", "b"], "and the watch ends, so that the reader lists again")
    }

    func testHistoryIsBounded() async throws {
        let store = try await makeStore()
        try await store.create(.pod, pod("a"), by: "test")
        let version = await store.resourceVersion
        for step in 0...ObjectStore.maxHistoryEventsPerKind {
            try await store.modify(.pod, namespace: "cats", name: "a", by: "test") {
                $0.set(.string("\(step)"), at: "metadata", "annotations", "step")
            }
        }
        let old = await error { _ = try await store.watch(.pod, after: version) }
        XCTAssertEqual(old?.reason, "Expired")
    }

    func testPreconditionsGuardDeletion() async throws {
        let store = try await makeStore()
        let made = try await store.create(.pod, pod("a"), by: "test")
        let wrong = await error {
            try await store.delete(.pod, namespace: "cats", name: "a", DeleteOptions(uid: "other"))
        }
        XCTAssertEqual(wrong?.code, 409)
        XCTAssertEqual(wrong?.details?["kind"], "Pod")
        try await store.delete(.pod, namespace: "cats", name: "a", DeleteOptions(uid: made.uid))
    }

    func testFinalizersHoldAnObjectUntilTheyAreGone() async throws {
        let store = try await makeStore()
        try await store.create(
            .configMap, ["metadata": ["name": "x", "namespace": "cats", "finalizers": ["example.com/stay"]]],
            by: "test")
        let (_, isGone) = try await store.delete(.configMap, namespace: "cats", name: "x")
        XCTAssertFalse(isGone)
        try await store.modify(.configMap, namespace: "cats", name: "x", by: "test") {
            $0.set(nil, at: "metadata", "finalizers")
        }
        let left = await store.list(.configMap).items
        XCTAssertEqual(left.count, 0)
    }

    func testForegroundWaitsForDependentsAndOrphanLeavesThem() async throws {
        let store = try await makeStore()
        let owner = try await store.create(
            .replicaSet, ["metadata": ["name": "rs", "namespace": "cats"], "spec": [:]], by: "test")
        try await store.create(.pod, pod("p", owner: owner, node: "n1"), by: "test")
        let (waiting, isGone) = try await store.delete(
            .replicaSet, namespace: "cats", name: "rs", DeleteOptions(propagation: .foreground))
        XCTAssertFalse(isGone)
        XCTAssertEqual(waiting.finalizers, ["foregroundDeletion"])
        try await store.delete(.pod, namespace: "cats", name: "p", DeleteOptions(gracePeriodSeconds: 0))
        let sets = await store.list(.replicaSet).items
        XCTAssertEqual(sets.count, 0)

        let second = try await store.create(
            .replicaSet, ["metadata": ["name": "rs", "namespace": "cats"], "spec": [:]], by: "test")
        try await store.create(.pod, pod("q", owner: second), by: "test")
        try await store.delete(
            .replicaSet, namespace: "cats", name: "rs", DeleteOptions(propagation: .orphan))
        let orphans = await store.list(.pod).items
        XCTAssertEqual(orphans.map(\.ownerReferences), [[]])
    }
}
