import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// What is turned down because somebody was first, or because its time is over, is on record like what is not allowed.
final class AuditStateTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")
    private let gate = CarefulGate()

    private func sender(_ delivery: String, by person: Person = Bench.ola, button: Bool = false) -> Sender {
        Sender(
            person: person, place: .home, pressedButton: button, deduplicationKey: button ? "press" : delivery,
            delivery: delivery)
    }

    /// The newest line, which must be the only one more than before, however often the same comes.
    private func line(
        _ bench: Bench, _ ask: () async -> Answer, file: StaticString = #filePath, line: UInt = #line
    ) async throws -> AuditEntry {
        let before = try await bench.audited().count
        for _ in 0..<2 {
            let answer = await ask()
            XCTAssertTrue([.refused, .information].contains(answer.outcome), answer.text, file: file, line: line)
        }
        let lines = try await bench.audited()
        XCTAssertEqual(lines.count, before + 1, file: file, line: line)
        XCTAssertEqual(lines.first?.decision, .refused, file: file, line: line)
        XCTAssertEqual(lines.first?.place, .home, file: file, line: line)
        return try XCTUnwrap(lines.first, file: file, line: line)
    }

    /// Commit a is live in test as release #1 (operation 2).
    private func live(_ body: (Bench) async throws -> Void) async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            try await bench.deploy(ended: 1)
            try await body(bench)
        }
    }

    private func press(_ bench: Bench, _ step: NextStep, _ number: Int64, _ sender: Sender) async -> Answer {
        await bench.presses(gate).press(step, on: OperationID(number), from: sender)
    }

    func testCommandsThatFindNothing() async throws {
        try await live { bench in
            let desk = CommandDesk(bench.intake(gate), bench.info())
            let table: [(String, Deed, String)] = [
                (
                    "cancel cats", Deed(.cancel, cats),
                    "Nothing of `cats` is under way, so there is nothing to cancel."
                ),
                ("approve cats prod", Deed(.approve, cats, .prod), "Nothing of `cats` waits for an approval in *prod*."),
                ("register cats", Deed(.register, cats), "It is registered already."),
            ]
            for (text, deed, reason) in table {
                let entry = try await line(bench) { await desk.answer(text, from: sender(text)) }
                XCTAssertEqual(entry.deed, deed)
                XCTAssertEqual(entry.reason, reason)
                XCTAssertEqual(entry.trigger, .command(Bench.ola))
            }
        }
    }

    func testCommandsThatFindTooMuch() async throws {
        try await live { bench in
            await bench.command("deploy cats test main")
            await bench.command("deploy cats prod main")
            let entry = try await line(bench) { await bench.desk().answer("cancel cats", from: sender("1")) }
            XCTAssertTrue(entry.reason?.hasPrefix("Several operations of `cats` are under way.") == true)
        }
    }

    func testAFormForAnAppThatIsGone() async throws {
        try await live { bench in
            let sender = sender("1")
            let odd = "no name!"
            for _ in 0..<2 {
                let answer = await bench.forms().deploy(odd, environment: "prod", revision: "main", from: sender)
                XCTAssertEqual(answer, .answer(Answer(.refused, FieldWords.unknownApp)))
            }
            let lines = try await bench.audited(AppID(organisation: "iterate", name: odd))
            XCTAssertEqual(lines.map(\.deed.kind), [.deploy])
            XCTAssertEqual(lines.map(\.reason), [FieldWords.unknownApp])
        }
    }

    func testPressesThatComeTooLate() async throws {
        try await live { bench in
            for (step, kind, reason) in [
                (NextStep.retry, Deed.Kind.deploy, PressWords.noLongerOffered),
                (.approve, .approve, "It has gone live as release #1, so there is nothing to approve."),
                (.decline, .decline, "It has gone live as release #1, so there is nothing to approve."),
                (.cancel, .cancel, "It is too late: the deploy of `cats` to *test* has gone live as release #1."),
            ] {
                let entry = try await line(bench) { await press(bench, step, 2, sender(step.name, button: true)) }
                XCTAssertEqual(entry.deed, Deed(kind, cats, .test))
                XCTAssertEqual(entry.reason, reason)
                XCTAssertEqual(entry.revision, Revision("main"))
            }
        }
    }

    func testWhoeverComesSecond() async throws {
        try await live { bench in
            let step = NextStep.deploy(to: .prod)
            let first = sender("1", by: Bench.kari, button: true)
            let accepted = await press(bench, step, 2, first)
            XCTAssertEqual(accepted.outcome, .accepted)
            let lines = try await bench.audited()
            let again = await press(bench, step, 2, first)
            XCTAssertEqual(again.text, "You did that already: it waits for its turn.")
            let same = try await bench.audited()
            XCTAssertEqual(same, lines, "delivered twice")
            let entry = try await line(bench) { await press(bench, step, 2, sender("2", button: true)) }
            XCTAssertEqual(entry.deed, Deed(.deploy, cats, .prod))
            XCTAssertEqual(entry.reason, "<@U1> did that already: it waits for its turn.")
            XCTAssertEqual(entry.trigger, .button(Bench.ola))
            _ = await press(bench, .cancel, 3, sender("3", button: true))
            let late = try await line(bench) { await press(bench, .cancel, 3, sender("4", by: Bench.kari, button: true)) }
            XCTAssertEqual(late.deed.kind, .cancel)
        }
    }

    /// Asked after the desk has looked and before anything is written.
    private struct RacingGate: Gate {
        let race: @Sendable () async -> Void
        func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling {
            await race()
            return .allowed(needsApproval: false)
        }
    }

    func testWhatHappensBetweenTheLookAndThePressCounts() async throws {
        try await live { bench in
            bench.world.commit("b")
            await bench.command("deploy cats test main")
            let gate = RacingGate { try? await bench.work(until: 2) }
            let presses = bench.presses(gate)
            let answer = await presses.press(
                .deploy(to: .prod), on: OperationID(2), from: sender("1", button: true))
            XCTAssertEqual(
                answer, Answer(.refused, "Release #2 is live there since, so that makes no sense any more."))
            let newest = try await bench.audited()[0]
            XCTAssertEqual(newest.deed, Deed(.deploy, cats, .prod))
            XCTAssertEqual(newest.decision, .refused)
            let none = try await bench.journal.operation(OperationID(4))
            XCTAssertNil(none)
        }
    }

    func testTwoWhoHaveBothLookedActOnce() async throws {
        try await live { bench in
            let other = sender("2", by: Bench.kari, button: true)
            let gate = RacingGate { _ = await bench.presses().press(.deploy(to: .prod), on: OperationID(2), from: other) }
            let answer = await bench.presses(gate).press(
                .deploy(to: .prod), on: OperationID(2), from: sender("1", button: true))
            XCTAssertEqual(answer.text, "<@U1> did that already: it waits for its turn.")
            let lines = try await bench.audited().prefix(2)
            XCTAssertEqual(lines.map(\.decision), [.refused, .accepted])
        }
    }

    func testAHeldOneThatIsDeclinedOrLapses() async throws {
        for declines in [true, false] {
            try await live { bench in
                let desk = CommandDesk(bench.intake(gate), bench.info())
                _ = await desk.answer("deploy cats prod main", from: bench.sender())
                let work = bench.start { $0.gate = gate }
                try await bench.world.waitFor("end hold")
                await bench.stop(work)
                if declines {
                    _ = await press(bench, .decline, 3, sender("1", button: true))
                } else {
                    let ports = bench.ports { $0.now = { Bench.noon.addingTimeInterval(48 * 3_600) } }
                    let held = HeldOperations(
                        ports: ports, naming: bench.naming, signals: bench.signals, limits: bench.limits)
                    try await held.lapse()
                }
                let entry = try await bench.audited()[0]
                XCTAssertEqual(entry.decision, .accepted)
                XCTAssertEqual(entry.operation, OperationID(3))
                XCTAssertEqual(entry.trigger, declines ? .button(Bench.ola) : .watch)
                XCTAssertEqual(entry.reason, declines ? nil : AuditWords.lapsed)
                XCTAssertEqual(entry.deed, Deed(declines ? .decline : .cancel, cats, .prod))
            }
        }
    }
}
