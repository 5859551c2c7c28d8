import Foundation
import JSON
import XCTest

@testable import Sandbox

final class ReplicaSetControllerTests: XCTestCase {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func set(_ replicas: Int, minReadySeconds: Int = 0) -> JSON {
        [
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": ["name": "cats-abc", "namespace": "n", "uid": "u", "generation": 1],
            "spec": [
                "replicas": .int(replicas), "minReadySeconds": .int(minReadySeconds),
                "template": [
                    "metadata": ["labels": ["app": "cats"]],
                    "spec": ["containers": [["name": "cats", "image": "cats:1"]]],
                ],
            ],
            "status": ["replicas": 0],
        ]
    }

    private func pod(
        _ name: String, ready: Date? = nil, phase: String = "Running", deleted: Bool = false,
        restarts: Int = 0
    ) -> JSON {
        var pod: JSON = [
            "metadata": [
                "name": .string(name), "namespace": "n", "uid": .string(name), "labels": ["app": "cats"],
            ],
            "spec": ["nodeName": "demo"],
            "status": [
                "phase": .string(phase), "containerStatuses": [["restartCount": .int(restarts)]],
                "conditions": [[
                    "type": "Ready", "status": ready == nil ? "False" : "True",
                    "lastTransitionTime": .string(ObjectStore.timestamp(ready ?? now)),
                ]],
            ],
        ]
        if deleted { pod.set("2027-01-01T00:00:00Z", at: "metadata", "deletionTimestamp") }
        return pod
    }

    private func plan(_ set: JSON, _ pods: [JSON], failure: String? = nil) -> ControllerPlan {
        var count = 0
        return ReplicaSetController(replicaSet: set, pods: pods, createFailure: failure, now: now).plan {
            count += 1
            return "x\(count)"
        }
    }

    private func deleted(_ plan: ControllerPlan) -> [String] {
        plan.actions.compactMap { if case .delete(_, let pod) = $0 { pod.name } else { nil } }
    }

    func testMakesPodsAsAdmissionWould() throws {
        let plan = plan(set(2), [pod("gone", deleted: true), pod("over", phase: "Failed")])
        let pods = plan.actions.compactMap { if case .create(_, let pod) = $0 { pod } else { nil } }
        XCTAssertEqual(pods.map(\.name), ["cats-abc-x1", "cats-abc-x2"])
        let pod = try XCTUnwrap(pods.first)
        XCTAssertEqual(pod.at("metadata", "generateName"), "cats-abc-")
        XCTAssertEqual(pod.labels, ["app": "cats"])
        XCTAssertEqual(pod.ownerReferences, [[
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "cats-abc", "uid": "u",
            "controller": true, "blockOwnerDeletion": true,
        ]])
        XCTAssertEqual(pod["status"], ["phase": "Pending", "qosClass": "BestEffort"])
        XCTAssertEqual(pod.at("spec", "tolerations")?.array?.count, 2)
        let messages = plan.actions.compactMap { if case .event(let note) = $0 { note.message } else { nil } }
        XCTAssertEqual(messages, ["Created pod: cats-abc-x1", "Created pod: cats-abc-x2"])
    }

    func testTakesAwayThePodsThatAreMissedLeast() {
        let long = now.addingTimeInterval(-100)
        let pods = [
            pod("ready-long", ready: long), pod("ready-short", ready: now), pod("unready"),
            pod("pending", phase: "Pending"), pod("ready-restarted", ready: long, restarts: 3),
        ]
        XCTAssertEqual(deleted(plan(set(4), pods)), ["pending"])
        XCTAssertEqual(deleted(plan(set(3), pods)), ["pending", "unready"])
        XCTAssertEqual(deleted(plan(set(2), pods)), ["pending", "unready", "ready-short"])
        XCTAssertEqual(deleted(plan(set(1), pods)), ["pending", "unready", "ready-short", "ready-restarted"])
        XCTAssertEqual(deleted(plan(set(5), pods)), [])
    }

    func testCounts() {
        let pods = [
            pod("a", ready: now.addingTimeInterval(-20)), pod("b", ready: now.addingTimeInterval(-5)), pod("c"),
            pod("d", deleted: true),
        ]
        let plan = plan(set(3, minReadySeconds: 10), pods)
        guard case .updateStatus(_, let changed) = plan.actions.first else { return XCTFail("no status") }
        XCTAssertEqual(changed["status"], [
            "replicas": 3, "fullyLabeledReplicas": 3, "readyReplicas": 2, "availableReplicas": 1,
            "terminatingReplicas": 1, "observedGeneration": 1,
        ])
        XCTAssertEqual(plan.checkAgain?.timeIntervalSince(now), 5)
    }

    func testSaysWhyAPodCannotBeMade() {
        let plan = plan(set(0), [], failure: "exceeded quota")
        guard case .updateStatus(_, let changed) = plan.actions.first else { return XCTFail("no status") }
        let condition = Conditions(changed.at("status", "conditions"))["ReplicaFailure"]
        XCTAssertEqual(condition?["reason"], "FailedCreate")
        XCTAssertEqual(condition?["message"], "exceeded quota")
    }

    func testQualityOfService() {
        func quality(_ resources: JSON...) -> String {
            PodFactory.qualityClass(["containers": .array(resources.map { ["resources": $0] })])
        }
        XCTAssertEqual(quality([:], [:]), "BestEffort")
        XCTAssertEqual(quality(["requests": ["cpu": "1"]]), "Burstable")
        XCTAssertEqual(quality(["limits": ["cpu": "1", "memory": "1Gi"]]), "Guaranteed")
        XCTAssertEqual(quality(["limits": ["cpu": "1", "memory": "1Gi"]], [:]), "Burstable")
    }
}
