import Foundation
import XCTest

@testable import Deploys

/// What is asked of the desk is on record, whether it was taken or not.
final class AuditDeskTests: XCTestCase {
    private func desk(_ bench: Bench, _ gate: any Gate) -> CommandDesk {
        CommandDesk(bench.intake(gate), bench.info())
    }

    private func entries(_ bench: Bench, _ app: String = "cats") async throws -> [AuditEntry] {
        try await bench.journal.audit(of: PolicyBench.app(app), atMost: 100).entries
    }

    func testEveryRefusalIsOnRecordBeforeItIsRead() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let policy = Policy(rules: [.prod: Policy.Rule(deploy: [.party(.person("U0ADA"))])])
            let desk = desk(bench, PolicyBench.gate(policy))
            let table: [(String, String, String, Deed, String)] = [
                (
                    "deploy cats prod main", "iterapp-logs", "cats", Deed(.deploy, PolicyBench.app("cats"), .prod),
                    "Only <@U0ADA> may deploy `cats` to *prod*. Please ask them."
                ),
                (
                    "deploy cats test fix", "general", "cats", Deed(.deploy, PolicyBench.app("cats"), .test),
                    "Commands that change something are taken in #iterapp-logs."
                ),
                (
                    "build horses main", "iterapp-logs", "horses", Deed(.build, PolicyBench.app("horses")),
                    "It is not registered."
                ),
                (
                    "deregister horses", "iterapp-logs", "horses", Deed(.deregister, PolicyBench.app("horses")),
                    "It is not registered."
                ),
            ]
            for (text, channel, app, deed, reason) in table {
                let answer = await desk.answer(text, from: bench.sender(in: channel))
                XCTAssertEqual(answer.outcome, .refused)
                XCTAssertTrue(answer.text.hasPrefix(reason) || app == "horses", answer.text)
                let newest = try await entries(bench, app)[0]
                XCTAssertEqual(newest.deed, deed)
                XCTAssertEqual(newest.decision, .refused)
                XCTAssertEqual(newest.reason, reason)
                XCTAssertEqual(newest.trigger, .command(Bench.kari))
                XCTAssertEqual(newest.place, .channel(id: "C0ROOM", name: channel))
                XCTAssertEqual(newest.date, Bench.noon)
                XCTAssertNil(newest.operation)
            }
            let first = try await entries(bench)[1]
            XCTAssertEqual(first.revision, Revision("main"))
            let queued = try await bench.journal.statistics().operations[.queued]
            XCTAssertEqual(queued, 0)
        }
    }

    func testANameThatCannotBeRegisteredIsOnRecord() async throws {
        try await Bench.with { bench in
            try await bench.register("my_cats")
            let answer = await desk(bench, OpenGate()).answer("register my.cats", from: bench.sender())
            let newest = try await entries(bench, "my.cats")[0]
            XCTAssertEqual(newest.deed.kind, .register)
            XCTAssertTrue(answer.text.hasPrefix(newest.reason ?? "-"), answer.text)
        }
    }

    func testQuestionsAndMistakesAreNotOnRecord() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let before = try await entries(bench).count
            for text in ["help", "deplyo cats test main", "deploy cats", "audit cats", ""] {
                _ = await desk(bench, OpenGate()).answer(text, from: bench.sender(in: "general"))
            }
            let after = try await entries(bench).count
            XCTAssertEqual(after, before)
        }
    }

    /// Otherwise somebody could try what they may not, without anybody ever knowing.
    func testWhatCannotBeWrittenDownIsNotRefusedEither() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            await bench.journal.close()
            let answer = await desk(bench, OpenGate()).answer(
                "deploy cats test main", from: bench.sender(in: "general"))
            XCTAssertEqual(answer.outcome, .unavailable)
        }
    }

    func testTheCommandTellsTheNewestLines() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let policy = Policy(rules: [.prod: Policy.Rule(deploy: [.party(.person("U0ADA"))])])
            let desk = desk(bench, PolicyBench.gate(policy))
            _ = await desk.answer("deploy cats prod v1", from: bench.sender())
            _ = await desk.answer("build cats prod main", from: bench.sender(button: true))
            try await bench.push(bench.world.commit("a"))
            let answer = await desk.answer("audit CATS", from: bench.sender(in: "general"))
            XCTAssertEqual(answer.outcome, .information)
            XCTAssertEqual(
                answer.text,
                """
                *What was done with CATS*, newest first
                • 2026-05-09 06:13 UTC: a push of `ada`: deploy `main` to *test*
                • 2026-05-09 06:13 UTC: <@U1> with a button in #iterapp-logs: build `main` for *prod*
                • 2026-05-09 06:13 UTC: <@U1> in #iterapp-logs: deploy `v1` to *prod*, *refused*. Only <@U0ADA> may \
                deploy `cats` to *prod*. Please ask them.
                • 2026-05-09 06:13 UTC: <@U0>: register
                """)
            guard case .audit(let page) = answer.page else { return XCTFail("no page") }
            XCTAssertEqual(page.entries.count, 4)
            XCTAssertEqual(page.olderCount, 0)
            let none = await desk.answer("audit horses", from: bench.sender())
            XCTAssertEqual(none.text, "Nothing about `horses` is on record.")
        }
    }

    func testALongRecordIsCutAndCounted() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            for _ in 0..<30 { _ = await bench.desk().answer("build cats main", from: bench.sender()) }
            let answer = await bench.desk().answer("audit cats", from: bench.sender())
            XCTAssertTrue(answer.text.hasSuffix("\n… and 11 older ones."), answer.text)
            XCTAssertEqual(answer.text.split(separator: "\n").count, 22)
        }
    }

    /// Asked for whenever somebody does something, so what was lawful once may be refused later.
    func testAPolicyThatChangesCountsFromThenOn() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let gate = PolicyBench.gate(Policy())
            let desk = desk(bench, gate)
            let before = await desk.answer("deploy cats prod main", from: bench.sender())
            XCTAssertEqual(before.outcome, .accepted)
            gate.policy = PolicyBench.policy
            let after = await desk.answer("deploy cats prod main", from: bench.sender())
            XCTAssertEqual(after.outcome, .refused)
        }
    }
}
