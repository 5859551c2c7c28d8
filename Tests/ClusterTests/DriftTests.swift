import Deploys
import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// Drift is noticed by watches, told once, and not taken for our own doing.
final class DriftTests: PlanCase {
    /// Namespaces in which drift was noticed, as they are told.
    private func withDrift(
        _ reconciler: Reconciler, _ body: (AsyncStream<String>.Iterator) async throws -> Void
    ) async throws {
        let (told, tell) = AsyncStream<String>.makeStream()
        let watch = Task { await reconciler.watchDrift { tell.yield($0) } }
        // A test that waits for what never comes must end.
        let limit = Task {
            try await Task.sleep(for: .seconds(20))
            tell.finish()
        }
        try await body(told.makeAsyncIterator())
        limit.cancel()
        watch.cancel()
        await watch.value
    }

    /// A change in another namespace that is certainly noticed: what was not told before it never is.
    private func marked(
        _ cluster: ClusterUnderTest, _ reconciler: Reconciler, _ title: String
    ) async throws -> String {
        let marker = cluster.namespace(title)
        _ = try await reconciler.rollOut(plan(in: marker, reconciler)) { _ in }
        try await cluster.client.delete(.services, namespace: marker, name: "web", uid: nil)
        return marker
    }

    func testChangesAreToldOnceUntilTheyAreLookedAt() async throws {
        try await withReconciler("drift", inventory: ListInventory()) { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            try await withDrift(reconciler) { told in
                var told = told
                try await edit(cluster, namespace) { $0.container["image"] = "example.com/other:1" }
                let first = await told.next()
                XCTAssertEqual(first, namespace)
                try await edit(cluster, namespace) { $0.container["image"] = "example.com/other:2" }
                let marker = try await marked(cluster, reconciler, "drift-marker")
                let second = await told.next()
                XCTAssertEqual(second, marker, "once, until it is looked at")
                let repaired = try await reconciler.repair(plan)
                XCTAssertEqual(repaired.count, 1)
                let third = try await marked(cluster, reconciler, "drift-marker-2")
                let last = await told.next()
                XCTAssertEqual(last, third, "what was put right is no drift")
            }
        }
    }

    func testWhatHappenedBeforeTheStartIsFound() async throws {
        let inventory = ListInventory()
        try await withReconciler("before", inventory: inventory) { cluster, reconciler, namespace in
            _ = try await reconciler.rollOut(plan(in: namespace, reconciler)) { _ in }
            let right = cluster.namespace("before-right")
            _ = try await reconciler.rollOut(plan(in: right, reconciler)) { _ in }
            let secret = try XCTUnwrap(inventory.all.first { $0.namespace == namespace && $0.kind == "v1/Secret" })
            try await cluster.client.delete(.secrets, namespace: namespace, name: secret.name, uid: secret.uid)
            try await withDrift(reconciler) { told in
                var told = told
                let first = await told.next()
                XCTAssertEqual(first, namespace)
                try await cluster.client.delete(.services, namespace: right, name: "web", uid: nil)
                let second = await told.next()
                XCTAssertEqual(second, right, "and only that")
            }
        }
    }

    /// As when the Lease was lost and taken again: somebody else may have been told in between.
    func testTheNextWatchTellsAnew() async throws {
        try await withReconciler("again", inventory: ListInventory()) { cluster, reconciler, namespace in
            _ = try await reconciler.rollOut(plan(in: namespace, reconciler)) { _ in }
            try await cluster.client.delete(.services, namespace: namespace, name: "web", uid: nil)
            for _ in 1...2 {
                try await withDrift(reconciler) { told in
                    var told = told
                    let first = await told.next()
                    XCTAssertEqual(first, namespace)
                }
            }
        }
    }

    func testOurOwnDoingAndWhatIsNotOursAreNoDrift() async throws {
        try await withReconciler("own", inventory: ListInventory()) { cluster, reconciler, namespace in
            _ = try await reconciler.rollOut(plan(1, in: namespace, reconciler)) { _ in }
            try await withDrift(reconciler) { told in
                var told = told
                // Everything changes, but by us.
                for operation in Int64(2)...4 {
                    let changed = ReleasedAppling.Variable(name: "GREETING", value: .plain("hello \(operation)"))
                    let plan = try plan(operation, in: namespace, reconciler, variables: [changed])
                    _ = try await reconciler.rollOut(plan) { _ in }
                }
                // Fields that we do not set, and objects that people made.
                try await edit(cluster, namespace) { $0["metadata"]?["annotations"]?["note"] = "mine" }
                let map: JSON = [
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": [
                        "name": "by-hand", "namespace": .string(namespace),
                        "labels": ["app.kubernetes.io/managed-by": "iterapp"],
                    ],
                ]
                _ = try await cluster.client.apply(map)
                try await cluster.client.delete(.configMaps, namespace: namespace, name: "by-hand", uid: nil)
                let marker = try await marked(cluster, reconciler, "own-marker")
                let first = await told.next()
                XCTAssertEqual(first, marker)
            }
        }
    }
}
