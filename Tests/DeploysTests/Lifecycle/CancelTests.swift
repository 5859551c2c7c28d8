import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// Whoever started the wrong thing can stop it.
final class CancelTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    /// `cats` is registered and release #1 of commit a is live in test; a deploy of commit b is held up at an event.
    private func amid(_ event: String, _ body: (Bench) async throws -> Void) async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            try await bench.deploy(ended: 1)
            bench.world.commit("b")
            bench.world.hold(event)
            let before = bench.world.count(event)
            await bench.command("deploy cats test main")
            _ = try await bench.delivered()
            let work = bench.start()
            try await bench.world.waitFor(event, times: before + 1)
            try await body(bench)
            await bench.stop(work)
        }
    }

    private func waitForTheEnd(_ bench: Bench) async throws { try await bench.world.waitFor("end settle", times: 2) }

    private func aftermath(_ bench: Bench, _ number: Int64 = 3) async throws -> String? {
        guard case .cancelled(let person, let aftermath)? = try await bench.phase(number) else { return nil }
        XCTAssertEqual(person, Bench.ola)
        return aftermath
    }

    // MARK: Waiting

    func testWhatWaitsIsCancelledAtOnce() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            await bench.command("deploy cats test main")
            let offered = try await bench.steps(2)
            XCTAssertEqual(offered, [.cancel])
            let answer = await bench.press(.cancel, 2)
            XCTAssertEqual(answer.outcome, .accepted)
            XCTAssertEqual(answer.text, "The deploy of `cats` to *test* is cancelled. Nothing was changed.")
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .cancelled)
            let aftermath = try await aftermath(bench, 2)
            XCTAssertEqual(aftermath, "Nothing was changed.")
            let next = try await bench.steps(2)
            XCTAssertEqual(next, [.retry])
            let told = try await bench.delivered()
            XCTAssertEqual(told.count, 1, "the first post says it at once")
            let again = await bench.press(.cancel, 2)
            XCTAssertEqual(again.text, "It is too late: the deploy of `cats` to *test* was stopped already.")
        }
    }

    // MARK: Running

    func testABuildIsStoppedAndNothingWasChanged() async throws {
        try await amid("build bbbbbbb") { bench in
            let answer = await bench.press(.cancel, 3)
            XCTAssertEqual(answer.outcome, .accepted, answer.text)
            try await waitForTheEnd(bench)
            let aftermath = try await aftermath(bench)
            XCTAssertEqual(aftermath, "Nothing was changed.")
            XCTAssertEqual(bench.world.count("put back"), 0)
            let operation = try await bench.operation(3)
            XCTAssertEqual(operation.state, .cancelled)
            XCTAssertEqual(operation.cancelledBy, Bench.ola)
            let lines = try await bench.audited()
            XCTAssertEqual(lines.first?.deed.kind, .cancel)
            XCTAssertEqual(lines.first?.operation, operation.id)
        }
    }

    func testARollOutIsFollowedByTheReleaseBefore() async throws {
        try await amid("roll out cats to test #2") { bench in
            _ = await bench.press(.cancel, 3)
            try await waitForTheEnd(bench)
            XCTAssertEqual(bench.world.count("putting back done cats to test #1"), 1)
            let aftermath = try await aftermath(bench)
            XCTAssertEqual(aftermath, "Release #1 was put back and serves.")
            let current = try await bench.journal.currentRelease(of: cats, in: .test)
            XCTAssertEqual(current, 1)
            let desired = try await bench.journal.desiredState(of: cats, in: .test)
            XCTAssertEqual(desired?.release, 1)
            let told = try await bench.delivered()
            XCTAssertFalse(told.contains { $0.isAnnouncement && $0.failure != nil })
        }
    }

    func testWhatHasRolledOutButIsNotLiveYetIsPutBackToo() async throws {
        try await amid("begin settle") { bench in
            let answer = await bench.press(.cancel, 3)
            XCTAssertEqual(answer.outcome, .accepted)
            bench.world.release("begin settle")
            // The attempt to end it as live comes first.
            try await bench.world.waitFor("end settle", times: 3)
            let aftermath = try await aftermath(bench)
            XCTAssertEqual(aftermath, "Release #1 was put back and serves.")
            let number = try await bench.journal.currentRelease(of: cats, in: .test)
            XCTAssertEqual(number, 1)
        }
    }

    func testARollOutThatFailsAtThatMomentIsPutBackToo() async throws {
        try await amid("build bbbbbbb") { bench in
            bench.world.fail(
                "roll out cats to test #2",
                RollOutError.failed(appling: "cats", cause: "It crashes.", advice: nil, evidence: []))
            bench.world.hold("begin record setback")
            bench.world.release("build bbbbbbb")
            try await bench.world.waitFor("begin record setback")
            // It is written, and nobody has stopped the run yet.
            let operation = try await bench.operation(3)
            let entry = AuditEntry(
                date: Bench.noon, trigger: .button(Bench.ola), place: nil, deed: Deed(.cancel, cats, .test),
                revision: nil, decision: .accepted, reason: nil, operation: operation.id)
            _ = try await bench.journal.cancel(
                operation.id, by: Bench.ola, at: Bench.noon, key: nil, auditing: entry, notices: { _ in [] })
            bench.world.release("begin record setback")
            try await waitForTheEnd(bench)
            let aftermath = try await aftermath(bench)
            XCTAssertEqual(aftermath, "Release #1 was put back and serves.")
        }
    }

    func testPuttingBackIsNotCancelledWithIt() async throws {
        try await amid("roll out cats to test #2") { bench in
            bench.world.hold("put back")
            _ = await bench.press(.cancel, 3)
            try await bench.world.waitFor("put back")
            let again = await bench.press(.cancel, 3, by: Bench.kari)
            XCTAssertEqual(again.text, "<@U2> is stopping the deploy of `cats` to *test* already.")
            bench.world.release("put back")
            try await waitForTheEnd(bench)
            XCTAssertEqual(bench.world.count("putting back done"), 1)
        }
    }

    func testAPutBackThatDoesNotWorkIsAnnounced() async throws {
        try await amid("roll out cats to test #2") { bench in
            bench.world.fail("put back", RollOutError.unreachable("No answer."))
            _ = await bench.press(.cancel, 3)
            try await waitForTheEnd(bench)
            let aftermath = try await aftermath(bench)
            XCTAssertEqual(
                aftermath, "Putting release #1 back did not work either: The cluster does not answer: No answer.")
            let told = try await bench.delivered()
            XCTAssertTrue(told.contains { draft in
                if case .cancelled? = draft.phase { draft.isAnnouncement } else { false }
            })
        }
    }

    func testTheFirstDeployOfAnAppHasNothingToGoBackTo() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.hold("roll out")
            await bench.command("deploy cats test main")
            let work = bench.start()
            try await bench.world.waitFor("roll out")
            _ = await bench.press(.cancel, 2)
            try await bench.world.waitFor("end settle")
            await bench.stop(work)
            XCTAssertEqual(bench.world.count("put back cats"), 0)
            let aftermath = try await aftermath(bench, 2)
            XCTAssertEqual(aftermath?.hasPrefix("No release was live before"), true)
        }
    }

    func testOthersGoOn() async throws {
        try await amid("build bbbbbbb") { bench in
            bench.world.commit("c", on: "other")
            await bench.command("deploy cats prod other")
            _ = await bench.press(.cancel, 3)
            try await bench.world.waitFor("end settle", times: 3)
            let other = try await bench.operation(4)
            XCTAssertEqual(other.state, .succeeded)
        }
    }

    func testAStopOfTheServiceIsNoCancellation() async throws {
        try await amid("roll out cats to test #2") { _ in }
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.hold("roll out")
            await bench.command("deploy cats test main")
            let work = bench.start()
            try await bench.world.waitFor("roll out")
            await bench.stop(work)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .queued)
            XCTAssertNil(operation.cancelledBy)
            let phase = try await bench.phase(2)
            XCTAssertEqual(phase, .interrupted)
        }
    }

    // MARK: Who and what

    func testTheGateIsAskedAtThePress() async throws {
        try await amid("build bbbbbbb") { bench in
            let answer = await bench.press(.cancel, 3, by: CarefulGate.stranger, CarefulGate())
            XCTAssertEqual(answer, Answer(.refused, CarefulGate.sentence))
            let operation = try await bench.operation(3)
            XCTAssertNil(operation.cancelledBy)
            let lines = try await bench.audited()
            XCTAssertEqual(lines.first?.decision, .refused)
            bench.world.release("build bbbbbbb")
            try await waitForTheEnd(bench)
            let ended = try await bench.operation(3)
            XCTAssertEqual(ended.state, .succeeded)
        }
    }

    func testARepairIsNotCancelled() async throws {
        try await Bench.with { bench in
            let request = OperationRequest(
                kind: .repair, app: cats, environment: .test, revision: nil, trigger: .watch, channel: Bench.room,
                deduplicationKey: nil)
            _ = try await bench.journal.accept(
                request, at: Bench.noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            let answer = await bench.press(.cancel, 1)
            XCTAssertEqual(answer, Answer(.refused, PressWords.cannotBeCancelled))
        }
    }

    // MARK: The command

    func testTheCommandStopsWhatRunsFirst() async throws {
        try await amid("build bbbbbbb") { bench in
            await bench.command("deploy cats test main")
            let answer = await bench.desk().answer("cancel cats test", from: bench.sender())
            XCTAssertEqual(
                answer.text, "Stopping the deploy of `cats` to *test*. What it has changed is undone; follow it in "
                    + "#iterapp-logs. One more waits behind it.")
            bench.world.release("build bbbbbbb")
            try await bench.world.waitFor("end settle", times: 3)
            let (first, second) = (try await bench.operation(3), try await bench.operation(4))
            XCTAssertEqual(first.state, .cancelled)
            XCTAssertEqual(second.state, .succeeded)
        }
    }

    func testACommandThatIsDeliveredTwiceCancelsOneOperation() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            await bench.command("deploy cats test main")
            let first = await bench.desk().answer("cancel cats test", from: bench.sender(key: "command:1"))
            XCTAssertEqual(first.text, "The deploy of `cats` to *test* is cancelled. Nothing was changed.")
            await bench.command("deploy cats test main")
            let replayed = await bench.desk().answer("cancel cats test", from: bench.sender(key: "command:1"))
            XCTAssertEqual(replayed.outcome, .accepted)
            XCTAssertEqual(replayed.text, "The deploy of `cats` to *test* was stopped already.")
            let untouched = try await bench.operation(3)
            XCTAssertEqual(untouched.state, .queued)
            let anew = await bench.desk().answer("cancel cats test", from: bench.sender(key: "command:2"))
            XCTAssertEqual(anew.outcome, .accepted)
            let cancelled = try await bench.operation(3)
            XCTAssertEqual(cancelled.state, .cancelled)
        }
    }

    func testTheCommandAsksWhichOne() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let nothing = await bench.desk().answer("cancel cats", from: bench.sender())
            XCTAssertEqual(nothing.text, "Nothing of `cats` is under way, so there is nothing to cancel.")
            await bench.command("deploy cats test main")
            await bench.command("deploy cats prod main")
            let which = await bench.desk().answer("cancel cats", from: bench.sender())
            XCTAssertEqual(which.outcome, .refused)
            XCTAssertTrue(
                which.text.hasSuffix("`/iterapp cancel cats prod`, `/iterapp cancel cats test`."), which.text)
            await bench.command("cancel cats prod")
            await bench.command("cancel cats")
            for number in [2, 3] as [Int64] {
                let operation = try await bench.operation(number)
                XCTAssertEqual(operation.state, .cancelled)
            }
        }
    }
}
