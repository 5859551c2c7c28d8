import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// What others changed is found, told and put right; what is right is not touched.
final class RepairTests: PlanCase {
    func testEditedImageIsPutRightAndNothingElseTouched() async throws {
        try await withReconciler("image") { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            let image = try await cluster.client.get(.deployments, namespace: namespace, name: "web").container["image"]
            try await edit(cluster, namespace) { $0.container["image"] = "example.com/other:1" }
            let before = try await versions(cluster, namespace)
            let told = try await reconciler.repair(plan)
            XCTAssertEqual(
                withoutMoments(told), ["`image` of the container `web` (Deployment web) was changed with kubectl-edit."])
            XCTAssertTrue(told[0].hasSuffix(" UTC)."), told[0])
            let now = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
            XCTAssertEqual(now.container["image"], image)
            let after = try await versions(cluster, namespace)
            XCTAssertEqual(
                after.filter { before[$0.key] != $0.value }.keys.filter { $0 != "Deployment web" }, [])
            let placings = cluster.inventory.placings.count
            let again = try await reconciler.repair(plan)
            XCTAssertEqual(again, [])
            XCTAssertEqual(cluster.inventory.placings.count, placings, "nothing is applied")
            let unchanged = try await versions(cluster, namespace)
            XCTAssertEqual(unchanged, after)
        }
    }

    /// As after a deploy that failed and could not be put back: nobody else has touched anything.
    func testWhatAnotherReleaseLeftIsPutRight() async throws {
        try await withReconciler("overtaken") { cluster, reconciler, namespace in
            let wanted = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(wanted) { _ in }
            let before = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
            let other = try plan(
                2, in: namespace, reconciler, variables: [.init(name: "GREETING", value: .plain("goodbye"))])
            _ = try await reconciler.rollOut(other) { _ in }
            let told = try await reconciler.repair(wanted)
            XCTAssertFalse(told.isEmpty)
            let now = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
            XCTAssertEqual(now.at("spec", "template"), before.at("spec", "template"))
            let again = try await reconciler.repair(wanted)
            XCTAssertEqual(again, [])
        }
    }

    func testDeletedAndReplacedObjectsAreMadeAnew() async throws {
        try await withReconciler("deleted") { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            try await cluster.client.delete(.services, namespace: namespace, name: "web", uid: nil)
            let told = try await reconciler.repair(plan)
            XCTAssertEqual(told, ["The Service web was deleted."])
            let service = try await cluster.client.get(.services, namespace: namespace, name: "web")
            try await cluster.client.delete(.services, namespace: namespace, name: "web", uid: nil)
            var copy = service
            for key in ["uid", "resourceVersion", "managedFields", "creationTimestamp"] { copy["metadata"]?[key] = nil }
            copy["spec"]?["clusterIP"] = nil
            copy["spec"]?["clusterIPs"] = nil
            _ = try await cluster.client.create(copy)
            let replaced = try await reconciler.repair(plan)
            XCTAssertEqual(replaced, ["The Service web was deleted, and another one made in its place."])
            let again = try await reconciler.repair(plan)
            XCTAssertEqual(again, [])
        }
    }

    func testRemovedFieldsAndLabels() async throws {
        try await withReconciler("removed") { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            try await edit(cluster, namespace) { deployment in
                deployment.container["readinessProbe"] = nil
                deployment["metadata"]?["labels"]?["app.kubernetes.io/managed-by"] = nil
            }
            let told = try await reconciler.repair(plan)
            XCTAssertEqual(
                told,
                [
                    "The label `app.kubernetes.io/managed-by` and `readinessProbe` of the container `web` (Deployment "
                        + "web) were removed."
                ])
            let again = try await reconciler.repair(plan)
            XCTAssertEqual(again, [])
        }
    }

    func testValuesThatAreRightAgainAreTakenOverSilently() async throws {
        try await withReconciler("moved") { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            let right = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
            try await edit(cluster, namespace) { $0.container["image"] = "example.com/other:1" }
            try await edit(cluster, namespace) { $0.container["image"] = right.container["image"] }
            let moved = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
            XCTAssertNotEqual(Ownership.digest(of: moved), Ownership.digest(of: right))
            let told = try await reconciler.repair(plan)
            XCTAssertEqual(told, [])
            let now = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
            XCTAssertEqual(Ownership.digest(of: now), Ownership.digest(of: right))
            XCTAssertEqual(now.at("metadata", "generation"), moved.at("metadata", "generation"), "no pod rolls")
        }
    }

    func testAutoscaledReplicasAreLeftAlone() async throws {
        try await withReconciler("scaled") { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            try await cluster.scale("web", in: namespace, to: 1, manager: "kube-controller-manager")
            let told = try await reconciler.repair(plan)
            XCTAssertEqual(told, [])
            let deployment = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
            XCTAssertEqual(deployment.at("spec", "replicas"), 1)
        }
    }

    func testReplicasSetByHandArePutRight() async throws {
        try await withReconciler("by-hand") { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            try await cluster.scale("web", in: namespace, to: 1, manager: "kubectl")
            let told = try await reconciler.repair(plan)
            XCTAssertEqual(withoutMoments(told), ["`replicas` of the Deployment web was changed with kubectl."])
            let deployment = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
            XCTAssertEqual(deployment.at("spec", "replicas"), 0)
        }
    }

    func testAddOnStaysBoundToItsSecret() async throws {
        try await withReconciler("redis") { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler, addOns: [AddOn(.redis, name: "web-redis")])
            let made = try await reconciler.repair(plan)
            XCTAssertEqual(made, [], "nothing of it was there before")
            let redis = try await cluster.client.get(.deployments, namespace: namespace, name: "web-redis")
            let secret = try await cluster.client.get(.secrets, namespace: namespace, name: "web-redis")
            let annotations = redis.at("spec", "template", "metadata", "annotations")
            XCTAssertEqual(annotations?["iterapp.no/secret"], secret.at("metadata", "uid"))
            try await edit(cluster, namespace, "web-redis") { $0.container["image"] = "example.com/other:1" }
            let told = try await reconciler.repair(plan)
            XCTAssertEqual(
                withoutMoments(told),
                ["`image` of the container `redis` (Deployment web-redis) was changed with kubectl-edit."])
            let now = try await cluster.client.get(.deployments, namespace: namespace, name: "web-redis")
            XCTAssertEqual(now.at("spec", "template"), redis.at("spec", "template"))
        }
    }

    func testDeletedNamespaceComesBack() async throws {
        try await withReconciler("gone") { cluster, reconciler, namespace in
            let plan = try plan(in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            try await cluster.client.delete(.namespaces, namespace: nil, name: namespace, uid: nil)
            let told = try await reconciler.repair(plan)
            XCTAssertEqual(told, ["The namespace \(namespace) was deleted, with everything in it."])
            let services = try await cluster.names(.services, in: namespace)
            XCTAssertEqual(services, ["web"])
            let again = try await reconciler.repair(plan)
            XCTAssertEqual(again, [])
        }
    }
}
