import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// What a second person has to approve is built first, and then waits beside its lane.
final class ApprovalTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")
    private let gate = CarefulGate()

    private func ask(_ bench: Bench, _ text: String, by person: Person = Bench.kari) async {
        let answer = await CommandDesk(bench.intake(gate), bench.info()).answer(text, from: bench.sender(by: person))
        XCTAssertEqual(answer.outcome, .accepted, answer.text)
    }

    /// Kari's deploy of commit a to prod is operation 2, and is held.
    private func held(_ body: (Bench, Task<Void, Never>) async throws -> Void) async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await ask(bench, "deploy cats prod main")
            _ = try await bench.delivered()
            let work = bench.start { $0.gate = gate }
            try await bench.world.waitFor("end hold")
            try await body(bench, work)
            await bench.stop(work)
        }
    }

    func testItIsBuiltAndThenHeldAndPeopleAreTold() async throws {
        try await held { bench, _ in
            let operation = try await bench.operation(2)
            XCTAssertTrue(operation.isHeld)
            XCTAssertEqual(operation.commit?.id.short, "aaaaaaa")
            XCTAssertEqual(operation.buildNumber, 1)
            XCTAssertNil(operation.releaseNumber)
            XCTAssertEqual(bench.world.count("roll out"), 0)
            let steps = try await bench.steps(2)
            XCTAssertEqual(steps, [.approve, .decline, .cancel])
            let announced = try await bench.delivered().filter(\.isAnnouncement)
            XCTAssertEqual(announced.map(\.phase), [.awaitingApproval(of: [.person("U1"), .person("U2")])])
        }
    }

    func testWhatNobodyElseMayApproveDoesNotOfferIt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await ask(bench, "deploy cats prod main")
            let work = bench.start { $0.gate = LonelyGate() }
            try await bench.world.waitFor("end hold")
            await bench.stop(work)
            let steps = try await bench.steps(2)
            XCTAssertEqual(steps, [.decline, .cancel])
        }
    }

    /// Whoever asks is the only one who may approve.
    private struct LonelyGate: Gate {
        func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling {
            .allowed(needsApproval: true)
        }
        func approvers(of app: AppID, in environment: EnvironmentName) -> [Party] { [.person(Bench.kari.id)] }
    }

    func testACommandThatIsDeliveredTwiceApprovesOneOperation() async throws {
        try await held { bench, _ in
            let desk = CommandDesk(bench.intake(gate), bench.info())
            let sender = bench.sender(by: Bench.ola, key: "command:1")
            let first = await desk.answer("approve cats prod", from: sender)
            XCTAssertEqual(first.text, "The deploy of `cats` to *prod* is approved and goes on.")
            try await bench.world.waitFor("end settle")
            bench.world.commit("b")
            await ask(bench, "deploy cats prod main")
            try await bench.world.waitFor("end hold", times: 2)
            let replayed = await desk.answer("approve cats prod", from: sender)
            XCTAssertEqual(replayed.outcome, .accepted)
            XCTAssertEqual(
                replayed.text,
                "The deploy of `cats` to *prod* was approved: it has gone live as release #1.")
            let untouched = try await bench.operation(3)
            XCTAssertTrue(untouched.isHeld)
        }
    }

    func testAnotherPersonLetsTheSameCommitGoOn() async throws {
        try await held { bench, _ in
            bench.world.commit("b")
            let answer = await bench.press(.approve, 2, gate)
            XCTAssertEqual(answer, Answer(.accepted, "The deploy of `cats` to *prod* is approved and goes on."))
            try await bench.world.waitFor("end settle")
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .succeeded)
            XCTAssertEqual(operation.commit?.id.short, "aaaaaaa")
            XCTAssertEqual(operation.approval?.by, Bench.ola)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 1)
            let told = try await bench.journal.lastReport(of: operation.id)
            XCTAssertEqual(told?.operation.approval?.by, Bench.ola)
            let line = try await bench.audited().first
            XCTAssertEqual(line?.deed, Deed(.approve, cats, .prod))
            XCTAssertEqual(line?.operation, operation.id)
            XCTAssertEqual(line?.trigger, .button(Bench.ola))
            let again = await bench.press(.approve, 2, gate)
            XCTAssertEqual(again, Answer(.information, "<@U2> has approved it already."))
        }
    }

    func testNobodyApprovesWhatTheyAskedForThemselves() async throws {
        try await held { bench, _ in
            let answer = await bench.press(.approve, 2, by: Bench.kari, gate)
            XCTAssertEqual(answer, Answer(.refused, PressWords.ownRequest))
            let operation = try await bench.operation(2)
            XCTAssertTrue(operation.isHeld)
            let line = try await bench.audited().first
            XCTAssertEqual(line?.decision, .refused)
            let stranger = await bench.press(.approve, 2, by: CarefulGate.stranger, gate)
            XCTAssertEqual(stranger, Answer(.refused, CarefulGate.sentence))
        }
    }

    func testADeclinedOneEnds() async throws {
        try await held { bench, _ in
            let answer = await bench.press(.decline, 2, gate)
            XCTAssertEqual(answer, Answer(.accepted, "The deploy of `cats` to *prod* is declined. Nothing was changed."))
            let phase = try await bench.phase(2)
            XCTAssertEqual(phase, .declined(by: Bench.ola))
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .cancelled)
            let steps = try await bench.steps(2)
            XCTAssertEqual(steps, [])
            let late = await bench.press(.approve, 2, gate)
            XCTAssertEqual(late.outcome, .refused)
        }
    }

    func testWhatIsDeregisteredIsNoLongerHeld() async throws {
        try await held { bench, _ in
            await bench.command("register dogs")
            try await bench.world.waitFor("end settle")
            await ask(bench, "deploy dogs prod main")
            try await bench.world.waitFor("end hold", times: 2)
            await bench.command("deregister cats")
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .cancelled)
            XCTAssertEqual(operation.cancelledBy, Bench.kari)
            let (phase, steps) = (try await bench.phase(2), try await bench.steps(2))
            XCTAssertEqual(
                phase, .cancelled(
                    by: Bench.kari,
                    aftermath: "`cats` was deregistered while this waited for an approval. Nothing was changed."))
            XCTAssertEqual(steps, [], "nobody can do anything about it")
            let line = try await bench.audited().first
            XCTAssertEqual(line?.deed, Deed(.cancel, cats, .prod))
            XCTAssertEqual(line?.decision, .accepted)
            XCTAssertEqual(line?.operation, operation.id)
            let answer = await bench.press(.approve, 2, gate)
            XCTAssertEqual(
                answer, Answer(.refused, "It was stopped already, so there is nothing to approve."))
            let other = try await bench.operation(4)
            XCTAssertTrue(other.isHeld, "of another app")
        }
    }

    func testItsSenderCanTakeItBack() async throws {
        try await held { bench, _ in
            let answer = await bench.press(.cancel, 2, by: Bench.kari, gate)
            XCTAssertEqual(answer.outcome, .accepted)
            let phase = try await bench.phase(2)
            XCTAssertEqual(phase, .cancelled(by: Bench.kari, aftermath: "Nothing was changed."))
        }
    }

    func testItLapsesAfterADayAlsoOverARestart() async throws {
        try await held { bench, work in
            await bench.stop(work)
            _ = try await bench.journal.rescue()
            func look(_ seconds: TimeInterval) async throws {
                let ports = bench.ports { $0.now = { Bench.noon.addingTimeInterval(seconds) } }
                let held = HeldOperations(
                    ports: ports, naming: bench.naming, signals: bench.signals, limits: bench.limits)
                try await held.lapse()
            }
            // It is held from a minute past noon.
            try await look(24 * 3_600)
            let waiting = try await bench.operation(2)
            XCTAssertTrue(waiting.isHeld)
            try await look(24 * 3_600 + 60)
            let phase = try await bench.phase(2)
            XCTAssertEqual(phase, .lapsed)
            let steps = try await bench.steps(2)
            XCTAssertEqual(steps, [.retry])
        }
    }

    func testARetryDoesNotTakeANewerReleaseAway() async throws {
        try await held { bench, _ in
            bench.world.commit("b")
            await bench.command("deploy cats prod main")
            try await bench.world.waitFor("end settle")
            bench.world.fail("roll out", RollOutError.rejected("No."))
            _ = await bench.press(.approve, 2, gate)
            try await bench.world.waitFor("end settle", times: 2)
            let offered = try await bench.steps(2)
            XCTAssertEqual(offered, [.retry])
            let answer = await bench.press(.retry, 2)
            XCTAssertEqual(
                answer, Answer(.refused, "Release #1 is live there since, so that makes no sense any more."))
        }
    }

    func testItsLaneIsFreeAndApprovingTakesTheNewerReleaseAway() async throws {
        try await held { bench, _ in
            bench.world.commit("b")
            // Accepted before somebody had to approve it.
            await bench.command("deploy cats prod main")
            try await bench.world.waitFor("end settle")
            let live = try await bench.journal.currentRelease(of: cats, in: .prod)
            XCTAssertEqual(live, 1)
            bench.world.between.withLock { $0 = [] }
            let refused = await bench.presses(gate).preview(
                .approve, on: OperationID(2), from: bench.sender(by: CarefulGate.stranger, button: true))
            XCTAssertEqual(refused, .answer(Answer(.refused, CarefulGate.sentence)))
            let preview = await bench.presses(gate).preview(
                .approve, on: OperationID(2), from: bench.sender(by: Bench.ola, button: true))
            guard case .preview(let shown) = preview else { return XCTFail("\(preview)") }
            XCTAssertEqual(shown.current?.commit.id.short, "bbbbbbb")
            XCTAssertEqual(shown.commit?.id.short, "aaaaaaa")
            let answer = await CommandDesk(bench.intake(gate), bench.info())
                .answer("approve cats prod", from: bench.sender(by: Bench.ola))
            XCTAssertEqual(
                answer.text, "The deploy of `cats` to *prod* is approved and goes on. Release #1 (`bbbbbbb`) went live "
                    + "after this was asked for; `aaaaaaa` takes its place.")
            try await bench.world.waitFor("end settle", times: 2)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.releaseNumber, 2)
            let serving = try await bench.journal.currentRelease(of: cats, in: .prod)
            XCTAssertEqual(serving, 2)
        }
    }

    func testTheCommandNamesWhatItApproves() async throws {
        try await held { bench, _ in
            let desk = CommandDesk(bench.intake(gate), bench.info())
            let nothing = await desk.answer("approve cats test", from: bench.sender(by: Bench.ola))
            XCTAssertEqual(nothing.text, "Nothing of `cats` waits for an approval in *test*.")
            await ask(bench, "deploy cats prod main")
            try await bench.world.waitFor("end hold", times: 2)
            let which = await desk.answer("approve cats prod", from: bench.sender(by: Bench.ola))
            XCTAssertEqual(which.outcome, .refused)
            XCTAssertTrue(which.text.hasPrefix("2 deploys of `cats` to *prod* wait"), which.text)
        }
    }

    /// Where a push goes is known from its own settings only.
    func testAPushIsHeldWhereItGoes() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let commit = bench.world.commit("a", ["iterapp.toml": "default_environment = \"prod\"\n"])
            try await bench.push(commit)
            let work = bench.start { $0.gate = gate }
            try await bench.world.waitFor("end hold")
            let held = try await bench.operation(2)
            XCTAssertTrue(held.isHeld)
            XCTAssertEqual(held.environment, .prod)
            _ = await bench.press(.approve, 2, gate)
            try await bench.world.waitFor("end settle")
            await bench.stop(work)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .succeeded)
            XCTAssertEqual(operation.releaseNumber, 1)
        }
    }
}
