import Deploys
import Foundation
import HTTP
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// Slack waits for three seconds, whatever hangs.
final class PatienceTests: XCTestCase {
    func testNothingWaitsForTheWebAPI() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let operation = try await talk.bench.end(.live([]), as: .succeeded, offering: [.deploy(to: .prod)])
            let place = try await talk.message(
                [.step(.deploy(to: .prod), operation), .ask("help"), .deployForm("cats")]
                    .compactMap { Buttons.button($0, "x") })
            try await talk.press(.deployForm("cats"), on: place)
            await talk.bench.routes.waitForAnswers()
            let opened = await talk.workspace.modal(of: Workspace.memberID)
            let modal = try XCTUnwrap(opened).id
            talk.slack.faults.next(1_000, .hang)
            var took: [Duration] = []
            for _ in 0..<5 {
                took.append(try await talk.caller.command("/iterapp deploy cats test main").took)
                took += try await talk.mention("deploy cats test main").attempts.map(\.took)
                took += try await talk.caller.openHome()?.attempts.map(\.took) ?? []
                for control in [Control.step(.deploy(to: .prod), operation), .ask("help"), .deployForm("cats")] {
                    took.append(try await talk.press(control, on: place).took)
                }
            }
            let start = ContinuousClock.now
            let sent = try await talk.caller.submit(modal, values: PressTalkTests.fields("test", "main"))
            XCTAssertEqual(sent, .cleared)
            took.append(ContinuousClock.now - start)
            XCTAssertLessThan(try XCTUnwrap(took.max()), .seconds(1), "\(took)")
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 11)
            talk.slack.faults.clear()
        }
    }

    /// The disk may be slow: a command's sender reads so, and gets the answer when there is one.
    func testWhatIsSlowIsAnsweredTwice() async throws {
        let gate = HeldGate()
        try await SlackTalk.with(change: { $0.patience = WaitLimit(.milliseconds(50)) }, gate: gate) { talk in
            try await talk.bench.register("cats")
            let answer = try await talk.caller.command("/iterapp deploy cats test main")
            // Nothing is on disk yet: nothing is promised.
            XCTAssertEqual(
                answer.json?["text"]?.string, "Iterapp is slow just now: it is not certain yet whether it can do this. "
                    + "Please wait for the answer here; if there is none, look with `/iterapp status` before you ask "
                    + "again.")
            // An event is not acknowledged before it is written down: Slack delivers it again.
            let early = try await talk.mention("deploy cats test main")
            XCTAssertEqual(early.attempts.map(\.status), [503, 503])
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0)
            gate.letGo()
            // The routes know nothing of the event's answer before its work is over.
            try await talk.wait(forCallOf: "chat.postEphemeral")
            let read = await talk.whispers()
            XCTAssertEqual(read.count, 3, "\(read)")
            XCTAssertEqual(read.count { $0.hasPrefix("Deploying `main`") }, 2)
            let after = try await talk.bench.queued()
            XCTAssertEqual(after, 2)
        }
    }

    func testNoMoreIsPromisedThanCanBeKept() async throws {
        let tally = RequestTally()
        let after = AfterWork(log: .silent, tally: tally)
        let mayEnd = Watched(false)
        for _ in 0..<AfterWork.maxTasks {
            XCTAssertTrue(after.begin { try? await mayEnd.wait(for: "the end") { $0 } })
        }
        XCTAssertFalse(after.begin {})
        XCTAssertEqual(tally.all.first { $0.kind == .lostAnswer }?.count, 1)
        mayEnd.change { $0 = true }
        await after.waitForEnd()
        XCTAssertTrue(after.begin {})
    }
}

/// Lets nobody through before it is told to.
private final class HeldGate: Gate {
    private let isOpen = Watched(false)

    func letGo() { isOpen.change { $0 = true } }

    func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling {
        try? await isOpen.wait(for: "the gate") { $0 }
        return .allowed(needsApproval: false)
    }
}
