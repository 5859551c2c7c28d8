import Foundation
import JSON
import XCTest

@testable import Sandbox

/// Which containers may begin, and when a pod is over.
final class PodProgressTests: XCTestCase {
    private enum Fate { case waiting, running, unstarted, ended(Int), looping(Int) }

    private func record(_ name: String, _ role: ContainerPlan.Role, _ fate: Fate) -> ContainerRecord {
        let plan = ContainerPlan(["name": .string(name)], role)
        var record = ContainerRecord(plan: plan, isInitializing: true, backOff: BackOff())
        func end(_ code: Int) -> ContainerRecord.Termination { .init(exitCode: code, reason: "Error") }
        switch fate {
        case .waiting: break
        case .running, .unstarted:
            record.state = .running(startedAt: .distantPast)
            if case .running = fate { record.isStarted = true }
        case .ended(let code): record.state = .terminated(end(code))
        case .looping(let code):
            record.state = .waiting(reason: "CrashLoopBackOff")
            record.last = end(code)
        }
        return record
    }

    /// Of a pod with an init container, a sidecar and two main containers.
    private func progress(_ fates: [Fate], _ policy: JSON = "Always") -> PodProgress {
        let roles: [(String, ContainerPlan.Role)] = [
            ("init", .initial), ("side", .sidecar), ("one", .main), ("two", .main),
        ]
        return PodProgress(
            ["spec": ["restartPolicy": policy]], zip(roles, fates).map { record($0.0, $0.1, $1) })
    }

    private func startable(_ progress: PodProgress) -> [String] {
        progress.containers.indices.filter(progress.mayStart).map { progress.containers[$0].plan.name }
    }

    func testEachBeginsInItsTurn() {
        XCTAssertEqual(startable(progress([.waiting, .waiting, .waiting, .waiting])), ["init"])
        XCTAssertEqual(startable(progress([.running, .waiting, .waiting, .waiting])), ["init"])
        XCTAssertEqual(startable(progress([.looping(1), .waiting, .waiting, .waiting])), ["init"])
        let second = progress([.ended(0), .unstarted, .waiting, .waiting])
        XCTAssertEqual(startable(second), ["init", "side"])
        XCTAssertFalse(second.startsAgain(second.containers[0], after: .init(exitCode: 0, reason: "")))
        XCTAssertEqual(second.unfinishedInitial.map(\.plan.name), ["side"])
        XCTAssertEqual(second.phase(isBeingDeleted: false), "Pending")
        let third = progress([.ended(0), .running, .waiting, .waiting])
        XCTAssertEqual(startable(third), ["side", "one", "two"])
        XCTAssertTrue(third.isInitialized)
        // A sidecar that comes back later does not take the pod back to its beginning.
        let later = progress([.ended(0), .looping(1), .running, .running])
        XCTAssertTrue(later.isInitialized)
        XCTAssertEqual(later.phase(isBeingDeleted: false), "Running")
    }

    func testItIsOverWhenItsMainContainersAre() {
        let cases: [([Fate], JSON, ending: Bool, over: Bool, phase: String)] = [
            ([.ended(0), .running, .ended(0), .running], "Never", false, false, "Running"),
            ([.ended(0), .running, .ended(0), .ended(0)], "Never", true, false, "Running"),
            ([.ended(0), .ended(143), .ended(0), .ended(0)], "Never", true, true, "Succeeded"),
            ([.ended(0), .ended(0), .ended(0), .ended(3)], "Never", true, true, "Failed"),
            ([.ended(0), .running, .ended(0), .ended(3)], "OnFailure", false, false, "Running"),
            ([.ended(0), .ended(0), .ended(0), .ended(0)], "OnFailure", true, true, "Succeeded"),
            ([.ended(0), .ended(0), .ended(0), .ended(0)], "Always", false, false, "Running"),
            ([.ended(7), .waiting, .waiting, .waiting], "Never", true, true, "Failed"),
            ([.ended(7), .waiting, .waiting, .waiting], "OnFailure", false, false, "Pending"),
        ]
        for (fates, policy, ending, over, phase) in cases {
            let progress = progress(fates, policy)
            XCTAssertEqual(progress.isEnding, ending, "\(fates) \(policy)")
            XCTAssertEqual(progress.isOver, over, "\(fates) \(policy)")
            XCTAssertEqual(progress.phase(isBeingDeleted: false), phase, "\(fates) \(policy)")
        }
        let deleted = progress([.ended(0), .ended(0), .ended(0), .ended(137)])
        XCTAssertEqual(deleted.phase(isBeingDeleted: true), "Failed")
    }

    func testWhoStartsAgain() {
        func again(_ policy: JSON, _ code: Int) -> [Bool] {
            let progress = progress([.running, .running, .running, .running], policy)
            return progress.containers.map { progress.startsAgain($0, after: .init(exitCode: code, reason: "")) }
        }
        XCTAssertEqual(again("Always", 1), [true, true, true, true])
        XCTAssertEqual(again("Always", 0), [false, true, true, true])
        XCTAssertEqual(again("OnFailure", 0), [false, true, false, false])
        XCTAssertEqual(again("OnFailure", 1), [true, true, true, true])
        XCTAssertEqual(again("Never", 1), [false, true, false, false])
    }

    func testHowKubectlShowsIt() {
        func summary(_ initial: JSON, _ main: JSON) -> (String, String) {
            let pod: JSON = [
                "spec": [
                    "initContainers": [["name": "init"], ["name": "side", "restartPolicy": "Always"]],
                    "containers": [["name": "one"]],
                ],
                "status": ["phase": "Pending", "initContainerStatuses": initial, "containerStatuses": [main]],
            ]
            return (PodSummary.ready(pod), PodSummary.status(pod))
        }
        let waiting: JSON = ["name": "one", "state": ["waiting": ["reason": "PodInitializing"]]]
        let done: JSON = [
            "name": "init", "ready": true, "state": ["terminated": ["exitCode": 0, "reason": "Completed"]],
        ]
        let side: JSON = ["name": "side", "ready": true, "started": true, "state": ["running": [:]]]
        let running: JSON = ["name": "init", "state": ["running": [:]]]
        XCTAssertTrue(summary([running, ["name": "side"]], waiting) == ("0/2", "Init:0/2"))
        XCTAssertTrue(summary([done, running], waiting) == ("0/2", "Init:1/2"))
        XCTAssertTrue(summary([done, side], waiting) == ("1/2", "PodInitializing"))
        let failed: JSON = ["name": "init", "state": ["terminated": ["exitCode": 1, "reason": "Error"]]]
        XCTAssertTrue(summary([failed, ["name": "side"]], waiting) == ("0/2", "Init:Error"))
    }
}
