import TestSupport
import XCTest

@testable import Deploys

/// After a deploy that failed, the last good version serves.
final class PutBackTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")
    private let crash = RollOutError.failed(
        appling: "cats", cause: "It crashes.", advice: "Read its log.", evidence: ["boom"])

    /// A release is live, and a deploy of another commit fails.
    private func afterFailure(
        _ errors: RollOutError..., putBack: RollOutError? = nil, policy: (inout WorkPolicy) -> Void = { _ in },
        _ body: (Bench) async throws -> Void
    ) async throws {
        try await Bench.with(policy: policy) { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            _ = try await bench.delivered()
            bench.world.commit("b")
            for error in errors { bench.world.fail("roll out", error) }
            if let putBack { bench.world.fail("put back", putBack) }
            await bench.command("deploy cats test main")
            try await bench.work(until: 2)
            try await body(bench)
        }
    }

    func testTheReleaseBeforeIsPutBackAndPeopleAreToldWithTheEvidence() async throws {
        try await afterFailure(crash) { bench in
            XCTAssertEqual(bench.world.count("put back cats to test #1"), 1)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(failure.sentence, "It crashes. Release #1 was put back and serves.")
            XCTAssertEqual(failure.advice, "Read its log.")
            XCTAssertEqual(failure.evidence, ["boom"])
            let state = try await bench.journal.desiredState(of: cats, in: .test)
            XCTAssertEqual(state?.release, 1)
        }
    }

    func testARefusalInTheMiddleIsPutBackToo() async throws {
        try await afterFailure(.refusedMidway("Service cats: no.")) { bench in
            XCTAssertEqual(bench.world.count("put back cats to test #1"), 1)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(
                failure.sentence,
                "The cluster refused some of the app's objects, after it had taken others: Service cats: no. "
                    + "Release #1 was put back and serves.")
        }
    }

    func testNothingIsPutBackWhenNothingWasChangedOrTheClusterIsAway() async throws {
        for error in [RollOutError.rejected("No."), .unreachable("No answer.")] {
            try await afterFailure(error) { bench in
                XCTAssertEqual(bench.world.count("put back"), 0)
            }
        }
    }

    func testPuttingBackThatFailsIsTold() async throws {
        try await afterFailure(crash, putBack: .unreachable("No answer.")) { bench in
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(
                failure.sentence,
                "It crashes. Putting release #1 back did not work either: The cluster does not answer: No answer.")
            let state = try await bench.journal.desiredState(of: cats, in: .test)
            XCTAssertEqual(state?.release, 1)
        }
    }

    func testASettingLeavesTheFailedVersionInPlace() async throws {
        try await afterFailure(crash, policy: { $0.putsBackFailed = false }) { bench in
            XCTAssertEqual(bench.world.count("put back"), 0)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(
                failure.sentence,
                "It crashes. It was left in place, as ITERAPP_PUT_BACK asks for; pods of release #1 that are left keep "
                    + "serving.")
            let state = try await bench.journal.desiredState(of: cats, in: .test)
            XCTAssertNil(state, "a repair must neither undo nor finish it")
            let serving = try await bench.journal.currentRelease(of: cats, in: .test)
            XCTAssertEqual(serving, 1)
        }
    }

    func testAJournalThatCannotBeReadIsNotTakenForOneWithoutAnEarlierRelease() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.fail("roll out", crash)
            bench.world.fail("begin live state", JournalError.unavailable("the disk is gone"))
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(
                failure.sentence, "It crashes. It was not put back, because the journal can't be read: the disk is gone.")
        }
    }

    func testTheFirstReleaseHasNothingBeforeIt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.fail("roll out", crash)
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            XCTAssertEqual(bench.world.count("put back"), 0)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(failure.sentence, "It crashes.")
            let state = try await bench.journal.desiredState(of: cats, in: .test)
            XCTAssertNil(state)
        }
    }

    func testPeopleSeeThatItIsPutBack() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let seen = Watched<[Phase]>([])
            bench.world.onEvent { event, _ in
                guard event == "end record", let drafts = try? await bench.delivered() else { return }
                seen.change { $0 += drafts.compactMap(\.phase) }
            }
            bench.world.fail("roll out", crash)
            await bench.command("deploy cats test main")
            try await bench.work(until: 2)
            XCTAssertTrue(seen.value.contains(.puttingBack(release: 1, ready: 1, wanted: 1)), "\(seen.value)")
        }
    }

    /// A stop in the middle leaves the operation in the queue; the next start goes through all of it again.
    func testAStopWhilePuttingBackEndsWellAfterTheNextStart() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            bench.world.commit("b")
            bench.world.fail("roll out", crash, crash)
            bench.world.hold("put back")
            await bench.command("deploy cats test main")
            let work = bench.start()
            try await bench.world.waitFor("put back")
            await bench.stop(work)
            let queued = try await bench.operation(3)
            XCTAssertEqual(queued.state, .queued)
            let told = try await bench.delivered()
            XCTAssertEqual(told.last?.phase, .interrupted)
            bench.world.release("put back")
            try await bench.work(until: 2)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(failure.sentence, "It crashes. Release #1 was put back and serves.")
        }
    }

    func testRemarksOfTheClusterAreToldInTheThread() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.remarks.withLock { $0 = ["`replicas` was set by hpa; left alone."] }
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let drafts = try await bench.delivered()
            XCTAssertTrue(drafts.contains(.detail(title: "Warnings", lines: ["`replicas` was set by hpa; left alone."])))
        }
    }
}
