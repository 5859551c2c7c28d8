import AppFile
import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// What a roll-out does with fields of other managers, with what is refused, and with what an earlier release left.
final class ApplyTests: PlanCase {
    func testFieldsOfOthersAreTakenOverAndTold() async throws {
        try await withReconciler("taken") { cluster, reconciler, namespace in
            _ = try await reconciler.rollOut(plan(1, in: namespace, reconciler)) { _ in }
            try await edit(cluster, namespace) { $0.container["image"] = "example.com/other:1" }
            let remarks = try await reconciler.rollOut(plan(2, in: namespace, reconciler)) { _ in }
            XCTAssertEqual(
                remarks, ["`image` of the container `web` (Deployment web) was set by kubectl-edit; taken over."])
            let again = try await reconciler.rollOut(plan(3, in: namespace, reconciler)) { _ in }
            XCTAssertEqual(again, [], "it is ours now")
        }
    }

    func testReplicasStayWithTheAutoscaler() async throws {
        try await withReconciler("autoscaler") { cluster, reconciler, namespace in
            _ = try await reconciler.rollOut(plan(1, in: namespace, reconciler)) { _ in }
            try await cluster.scale("web", in: namespace, to: 1, manager: "kube-controller-manager")
            // Without a node, three pods would never be ready: what is followed is tried elsewhere.
            let objects = try plan(2, in: namespace, reconciler).objects().stage(.workloads)
            let applier = ObjectApplier(
                client: cluster.client, limits: RollOutLimits(), patience: Patience(cluster.client, maxSilence: .zero))
            let applied = try await applier.apply(objects.map(ObjectApplier.Item.init))
            XCTAssertEqual(
                applied.remarks, ["`replicas` of the Deployment web was set by kube-controller-manager; left alone."])
            let deployment = try XCTUnwrap(applied.answers.first { $0["kind"]?.string == "Deployment" })
            XCTAssertEqual(deployment.at("spec", "replicas"), 1)
            XCTAssertEqual(RollOutTarget(deployment, namespace: namespace).wanted(by: nil), 1, "the live number is followed")
        }
    }

    func testReplicasSetByHandStayWhereAnAutoscalerIsThere() async throws {
        try await withReconciler("hpa") { cluster, reconciler, namespace in
            try await cluster.require(.horizontalPodAutoscalers)
            _ = try await reconciler.rollOut(plan(1, in: namespace, reconciler)) { _ in }
            try await createAutoscaler(cluster, namespace)
            try await cluster.scale("web", in: namespace, to: 2, manager: "kubectl")
            let objects = try plan(2, in: namespace, reconciler).objects().stage(.workloads)
            let applier = ObjectApplier(
                client: cluster.client, limits: RollOutLimits(), patience: Patience(cluster.client, maxSilence: .zero))
            let applied = try await applier.apply(objects.map(ObjectApplier.Item.init))
            XCTAssertEqual(applied.remarks, ["`replicas` of the Deployment web was set by kubectl; left alone."])
        }
    }

    private func createAutoscaler(_ cluster: ClusterUnderTest, _ namespace: String) async throws {
        _ = try await cluster.client.create(
            [
                "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
                "metadata": ["name": "web", "namespace": .string(namespace)],
                "spec": [
                    "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"],
                    "minReplicas": 1, "maxReplicas": 3,
                ],
            ], as: .horizontalPodAutoscalers)
    }

    /// A server forgets who set the number once it was scaled to zero.
    func testReplicasThatWereZeroStayWithTheAutoscaler() async throws {
        try await withReconciler("zero") { cluster, reconciler, namespace in
            try await cluster.require(.horizontalPodAutoscalers)
            _ = try await reconciler.rollOut(plan(1, in: namespace, reconciler)) { _ in }
            for replicas in [1, 0, 2] {
                try await cluster.scale("web", in: namespace, to: replicas, manager: "kube-controller-manager")
            }
            try await createAutoscaler(cluster, namespace)
            let objects = try plan(2, in: namespace, reconciler).objects().stage(.workloads)
            let applier = ObjectApplier(
                client: cluster.client, limits: RollOutLimits(), patience: Patience(cluster.client, maxSilence: .zero))
            let checked = try await applier.check(objects.map(ObjectApplier.Item.init))
            XCTAssertEqual(checked.remarks.count, 1)
            XCTAssertTrue(checked.remarks[0].hasSuffix("left alone."), checked.remarks[0])
            let deployment = try XCTUnwrap(checked.answers.first { $0["kind"]?.string == "Deployment" })
            XCTAssertEqual(deployment.at("spec", "replicas"), 2)
        }
    }

    func testAllRefusalsAreToldAtOnceAndNothingIsChanged() async throws {
        try await withReconciler("refused") { cluster, reconciler, namespace in
            let good = try plan(1, in: namespace, reconciler)
            _ = try await reconciler.rollOut(good) { _ in }
            let before = try await versions(cluster, namespace)
            var objects = try plan(2, in: namespace, reconciler).objects()
            for index in objects.indices {
                switch objects[index]["kind"]?.string {
                case "Deployment": objects[index].container["imagge"] = "x"
                case "Service": objects[index]["spec"]?["ports"] = [["port": 808_000]]
                default: break
                }
            }
            do throws(RollOutError) {
                _ = try await reconciler.rollOut(ClusterPlan(objects, namespace: namespace)) { _ in }
                XCTFail("an invalid plan was taken")
            } catch {
                guard case .rejected(let sentence) = error else { return XCTFail("\(error)") }
                XCTAssertTrue(sentence.contains("Service web: spec.ports[0]"), sentence)
                XCTAssertTrue(sentence.contains("808000") && sentence.contains("65535"), sentence)
                XCTAssertTrue(
                    sentence.contains(
                        #"Deployment web: .spec.template.spec.containers[name="web"].imagge: field not declared"#),
                    sentence)
            }
            let after = try await versions(cluster, namespace)
            XCTAssertEqual(after, before)
        }
    }

    func testPuttingBackBringsTheEarlierPlanAndRemovesWhatTheOtherAdded() async throws {
        try await withReconciler("back") { cluster, reconciler, namespace in
            let good = try plan(1, in: namespace, reconciler)
            _ = try await reconciler.rollOut(good) { _ in }
            let added = ReleasedAppling.Variable(name: "GREETING", value: .plain("changed"))
            let bad = try plan(2, in: namespace, reconciler, cronJobs: ["nightly"], variables: [added])
            _ = try await reconciler.rollOut(bad) { _ in }
            let jobs = try await cluster.names(.cronJobs, in: namespace)
            XCTAssertEqual(jobs, ["web-nightly"])
            let remarks = try await reconciler.putBack(good) { _ in }
            XCTAssertEqual(remarks, [])
            let left = try await cluster.names(.cronJobs, in: namespace)
            XCTAssertEqual(left, [])
            let repaired = try await reconciler.repair(good)
            XCTAssertEqual(repaired, [], "it is as the earlier plan says")
        }
    }

    func testNamespaceThatIsBeingDeletedIsWaitedFor() async throws {
        try await withReconciler("dying") { cluster, reconciler, namespace in
            let plan = try plan(1, in: namespace, reconciler)
            _ = try await reconciler.rollOut(plan) { _ in }
            let held: JSON = [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": "held", "namespace": .string(namespace), "finalizers": ["example.com/stay"]],
            ]
            _ = try await cluster.client.create(held)
            try await cluster.client.delete(.namespaces, namespace: nil, name: namespace, uid: nil)
            let (holdUps, said) = AsyncStream<String>.makeStream()
            let rollOut = Task {
                defer { said.finish() }
                return try await reconciler.rollOut(plan) { if let holdUp = $0.holdUp { said.yield(holdUp) } }
            }
            var heard: [String] = []
            for await holdUp in holdUps {
                heard.append(holdUp)
                var map = try await cluster.client.get(.configMaps, namespace: namespace, name: "held")
                map["metadata"]?["finalizers"] = []
                try await cluster.put(map, .configMaps, manager: "kubectl-edit")
            }
            _ = try await rollOut.value
            XCTAssertEqual(
                heard, ["The namespace \(namespace) is still being deleted; going on as soon as it is gone."])
            let services = try await cluster.names(.services, in: namespace)
            XCTAssertEqual(services, ["web"])
        }
    }
}
