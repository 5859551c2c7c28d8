import AppFile
import Deploys
import JSON
import Kubernetes
import Synchronization
import XCTest

/// What others change, what failed, and what is put right again.
final class ReconcileTests: ClusterCase {
    func testAnAutoscalersReplicasAreLeftAlone() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let namespace = cluster.namespace("scaled")
        let first = await cluster.deploy(try release(1, in: namespace))
        XCTAssertEqual(first, .live)
        try await cluster.scale("web", in: namespace, to: 2, manager: "kube-controller-manager")
        var remarks: [String] = []
        let second = await cluster.deploy(try release(2, in: namespace), remarks: { remarks = $0 })
        XCTAssertEqual(second, .live)
        XCTAssertTrue(
            remarks.contains { $0.contains("replicas") && $0.hasSuffix("left alone.") }, "\(remarks)")
        let web = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
        XCTAssertEqual(web.at("spec", "replicas"), 2)
    }

    func testWhatPeopleEditIsTakenOverAndTold() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let namespace = cluster.namespace("edited")
        let first = await cluster.deploy(try release(1, in: namespace))
        XCTAssertEqual(first, .live)
        var web = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
        web["spec"]?["progressDeadlineSeconds"] = 333
        try await cluster.put(web, .deployments, manager: "kubectl-edit")
        var remarks: [String] = []
        let second = await cluster.deploy(try release(2, in: namespace), remarks: { remarks = $0 })
        XCTAssertEqual(second, .live)
        XCTAssertTrue(
            remarks.contains { $0.contains("kubectl-edit") && $0.hasSuffix("taken over.") }, "\(remarks)")
        let after = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
        XCTAssertEqual(after.at("spec", "progressDeadlineSeconds"), 60)
    }

    func testAFailedReleaseIsPutBack() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let namespace = cluster.namespace("back")
        let reconciler = cluster.reconciler()
        let good = try cluster.plan(try release(1, in: namespace), reconciler)
        let bad = try cluster.plan(try release(2, in: namespace, script: "exit 1"), reconciler)
        _ = try await reconciler.rollOut(good) { _ in }
        let before = try await cluster.readyPods(namespace)
        do throws(RollOutError) {
            _ = try await reconciler.rollOut(bad) { _ in }
            XCTFail("it went live")
        } catch {
            guard case .failed = error else { return XCTFail("\(error)") }
        }
        _ = try await reconciler.putBack(good) { _ in }
        let after = try await cluster.readyPods(namespace)
        XCTAssertEqual(after, before, "the pods that serve are not rolled")
        try await cluster.eventually("the failed pods go") {
            try await cluster.names(.pods, in: namespace) == before
        }
        await reconciler.stop()
    }

    func testWhatIsChangedOrDeletedIsNoticedAndRepaired() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let namespace = cluster.namespace("drift")
        let reconciler = cluster.reconciler()
        let plan = try cluster.plan(try release(1, in: namespace), reconciler)
        _ = try await reconciler.rollOut(plan) { _ in }
        let pods = try await cluster.readyPods(namespace)
        let drift = AsyncStream.makeStream(of: String.self)
        let watching = Task { await reconciler.watchDrift { drift.continuation.yield($0) } }
        _ = try await cluster.client.delete(.services, namespace: namespace, name: "web", uid: nil)
        var web = try await cluster.client.get(.deployments, namespace: namespace, name: "web")
        web["spec"]?["progressDeadlineSeconds"] = 333
        try await cluster.put(web, .deployments, manager: "kubectl-edit")
        for await changed in drift.stream where changed == namespace { break }

        let sentences = try await reconciler.repair(plan)
        let told = sentences.joined(separator: "\n")
        XCTAssertTrue(told.contains("The Service web was deleted."), told)
        XCTAssertTrue(told.contains("kubectl-edit"), told)
        let services = try await cluster.names(.services, in: namespace)
        XCTAssertTrue(services.contains("web"))
        let after = try await cluster.readyPods(namespace)
        XCTAssertEqual(after, pods, "pods that are right are not rolled")
        let again = try await reconciler.repair(plan)
        XCTAssertEqual(again, [], "told once")
        watching.cancel()
        await watching.value
        await reconciler.stop()
    }

    func testNothingThatPeopleMadeIsPruned() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let namespace = cluster.namespace("theirs")
        let first = await cluster.deploy(try release(1, in: namespace) { $0.cronJobs = [Self.task] })
        XCTAssertEqual(first, .live)
        // The same name and our labels, but another object.
        let ours = try await cluster.client.get(.cronJobs, namespace: namespace, name: "web-clean")
        _ = try await cluster.client.delete(.cronJobs, namespace: namespace, name: "web-clean", uid: nil)
        try await cluster.eventually("the task is gone") {
            try await cluster.names(.cronJobs, in: namespace).isEmpty
        }
        var theirs = ours
        theirs["metadata"] = [
            "name": "web-clean", "namespace": .string(namespace),
            "labels": ours.at("metadata", "labels") ?? [:],
        ]
        theirs["status"] = nil
        _ = try await cluster.client.create(theirs)
        let second = await cluster.deploy(try release(2, in: namespace))
        XCTAssertEqual(second, .live)
        let left = try await cluster.names(.cronJobs, in: namespace)
        XCTAssertEqual(left, ["web-clean"])
    }

    private static let task = CronJob(name: "clean", schedule: "0 3 * * *", path: "/index.html")
}
