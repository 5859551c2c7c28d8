import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Deploys

/// What somebody changed in the cluster is put right, and told once.
final class RepairTests: XCTestCase {
    private let namespace = "apps-cats-test"
    private let change = "The image of cats was changed with kubectl-edit (13:05 UTC)."

    private func withRelease(_ body: (Bench, DriftDesk, Clock) async throws -> Void) async throws {
        try await Bench.withDeployedApp { bench in
            let clock = Clock()
            let desk = DriftDesk(
                journal: bench.journal, channel: Bench.room, signals: bench.signals, now: { Bench.noon },
                clock: { clock.now }, log: bench.log.log)
            let work = bench.start()
            let watch = Task { await desk.run() }
            try await body(bench, desk, clock)
            watch.cancel()
            await watch.value
            await bench.stop(work)
        }
    }

    private func repair(_ bench: Bench, _ desk: DriftDesk, until settled: Int) async throws {
        await desk.seen(inNamespace: namespace)
        try await bench.world.waitFor("end settle", times: settled)
    }

    func testAChangeIsPutRightAndToldInAMessageOfItsOwn() async throws {
        try await withRelease { bench, desk, _ in
            bench.world.differences.withLock { $0 = [change] }
            try await repair(bench, desk, until: 2)
            XCTAssertEqual(bench.world.count("repair cats to test #1"), 1)
            let operation = try await bench.operation(3)
            XCTAssertEqual(operation.kind, .repair)
            XCTAssertEqual(operation.trigger, .watch)
            let deploy = try await bench.operation(2)
            XCTAssertEqual(operation.lane, deploy.lane, "never beside a deploy")
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.map(\.phase), [.repaired([change])])
            XCTAssertEqual(drafts.map(\.isLive), [true], "one post")
        }
    }

    func testTheSameChangeIsToldOnceAndAnotherOneIsTold() async throws {
        try await withRelease { bench, desk, _ in
            bench.world.differences.withLock { $0 = [change] }
            try await repair(bench, desk, until: 2)
            bench.world.differences.withLock { $0 = [change.replacing("13:05", with: "13:06")] }
            try await repair(bench, desk, until: 3)
            bench.world.differences.withLock { $0 = ["The Service cats was deleted."] }
            try await repair(bench, desk, until: 4)
            XCTAssertEqual(bench.world.count("repair"), 3)
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.map(\.phase), [.repaired([change]), .repaired(["The Service cats was deleted."])])
        }
    }

    func testNobodyHearsOfAComparisonThatFindsNothingOrOfAClusterThatIsAway() async throws {
        try await withRelease { bench, desk, _ in
            try await repair(bench, desk, until: 2)
            bench.world.fail("repair", RollOutError.unreachable("No answer."))
            try await repair(bench, desk, until: 3)
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts, [])
        }
    }

    func testWhatCannotBePutRightIsToldOnce() async throws {
        try await withRelease { bench, desk, _ in
            let refusal = RollOutError.rejected("forbidden.")
            bench.world.fail("repair", refusal, refusal)
            try await repair(bench, desk, until: 2)
            try await repair(bench, desk, until: 3)
            let drafts = try await bench.delivered()
            guard case .failed(let failure)? = drafts.first?.phase else { return XCTFail("\(drafts)") }
            XCTAssertEqual(drafts.count, 1)
            XCTAssertEqual(
                failure.sentence,
                "Somebody changed what runs, and it can't be put right. The cluster refused the app's objects: "
                    + "forbidden. Nothing was changed.")
        }
    }

    func testAProgramThatKeepsChangingThingsIsNotFoughtAtFullSpeed() async throws {
        try await withRelease { bench, desk, clock in
            for turn in 0..<DriftDesk.maxRepairsInARow { try await repair(bench, desk, until: 2 + turn) }
            await desk.seen(inNamespace: namespace)
            clock.advance(DriftDesk.repairsInARow - .seconds(1))
            await desk.lookNow()
            let early = try await bench.journal.operation(OperationID(Int64(3 + DriftDesk.maxRepairsInARow)))
            XCTAssertNil(early)
            clock.advance(.seconds(2))
            await desk.lookNow()
            try await bench.world.waitFor("end settle", times: 2 + DriftDesk.maxRepairsInARow)
            XCTAssertTrue(
                bench.log.lines.contains(
                    "warning something keeps changing apps-cats-test; it is put right again in some minutes"))
        }
    }

    func testWhatIsNobodysIsLeftAlone() async throws {
        try await withRelease { bench, desk, _ in
            await desk.seen(inNamespace: "default")
            try await repair(bench, desk, until: 2)
            let operation = try await bench.journal.operation(OperationID(4))
            XCTAssertNil(operation)
        }
    }
}

private final class Clock: Sendable {
    private let moment = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { moment.withLock { $0 } }
    func advance(_ time: Duration) { moment.withLock { $0 = $0 + time } }
}
