import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// What is concluded from looks at the cluster, on a clock that only the test moves.
final class RollOutJudgeTests: XCTestCase {
    private typealias Cats = FollowedDeployment
    private typealias Bench = JudgeBench

    // MARK: Progress

    func testReadyPodsOfSeveralApplingsAreAdded() {
        var bench = Bench([Cats.with([Cats.running, Cats.running]), Cats.with([Cats.running], name: "dogs")])
        XCTAssertEqual(bench.look().progress, RollOutProgress(ready: 0, wanted: 3))
        bench.deployments[0].pods[1] = bench.deployments[0].pod(2, ready: true, Cats.running)
        XCTAssertEqual(bench.look().progress, RollOutProgress(ready: 1, wanted: 3))
        bench.deployments[1].pods = [bench.deployments[1].pod(1, ready: true, Cats.running)]
        XCTAssertEqual(bench.look().progress, RollOutProgress(ready: 2, wanted: 3))
        bench.deployments[0].pods[0] = bench.deployments[0].pod(1, ready: true, Cats.running)
        let end = bench.look()
        XCTAssertEqual(end.progress, RollOutProgress(ready: 3, wanted: 3))
        guard case .done = end else { return XCTFail("\(end)") }
    }

    func testAutoscalerMayChangeItsMindOnTheWay() {
        let target = Cats.with([Cats.running]).target
        var bench = Bench([Cats.with([Cats.running, Cats.running, Cats.running], ready: true)], targets: [target])
        XCTAssertEqual(bench.look().progress, RollOutProgress(ready: 3, wanted: 3))
    }

    func testWhatHoldsUpIsToldOnceItLastsAndTakenBackWhenItPasses() {
        var bench = Bench([Cats.with([[:]])])
        bench.deployments[0].pods = [
            bench.deployments[0].pod(conditions: [
                Cats.unscheduled("0/1 nodes are available: 1 Insufficient cpu. preemption: none.")
            ])
        ]
        XCTAssertNil(bench.look().progress?.holdUp)
        XCTAssertNil(bench.look(after: 4).progress?.holdUp)
        XCTAssertEqual(
            bench.look(after: 1).progress?.holdUp,
            "No machine of the cluster has room for cats: 0/1 nodes are available: 1 Insufficient cpu.")
        XCTAssertEqual(bench.look(after: 170).reasons, [], "the cluster may be adding a machine")
        bench.deployments[0].pods = [bench.deployments[0].pod(1, Cats.running)]
        let after = bench.look().progress
        XCTAssertNotNil(after)
        XCTAssertNil(after?.holdUp)
    }

    // MARK: Causes

    func testCertainCausesEndTheRollOutAsSoonAsTheyAre() {
        let cases: [(String, [String: JSON], seconds: Int?)] = [
            ("registry says no", Cats.waiting("ErrImagePull", "x: not found"), 0),
            ("registry away", Cats.waiting("ErrImagePull", "connection refused"), 35),
            ("image name", Cats.waiting("InvalidImageName", ""), 0),
            ("missing reference", Cats.waiting("CreateContainerConfigError", "secret \"x\" not found"), 2),
            ("no such program", Cats.waiting("RunContainerError", "exec: no such file"), 5),
            ("first crash", Cats.crashed(1, restarts: 1), nil),
            ("third crash", Cats.crashed(1, restarts: 2), 0),
            ("not ready", Cats.running, nil),
        ]
        for (name, status, seconds) in cases {
            var bench = Bench([Cats.with([status])])
            let (took, conclusion) = bench.watch(for: 60)
            if let seconds {
                XCTAssertEqual(took, seconds, name)
                guard case .cause? = conclusion.reasons.first else { return XCTFail("\(name): \(conclusion)") }
            } else {
                XCTAssertEqual(conclusion.reasons, [], name)
            }
        }
    }

    func testCauseThatComesAndGoesIsNotCounted() {
        var bench = Bench([Cats.with([Cats.waiting("CreateContainerConfigError", "secret \"x\" not found")])])
        XCTAssertEqual(bench.look().reasons, [])
        bench.deployments[0].pods = [bench.deployments[0].pod(1, Cats.running)]
        XCTAssertEqual(bench.look(after: 1).reasons, [])
        bench.deployments[0].pods = [
            bench.deployments[0].pod(1, Cats.waiting("CreateContainerConfigError", "secret \"x\" not found"))
        ]
        XCTAssertEqual(bench.look(after: 5).reasons, [])
    }

    func testRefusedPodsAreToldBeforeThereAreAny() throws {
        let cases = [
            (try Recordings.json("quota-exceeded.deployment.json"), 10),
            (try XCTUnwrap(Recordings.items("pod-security-rejected.list.json").first), 2),
        ]
        for (recorded, seconds) in cases {
            let refusal = try XCTUnwrap(Pods.condition("ReplicaFailure", of: recorded))
            var bench = Bench([Cats()])
            bench.conditions = [refusal]
            let (took, conclusion) = bench.watch(for: 60)
            XCTAssertEqual(took, seconds)
            XCTAssertEqual(conclusion.reasons, [.cause(certain: ["podsRefused"])])
        }
    }

    func testOneOfSeveralApplingsFailsAndTheOthersTroubleIsToldBeside() {
        var bench = Bench([
            Cats.with([Cats.running], name: "a"), Cats.with([Cats.crashed(1, restarts: 0)], name: "b"),
            Cats.with([Cats.crashed(2, restarts: 2)], name: "c"),
        ])
        let conclusion = bench.look()
        guard case .failed(let failures) = conclusion else { return XCTFail("\(conclusion)") }
        XCTAssertEqual(failures.map(\.target.name), ["c", "b"])
        XCTAssertEqual(failures.map(\.reason), [.cause(certain: ["exited 2"]), .beside])
    }

    // MARK: Events

    func testEventsAreAskedForOnlyWhereTheyKnowMore() {
        func asks(_ cats: Cats) -> Bool {
            var bench = Bench([cats])
            guard case .going(_, let needsEvents) = bench.look() else { return false }
            return needsEvents
        }
        XCTAssertTrue(asks(Cats.with([Cats.waiting("ContainerCreating", "")])))
        XCTAssertTrue(asks(Cats.with([Cats.running])), "what its health check meets with")
        XCTAssertFalse(asks(Cats()), "no pods: the Deployment's condition tells")
        var ready = Cats.with([Cats.running], ready: true)
        ready.replicas = 2
        XCTAssertFalse(asks(ready))
    }
}
