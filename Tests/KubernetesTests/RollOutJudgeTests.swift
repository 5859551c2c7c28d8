import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// What is concluded from looks at the cluster, on a clock that only the test moves.
final class RollOutJudgeTests: XCTestCase {
    private typealias Cats = FollowedDeployment

    /// A roll-out of some Deployments, looked at whenever the test says so.
    private struct Bench {
        var deployments: [Cats]
        var trouble: KubernetesError?
        var conditions: [JSON] = []
        var observed = 2
        private var judge: RollOutJudge
        private var now = ContinuousClock.now

        init(_ deployments: [Cats], targets: [RollOutTarget]? = nil) {
            self.deployments = deployments
            judge = RollOutJudge(targets ?? deployments.map(\.target), limits: RollOutLimits(), now: now)
        }

        mutating func look(after seconds: Int = 0, events: [JSON] = []) -> RollOutJudge.Conclusion {
            now += .seconds(seconds)
            let objects = deployments.map { ($0.name, $0.object(observed: observed, conditions: conditions)) }
            let snapshot = ClusterWatches.Snapshot(
                deployments: Dictionary(uniqueKeysWithValues: objects), jobs: [:], pods: deployments.flatMap(\.pods),
                health: .init(isComplete: true, trouble: trouble))
            return judge.look(at: snapshot, events: EventIndex(events), now: now)
        }

        /// A look every second, until it comes to an end or the time is over.
        mutating func watch(for seconds: Int, events: [JSON] = []) -> (seconds: Int, RollOutJudge.Conclusion) {
            var conclusion = look(events: events)
            for second in 0..<seconds {
                guard case .going = conclusion else { return (second, conclusion) }
                conclusion = look(after: 1, events: events)
            }
            return (seconds, conclusion)
        }
    }

    private func reasons(_ conclusion: RollOutJudge.Conclusion) -> [RollOutFailure.Reason] {
        guard case .failed(let failures) = conclusion else { return [] }
        return failures.map(\.reason)
    }

    private func progress(_ conclusion: RollOutJudge.Conclusion) -> RollOutProgress? {
        switch conclusion {
        case .going(let progress, _), .done(let progress): progress
        case .failed, .unheard: nil
        }
    }

    private func cats(_ pods: [[String: JSON]], name: String = "cats", ready: Bool = false) -> Cats {
        var cats = Cats(name: name, replicas: max(1, pods.count))
        cats.pods = pods.enumerated().map { cats.pod($0.offset + 1, ready: ready, $0.element) }
        return cats
    }

    private let down = KubernetesError.unreachable("connection refused")

    // MARK: Progress

    func testReadyPodsOfSeveralApplingsAreAdded() {
        var bench = Bench([cats([Cats.running, Cats.running]), cats([Cats.running], name: "dogs")])
        XCTAssertEqual(progress(bench.look()), RollOutProgress(ready: 0, wanted: 3))
        bench.deployments[0].pods[1] = bench.deployments[0].pod(2, ready: true, Cats.running)
        XCTAssertEqual(progress(bench.look()), RollOutProgress(ready: 1, wanted: 3))
        bench.deployments[1].pods = [bench.deployments[1].pod(1, ready: true, Cats.running)]
        XCTAssertEqual(progress(bench.look()), RollOutProgress(ready: 2, wanted: 3))
        bench.deployments[0].pods[0] = bench.deployments[0].pod(1, ready: true, Cats.running)
        let end = bench.look()
        XCTAssertEqual(progress(end), RollOutProgress(ready: 3, wanted: 3))
        guard case .done = end else { return XCTFail("\(end)") }
    }

    func testAutoscalerMayChangeItsMindOnTheWay() {
        let target = cats([Cats.running]).target
        var bench = Bench([cats([Cats.running, Cats.running, Cats.running], ready: true)], targets: [target])
        XCTAssertEqual(progress(bench.look()), RollOutProgress(ready: 3, wanted: 3))
    }

    func testWhatHoldsUpIsToldOnceItLastsAndTakenBackWhenItPasses() {
        var bench = Bench([cats([[:]])])
        bench.deployments[0].pods = [
            bench.deployments[0].pod(conditions: [
                Cats.unscheduled("0/1 nodes are available: 1 Insufficient cpu. preemption: none.")
            ])
        ]
        XCTAssertNil(progress(bench.look())?.holdUp)
        XCTAssertNil(progress(bench.look(after: 4))?.holdUp)
        XCTAssertEqual(
            progress(bench.look(after: 1))?.holdUp,
            "No machine of the cluster has room for cats: 0/1 nodes are available: 1 Insufficient cpu.")
        XCTAssertEqual(reasons(bench.look(after: 170)), [], "the cluster may be adding a machine")
        bench.deployments[0].pods = [bench.deployments[0].pod(1, Cats.running)]
        let after = progress(bench.look())
        XCTAssertNotNil(after)
        XCTAssertNil(after?.holdUp)
    }

    // MARK: Causes

    func testCertainCausesEndTheRollOutAsSoonAsTheyAre() {
        let cases: [(String, [String: JSON], seconds: Int?)] = [
            ("registry says no", Cats.waiting("ErrImagePull", "x: not found"), 0),
            ("registry away", Cats.waiting("ErrImagePull", "connection refused"), 15),
            ("image name", Cats.waiting("InvalidImageName", ""), 0),
            ("missing reference", Cats.waiting("CreateContainerConfigError", "secret \"x\" not found"), 2),
            ("no such program", Cats.waiting("RunContainerError", "exec: no such file"), 5),
            ("first crash", Cats.crashed(1, restarts: 1), nil),
            ("third crash", Cats.crashed(1, restarts: 2), 0),
            ("not ready", Cats.running, nil),
        ]
        for (name, status, seconds) in cases {
            var bench = Bench([cats([status])])
            let (took, conclusion) = bench.watch(for: 60)
            if let seconds {
                XCTAssertEqual(took, seconds, name)
                guard case .cause? = reasons(conclusion).first else { return XCTFail("\(name): \(conclusion)") }
            } else {
                XCTAssertEqual(reasons(conclusion), [], name)
            }
        }
    }

    func testCauseThatComesAndGoesIsNotCounted() {
        var bench = Bench([cats([Cats.waiting("CreateContainerConfigError", "secret \"x\" not found")])])
        XCTAssertEqual(reasons(bench.look()), [])
        bench.deployments[0].pods = [bench.deployments[0].pod(1, Cats.running)]
        XCTAssertEqual(reasons(bench.look(after: 1)), [])
        bench.deployments[0].pods = [
            bench.deployments[0].pod(1, Cats.waiting("CreateContainerConfigError", "secret \"x\" not found"))
        ]
        XCTAssertEqual(reasons(bench.look(after: 5)), [])
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
            XCTAssertEqual(reasons(conclusion), [.cause(certain: ["podsRefused"])])
        }
    }

    func testOneOfSeveralApplingsFailsAndTheOthersTroubleIsToldBeside() {
        var bench = Bench([
            cats([Cats.running], name: "a"), cats([Cats.crashed(1, restarts: 0)], name: "b"),
            cats([Cats.crashed(2, restarts: 2)], name: "c"),
        ])
        let conclusion = bench.look()
        guard case .failed(let failures) = conclusion else { return XCTFail("\(conclusion)") }
        XCTAssertEqual(failures.map(\.target.name), ["c", "b"])
        XCTAssertEqual(failures.map(\.reason), [.cause(certain: ["exited 2"]), .beside])
    }

    // MARK: Time

    func testStandingStillIsCountedFromTheLastMove() {
        var bench = Bench([cats([Cats.running, Cats.running])])
        XCTAssertEqual(reasons(bench.look()), [])
        XCTAssertEqual(reasons(bench.look(after: 200)), [])
        bench.deployments[0].pods[0] = bench.deployments[0].pod(1, ready: true, Cats.running)
        XCTAssertEqual(reasons(bench.look()), [], "it moved")
        XCTAssertEqual(reasons(bench.look(after: 209)), [])
        guard case .deadline(let last)? = reasons(bench.look(after: 1)).first else { return XCTFail("no deadline") }
        XCTAssertEqual(last?.first?.cause, .notReady(nil, seconds: nil))
    }

    func testRollOutThatCreepsEndsInTheEnd() {
        var bench = Bench([cats([Cats.running, Cats.running])])
        for round in 0..<20 {
            bench.deployments[0].pods[0] = bench.deployments[0].pod(1, ready: round % 2 == 0, Cats.running)
            XCTAssertEqual(reasons(bench.look(after: 175)), [], "\(round)")
        }
        XCTAssertFalse(reasons(bench.look(after: 100)).isEmpty)
    }

    func testRollOutSurvivesTenMinutesWithoutTheCluster() throws {
        var bench = Bench([cats([Cats.running])])
        XCTAssertEqual(reasons(bench.look()), [])
        bench.trouble = down
        let (_, going) = bench.watch(for: 600)
        let holdUp = try XCTUnwrap(progress(going)?.holdUp)
        XCTAssertTrue(holdUp.hasPrefix("The cluster cannot be watched at the moment"), holdUp)
        XCTAssertTrue(holdUp.contains("connection refused"), holdUp)
        bench.trouble = nil
        // Its controllers counted the outage, ours do not.
        bench.conditions = [Cats.gaveUp(at: "2026-11-20T23:36:00Z")]
        let back = bench.look(after: 1)
        XCTAssertEqual(reasons(back), [])
        XCTAssertEqual(progress(back), RollOutProgress(ready: 0, wanted: 1))
        XCTAssertEqual(reasons(bench.look(after: 200)), [], "it has its whole time again")
        bench.deployments[0].pods = [bench.deployments[0].pod(ready: true, Cats.running)]
        guard case .done = bench.look() else { return XCTFail("it became ready") }
    }

    func testRollOutThatFailsAllTheSameAfterAnOutageEnds() {
        var bench = Bench([cats([Cats.running])])
        _ = bench.look()
        bench.trouble = down
        _ = bench.watch(for: 600)
        bench.trouble = nil
        bench.conditions = [Cats.gaveUp(at: "2026-11-20T23:36:00Z")]
        let (took, conclusion) = bench.watch(for: 400)
        XCTAssertEqual(took, 210)
        guard case .deadline? = reasons(conclusion).first else { return XCTFail("\(conclusion)") }
    }

    func testAfterAQuarterOfAnHourNobodyKnows() {
        var bench = Bench([cats([Cats.running])])
        _ = bench.look()
        bench.trouble = down
        let (took, conclusion) = bench.watch(for: 2000)
        XCTAssertEqual(took, 900)
        guard case .unheard(let sentence) = conclusion else { return XCTFail("\(conclusion)") }
        XCTAssertEqual(sentence, "The cluster cannot be reached: connection refused.")
    }

    func testOutagesDoNotAddUpAndPatienceDoesNotRunInThem() {
        var bench = Bench([cats([Cats.waiting("ErrImagePull", "connection refused")])])
        _ = bench.look()
        for _ in 0..<3 {
            bench.trouble = down
            let (took, conclusion) = bench.watch(for: 600)
            XCTAssertEqual(took, 600)
            XCTAssertNotNil(progress(conclusion))
            bench.trouble = nil
            XCTAssertEqual(reasons(bench.look(after: 1)), [])
        }
        let (took, _) = bench.watch(for: 60)
        XCTAssertEqual(took, 15)
    }

    func testNothingIsConcludedFromWhatWasSeenBeforeASilence() {
        var bench = Bench([cats([Cats.crashed(1, restarts: 2)])])
        bench.trouble = down
        XCTAssertEqual(reasons(bench.look()), [])
        XCTAssertEqual(reasons(bench.look(after: 100)), [])
        bench.trouble = nil
        XCTAssertFalse(reasons(bench.look()).isEmpty)
    }

    func testBriefInterruptionLeavesKubernetesItsWord() {
        var bench = Bench([cats([Cats.running])])
        _ = bench.look()
        bench.trouble = down
        XCTAssertNil(progress(bench.look(after: 1))?.holdUp, "not worth a word")
        bench.trouble = nil
        bench.conditions = [Cats.gaveUp(at: "2026-11-20T23:36:00Z")]
        guard case .deadline? = reasons(bench.look(after: 4)).first else { return XCTFail("it is over") }
    }

    func testVerdictOverTheVersionBeforeIsNotOurs() {
        // Going back to pods that are still there, a Deployment keeps the condition until it is complete.
        let gaveUp = Cats.gaveUp(at: "2026-11-20T23:36:00Z")
        var answer = Cats().object(observed: 1, conditions: [gaveUp])
        answer["metadata"]?["generation"] = 2
        let target = RollOutTarget(answer, namespace: "ns")
        var bench = Bench([cats([Cats.running])], targets: [target])
        bench.conditions = [gaveUp]
        XCTAssertEqual(reasons(bench.look()), [])
        bench.conditions = [Cats.gaveUp(at: "2026-11-20T23:39:00Z")]
        guard case .deadline? = reasons(bench.look()).first else { return XCTFail("this one is ours") }
    }

    func testClocksOfTheClusterAnHourOffChangeNothing() {
        for time in ["2026-11-20T22:26:30Z", "2026-11-21T00:26:30Z", "1970-01-01T00:00:00Z"] {
            var bench = Bench([cats([["state": ["running": ["startedAt": .string(time)]]]])])
            bench.conditions = [
                [
                    "type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated",
                    "lastUpdateTime": .string(time),
                ]
            ]
            let event = bench.deployments[0].event(
                "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404", at: time)
            let (took, conclusion) = bench.watch(for: 400, events: [event])
            XCTAssertEqual(took, 210, time)
            guard case .deadline(let last)? = reasons(conclusion).first else { return XCTFail("\(conclusion)") }
            XCTAssertEqual(last?.first?.cause, .notReady(.status(404), seconds: 0))
        }
    }

    // MARK: Events

    func testEventsAreAskedForOnlyWhereTheyKnowMore() {
        func asks(_ cats: Cats) -> Bool {
            var bench = Bench([cats])
            guard case .going(_, let needsEvents) = bench.look() else { return false }
            return needsEvents
        }
        XCTAssertTrue(asks(cats([Cats.waiting("ContainerCreating", "")])))
        XCTAssertTrue(asks(cats([Cats.running])), "what its health check meets with")
        XCTAssertFalse(asks(Cats()), "no pods: the Deployment's condition tells")
        var ready = cats([Cats.running], ready: true)
        ready.replicas = 2
        XCTAssertFalse(asks(ready))
    }
}
