import JSON
import XCTest

@testable import Kubernetes

final class TargetStateTests: XCTestCase {
    private let applied: JSON = [
        "kind": "Deployment",
        "metadata": ["name": "cats", "uid": "u1", "generation": 2],
        "spec": [
            "replicas": 2, "progressDeadlineSeconds": 180,
            "selector": ["matchLabels": ["app.kubernetes.io/name": "cats"]],
            "template": ["metadata": ["annotations": ["iterapp.no/template": "new"]]],
        ],
    ]

    private func judge(_ deployment: JSON?, pods: [JSON] = [], wasSeen: Bool = false) -> TargetState {
        let target = RollOutTarget(applied, namespace: "ns")
        return .judge(target, object: deployment, pods: pods, wasSeen: wasSeen)
    }

    private func pod(_ template: String, ready: Bool, leaving: Bool = false) -> JSON {
        .compact([
            "metadata": .compact([
                "name": .string("cats-\(template)-\(ready)"), "labels": ["app.kubernetes.io/name": "cats"],
                "annotations": ["iterapp.no/template": .string(template)],
                "deletionTimestamp": leaving ? "2026-11-20T23:25:52Z" : nil,
            ]),
            "status": ["conditions": [["type": "Ready", "status": ready ? "True" : "False"]]],
        ])
    }

    func testWatchThatIsBehindIsNoVerdict() {
        var before = applied
        before["metadata"]?["generation"] = 1
        before["status"] = [
            "observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2,
        ]
        XCTAssertEqual(judge(before), .waiting(ready: 0, nil))
        XCTAssertEqual(judge(nil), .waiting(ready: 0, nil))
        before["spec"]?["template"]?["metadata"]?["annotations"]?["iterapp.no/template"] = "old"
        XCTAssertEqual(judge(before, wasSeen: true), .waiting(ready: 0, nil), "nobody took it away")
    }

    func testOnlyPodsOfTheNewVersionCount() {
        let pods = [pod("old", ready: true), pod("new", ready: true), pod("new", ready: true, leaving: true)]
        XCTAssertEqual(judge(applied, pods: pods), .waiting(ready: 1, nil))
    }

    func testTroubleOfOldPodsIsNotOurs() {
        var deployment = applied
        deployment["status"] = ["observedGeneration": 2, "replicas": 1]
        var old = pod("old", ready: false)
        old["status"]?["containerStatuses"] = [
            ["name": "cats", "restartCount": 9, "state": ["waiting": ["reason": "CrashLoopBackOff"]]]
        ]
        let state = judge(deployment, pods: [old])
        guard case .waiting(ready: 0, let diagnosis?) = state else { return XCTFail("\(state)") }
        XCTAssertNil(diagnosis.first)
    }

    func testDeletedOrReplacedByOthers() {
        guard case .takenAway = judge(nil, wasSeen: true) else { return XCTFail() }
        var recreated = applied
        recreated["metadata"]?["uid"] = "u2"
        guard case .takenAway = judge(recreated, wasSeen: true) else { return XCTFail() }
        var changed = applied
        changed["metadata"]?["generation"] = 3
        changed["spec"]?["template"]?["metadata"]?["annotations"]?["iterapp.no/template"] = "other"
        guard case .takenAway = judge(changed, wasSeen: true) else { return XCTFail() }
        var scaled = applied
        scaled["metadata"]?["generation"] = 3
        XCTAssertEqual(judge(scaled, wasSeen: true), .waiting(ready: 0, nil))
    }

    func testJobIsJudgedByItsOwnPodsAndEvents() throws {
        let job: JSON = [
            "kind": "Job",
            "metadata": ["name": "cats-release-1", "uid": "j1", "labels": ["app.kubernetes.io/name": "cats"]],
        ]
        let target = RollOutTarget(job, namespace: "ns")
        XCTAssertEqual(target.deadlineSeconds, ReleaseJob.activeDeadlineSeconds)
        func judge(_ object: JSON?, pods: [JSON] = [], events: [JSON] = [], wasSeen: Bool = false) -> TargetState {
            .judge(target, object: object, pods: pods, events: EventIndex(events), wasSeen: wasSeen)
        }
        XCTAssertEqual(judge(nil), .waiting(ready: 0, nil))
        XCTAssertEqual(
            judge(nil, wasSeen: true),
            .takenAway(sentence: "Somebody deleted the release command of cats while it was rolled out."))
        let event: JSON = [
            "reason": "FailedCreate", "involvedObject": ["uid": "j1"],
            "message": "Error creating: pods \"cats-release-x\" is forbidden: exceeded quota: q",
        ]
        let refused = judge(job, events: [event])
        guard case .waiting(_, let found?) = refused, case .podsRefused(let detail, _)? = found.first?.cause else {
            return XCTFail("\(refused)")
        }
        XCTAssertEqual(
            target.words.sentence(.podsRefused(detail: detail, mayPass: false)),
            "The cluster refuses to start the release command of cats: exceeded quota: q.")
        let stuck: JSON = [
            "metadata": ["name": "p", "ownerReferences": [["uid": "j1"]]],
            "status": [
                "containerStatuses": [["name": "release", "state": ["waiting": ["reason": "ImagePullBackOff"]]]]
            ],
        ]
        guard case .waiting(_, let told?) = judge(job, pods: [stuck], events: [event]),
            case .imageUnavailable? = told.first?.cause
        else {
            return XCTFail("a pod tells more than an old event")
        }
        let failed = RollOutBench.withConditions(job, ["Failed"], reason: "BackoffLimitExceeded")
        XCTAssertEqual(judge(failed), .failed)
        var running = stuck
        running["status"] = [
            "phase": "Running", "containerStatuses": [["name": "release", "state": ["running": [:]]]],
        ]
        XCTAssertEqual(judge(failed, pods: [running]), .waiting(ready: 0, nil), "its pod's end is still to be heard")
        var ended = stuck
        ended["status"] = ["phase": "Failed"]
        XCTAssertEqual(judge(failed, pods: [ended]), .failed)
        XCTAssertEqual(
            judge(RollOutBench.withConditions(job, ["Failed"], reason: "DeadlineExceeded")), .deadlineExceeded)
        XCTAssertEqual(
            judge(RollOutBench.withConditions(job, ["Complete"], reason: "CompletionsReached")), .done(ready: 0))
    }
}
