import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// What time does to a roll-out: deadlines, outages, clocks that are wrong.
final class RollOutTimeTests: XCTestCase {
    private typealias Cats = FollowedDeployment
    private typealias Bench = JudgeBench

    private let down = KubernetesError.unreachable("connection refused")

    func testStandingStillIsCountedFromTheLastMove() {
        var bench = Bench([Cats.with([Cats.running, Cats.running])])
        XCTAssertEqual(bench.look().reasons, [])
        XCTAssertEqual(bench.look(after: 200).reasons, [])
        bench.deployments[0].pods[0] = bench.deployments[0].pod(1, ready: true, Cats.running)
        XCTAssertEqual(bench.look().reasons, [], "it moved")
        XCTAssertEqual(bench.look(after: 209).reasons, [])
        guard case .deadline(let last)? = bench.look(after: 1).reasons.first else { return XCTFail("no deadline") }
        XCTAssertEqual(last?.first?.cause, .notReady(nil, seconds: nil))
    }

    func testRollOutThatCreepsEndsInTheEnd() {
        var bench = Bench([Cats.with([Cats.running, Cats.running])])
        for round in 0..<20 {
            bench.deployments[0].pods[0] = bench.deployments[0].pod(1, ready: round % 2 == 0, Cats.running)
            XCTAssertEqual(bench.look(after: 175).reasons, [], "\(round)")
        }
        XCTAssertFalse(bench.look(after: 100).reasons.isEmpty)
    }

    func testRollOutSurvivesTenMinutesWithoutTheCluster() throws {
        var bench = Bench([Cats.with([Cats.running])])
        XCTAssertEqual(bench.look().reasons, [])
        XCTAssertEqual(bench.look(after: 150).reasons, [])
        bench.trouble = down
        let (_, going) = bench.watch(for: 600)
        let holdUp = try XCTUnwrap(going.progress?.holdUp)
        XCTAssertTrue(holdUp.hasPrefix("The cluster cannot be watched at the moment"), holdUp)
        XCTAssertTrue(holdUp.contains("connection refused"), holdUp)
        bench.trouble = nil
        // Its controllers counted the outage, ours do not.
        bench.conditions = [Cats.gaveUp(at: "2026-11-20T23:36:00Z")]
        let back = bench.look(after: 1)
        XCTAssertEqual(back.reasons, [])
        XCTAssertEqual(back.progress, RollOutProgress(ready: 0, wanted: 1))
        XCTAssertEqual(bench.look(after: 200).reasons, [], "it has its whole time again")
        bench.deployments[0].pods = [bench.deployments[0].pod(ready: true, Cats.running)]
        guard case .done = bench.look() else { return XCTFail("it became ready") }
    }

    func testRollOutThatFailsAllTheSameAfterAnOutageEnds() {
        var bench = Bench([Cats.with([Cats.running])])
        _ = bench.look()
        bench.trouble = down
        _ = bench.watch(for: 600)
        bench.trouble = nil
        bench.conditions = [Cats.gaveUp(at: "2026-11-20T23:36:00Z")]
        let (took, conclusion) = bench.watch(for: 400)
        XCTAssertEqual(took, 210)
        guard case .deadline? = conclusion.reasons.first else { return XCTFail("\(conclusion)") }
    }

    func testAfterAQuarterOfAnHourNobodyKnows() {
        var bench = Bench([Cats.with([Cats.running])])
        _ = bench.look()
        bench.trouble = down
        let (took, conclusion) = bench.watch(for: 2000)
        XCTAssertEqual(took, 900)
        guard case .unheard(let sentence) = conclusion else { return XCTFail("\(conclusion)") }
        XCTAssertEqual(sentence, "The cluster cannot be reached: connection refused.")
    }

    func testOutagesDoNotAddUpAndPatienceDoesNotRunInThem() {
        var bench = Bench([Cats.with([Cats.waiting("ErrImagePull", "connection refused")])])
        _ = bench.look()
        for _ in 0..<3 {
            bench.trouble = down
            let (took, conclusion) = bench.watch(for: 600)
            XCTAssertEqual(took, 600)
            XCTAssertNotNil(conclusion.progress)
            bench.trouble = nil
            XCTAssertEqual(bench.look(after: 1).reasons, [])
        }
        let (took, _) = bench.watch(for: 60)
        XCTAssertEqual(took, 35)
    }

    func testNothingIsConcludedFromWhatWasSeenBeforeASilence() {
        var bench = Bench([Cats.with([Cats.crashed(1, restarts: 2)])])
        bench.trouble = down
        XCTAssertEqual(bench.look().reasons, [])
        XCTAssertEqual(bench.look(after: 100).reasons, [])
        bench.trouble = nil
        XCTAssertFalse(bench.look().reasons.isEmpty)
    }

    func testBriefInterruptionLeavesKubernetesItsWord() {
        var bench = Bench([Cats.with([Cats.running])])
        _ = bench.look()
        bench.trouble = down
        XCTAssertNil(bench.look(after: 1).progress?.holdUp, "not worth a word")
        bench.trouble = nil
        bench.conditions = [Cats.gaveUp(at: "2026-11-20T23:36:00Z")]
        guard case .deadline? = bench.look(after: 4).reasons.first else { return XCTFail("it is over") }
    }

    func testVerdictOverTheVersionBeforeIsNotOurs() {
        // Going back to pods that are still there, a Deployment keeps the condition until it is complete.
        let gaveUp = Cats.gaveUp(at: "2026-11-20T23:36:00Z")
        var answer = Cats().object(observed: 1, conditions: [gaveUp])
        answer["metadata"]?["generation"] = 2
        let target = RollOutTarget(answer, namespace: "ns")
        var bench = Bench([Cats.with([Cats.running])], targets: [target])
        bench.conditions = [gaveUp]
        XCTAssertEqual(bench.look().reasons, [])
        bench.conditions = [Cats.gaveUp(at: "2026-11-20T23:39:00Z")]
        guard case .deadline? = bench.look().reasons.first else { return XCTFail("this one is ours") }
    }

    /// A Deployment that went from a version that timed out back to the one before, on a real cluster (1.36): its
    /// controller has looked at it, and still says that time is up.
    func testRecordedReturnToTheVersionBeforeIsWaitedFor() throws {
        var decoder = WatchDecoder()
        let states = try decoder.push(Recordings.bytes("watch-going-back.jsonl")).compactMap { event in
            switch event {
            case .added(let object), .modified(let object): object
            case .deleted, .bookmark: nil
            }
        }
        let answer = try XCTUnwrap(states.first { $0.at("metadata", "generation") == 3 })
        let target = RollOutTarget(answer, namespace: "cause-back")
        let last = try XCTUnwrap(states.last)
        XCTAssertEqual(RollOutVerdict.judge(last, generation: 3), .deadlineExceeded)
        for state in states {
            guard case .waiting = TargetState.judge(target, object: state, pods: [], wasSeen: true) else {
                return XCTFail("\(state)")
            }
        }
    }

    func testClocksOfTheClusterAnHourOffChangeNothing() {
        for time in ["2026-11-20T22:26:30Z", "2026-11-21T00:26:30Z", "1970-01-01T00:00:00Z"] {
            var bench = Bench([Cats.with([["state": ["running": ["startedAt": .string(time)]]]])])
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
            guard case .deadline(let last)? = conclusion.reasons.first else { return XCTFail("\(conclusion)") }
            XCTAssertEqual(last?.first?.cause, .notReady(.status(404), seconds: 0))
        }
    }
}
