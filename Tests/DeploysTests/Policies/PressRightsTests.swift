import Foundation
import XCTest

@testable import Deploys

/// Rights are looked at when a button is pressed, whatever they were when it was drawn.
final class PressRightsTests: XCTestCase {
    private struct Room {
        let bench: Bench
        let gate: PolicyGate
        let groups: KnownGroups
        let commands: CommandDesk
        let presses: PressDesk

        init(_ bench: Bench, _ policy: Policy = PolicyBench.policy) async throws {
            self.bench = bench
            groups = KnownGroups()
            gate = PolicyBench.gate(policy, groups: groups)
            let intake = Intake(
                journal: bench.journal, gate: gate, naming: bench.naming,
                channels: ChannelPolicy(logChannel: Bench.room, commandChannels: ["#releases"]),
                signals: bench.signals, now: { Bench.noon })
            commands = CommandDesk(intake, bench.info())
            presses = PressDesk(intake, source: bench.world)
            try await bench.register("cats")
        }

        func command(_ text: String, by person: Person) async -> Answer {
            await commands.answer(
                text, from: Sender(person: person, place: PolicyBench.releases, deduplicationKey: nil))
        }

        func press(
            _ step: NextStep, on operation: Deploys.Operation, by person: Person,
            from place: Place = PolicyBench.logChannel
        ) async -> Answer {
            await presses.press(
                step, on: operation.id,
                from: Sender(person: person, place: place, pressedButton: true, deduplicationKey: nil))
        }

        /// What was accepted last, ended with what follows from it.
        func fail(_ phase: Phase = .failed(Failure(.rollOut, "It does not start."))) async throws -> Deploys.Operation {
            var operation = try await XCTUnwrapAsync(try await bench.journal.claim(at: Bench.noon))
            operation.state = .failed
            operation.commit = bench.world.commit("a")
            let report = Report(operation: operation, appLabel: "cats", phase: phase).offeringNextSteps()
            try await bench.journal.settle(operation, .nothing, notices: [.live(report)])
            return operation
        }

        /// What was accepted last, built and waiting for a second person.
        func hold() async throws -> Deploys.Operation {
            var operation = try await XCTUnwrapAsync(try await bench.journal.claim(at: Bench.noon))
            operation.commit = bench.world.commit("a")
            _ = try await bench.journal.hold(operation, at: Bench.noon) { _ in [] }
            return try await XCTUnwrapAsync(try await bench.journal.operation(operation.id))
        }

        func record() async throws -> [String] {
            try await bench.journal.audit(of: PolicyBench.app("cats"), atMost: 20).entries.map { entry in
                "\(entry.trigger.person?.id ?? "-") \(entry.deed.kind) \(entry.decision)"
            }
        }
    }

    private let testForAll = Policy(rules: [.test: Policy.Rule(deploy: [.party(.anyone)])])
    private let testForAda = Policy(rules: [.test: Policy.Rule(deploy: [.party(.person("U0ADA"))])])

    func testWhatEverybodyCouldDoWhenTheButtonWasDrawn() async throws {
        try await Bench.with { bench in
            let room = try await Room(bench, testForAll)
            _ = await room.command("deploy cats test main", by: PolicyBench.eve)
            let failed = try await room.fail()
            room.gate.policy = testForAda
            let refused = await room.press(.retry, on: failed, by: PolicyBench.eve)
            XCTAssertEqual(refused.outcome, .refused)
            XCTAssertEqual(refused.text, "Only <@U0ADA> may deploy `cats` to *test*. Please ask them.")
            let accepted = await room.press(.retry, on: failed, by: PolicyBench.ada)
            XCTAssertEqual(accepted.outcome, .accepted, accepted.text)
            let record = try await room.record()
            XCTAssertEqual(
                record.prefix(3), ["U0ADA deploy accepted", "U0EVE deploy refused", "U0EVE deploy accepted"])
        }
    }

    func testWhoHasLeftTheGroupSinceThen() async throws {
        try await Bench.with { bench in
            let room = try await Room(bench)
            let asked = await room.command("deploy cats prod main", by: PolicyBench.kari)
            XCTAssertEqual(asked.outcome, .accepted, asked.text)
            let failed = try await room.fail()
            room.groups.set(["S0CATS": ["U0EVE"]])
            let newcomer = await room.press(.retry, on: failed, by: PolicyBench.eve, from: PolicyBench.releases)
            XCTAssertEqual(newcomer.outcome, .accepted, newcomer.text)
            let again = try await room.fail()
            room.groups.set(["S0CATS": []])
            let gone = await room.press(.retry, on: again, by: PolicyBench.eve, from: PolicyBench.releases)
            XCTAssertEqual(gone.outcome, .refused)
        }
    }

    func testAButtonIsPressedWhereItsEnvironmentAllows() async throws {
        try await Bench.with { bench in
            let room = try await Room(bench)
            _ = await room.command("deploy cats prod main", by: PolicyBench.kari)
            let failed = try await room.fail()
            let elsewhere = await room.press(.retry, on: failed, by: PolicyBench.kari)
            XCTAssertEqual(
                elsewhere.text, "`cats` is deployed to *prod* from #releases only. Please repeat it there.")
        }
    }

    func testASecondPersonIsAnotherOneWhoMay() async throws {
        try await Bench.with { bench in
            let room = try await Room(bench)
            _ = await room.command("deploy cats prod main", by: PolicyBench.kari)
            let held = try await room.hold()
            XCTAssertTrue(held.isHeld)
            let own = await room.press(.approve, on: held, by: PolicyBench.kari)
            XCTAssertEqual(
                own.text,
                "You asked for this deploy yourself, so somebody else has to approve it: "
                    + "team *cats* (<!subteam^S0CATS>) and <@U0ADA>.")
            let stranger = await room.press(.approve, on: held, by: PolicyBench.eve)
            XCTAssertEqual(stranger.outcome, .refused)
            XCTAssertTrue(stranger.text.hasPrefix("Only team *cats*"), stranger.text)
            let second = await room.press(.approve, on: held, by: PolicyBench.ada)
            XCTAssertEqual(second.outcome, .accepted, second.text)
            let late = await room.press(.approve, on: held, by: PolicyBench.ada)
            XCTAssertEqual(late.outcome, .information, late.text)
            let operation = try await bench.operation(held.id.number)
            XCTAssertEqual(operation.approval?.by, PolicyBench.ada)
            let record = try await room.record()
            XCTAssertEqual(
                record.prefix(5),
                [
                    "U0ADA approve refused", "U0ADA approve accepted", "U0EVE approve refused",
                    "U0KARI approve refused", "U0KARI deploy accepted",
                ])
        }
    }

    func testDecliningIsForThoseWhoCouldApproveAndForWhoAsked() async throws {
        for (person, isAllowed) in [(PolicyBench.eve, false), (PolicyBench.ada, true), (PolicyBench.kari, true)] {
            try await Bench.with { bench in
                let room = try await Room(bench)
                _ = await room.command("deploy cats prod main", by: PolicyBench.kari)
                let held = try await room.hold()
                let answer = await room.press(.decline, on: held, by: person)
                XCTAssertEqual(answer.outcome, isAllowed ? .accepted : .refused, answer.text)
                let record = try await room.record()
                XCTAssertEqual(record[0], "\(person.id) decline \(isAllowed ? "accepted" : "refused")")
            }
        }
    }

    func testCancellingIsForThoseWhoMayDeployAndForWhoAsked() async throws {
        try await Bench.with { bench in
            let open = Policy(rules: [.prod: Policy.Rule(deploy: [.party(.anyone)])])
            let room = try await Room(bench, open)
            _ = await room.command("deploy cats prod main", by: PolicyBench.eve)
            room.gate.policy = PolicyBench.policy
            let queued = try await bench.operation(2)
            let stranger = await room.press(.cancel, on: queued, by: PolicyBench.ole)
            XCTAssertEqual(stranger.outcome, .refused)
            XCTAssertTrue(stranger.text.contains("<@U0EVE> (who asked for it) may cancel"), stranger.text)
            let own = await room.press(.cancel, on: queued, by: PolicyBench.eve)
            XCTAssertEqual(own.outcome, .accepted, own.text)
            let record = try await room.record()
            XCTAssertEqual(record.prefix(2), ["U0EVE cancel accepted", "U0OLE cancel refused"])
        }
    }

    func testWhereApprovalIsNeededARepeatedDeployNeedsItAgain() async throws {
        try await Bench.with { bench in
            let room = try await Room(bench)
            _ = await room.command("deploy cats prod main", by: PolicyBench.kari)
            let failed = try await room.fail()
            let answer = await room.press(.retry, on: failed, by: PolicyBench.ada, from: PolicyBench.releases)
            XCTAssertEqual(answer.outcome, .accepted, answer.text)
            let again = try await room.hold()
            XCTAssertTrue(again.isHeld)
            let own = await room.press(.approve, on: again, by: PolicyBench.ada)
            XCTAssertEqual(own.outcome, .refused, "whoever pressed the button is who asked")
            let first = await room.press(.approve, on: again, by: PolicyBench.kari)
            XCTAssertEqual(first.outcome, .accepted, first.text)
        }
    }

    func testWhatIsNotRegisteredAnyMoreIsRefusedOnRecord() async throws {
        try await Bench.with { bench in
            let room = try await Room(bench, testForAll)
            _ = await room.command("deploy cats test main", by: PolicyBench.eve)
            let failed = try await room.fail()
            _ = await room.command("deregister cats", by: PolicyBench.eve)
            let answer = await room.press(.retry, on: failed, by: PolicyBench.eve)
            XCTAssertEqual(answer.outcome, .refused, answer.text)
            let record = try await room.record()
            XCTAssertEqual(record.prefix(2), ["U0EVE deploy refused", "U0EVE deregister accepted"])
        }
    }

    func testAPushIsMarkedWhereApprovalIsNeeded() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", defaultEnvironment: .prod)
            try await bench.register("dogs", defaultEnvironment: .prod)
            let pushes = PushDesk(bench.intake(PolicyBench.gate()))
            for (app, branch) in [("cats", "main"), ("cats", "fix"), ("dogs", "main")] {
                _ = try await pushes.take(
                    Push(
                        repository: SourceRepository(id: nil, name: PolicyBench.app(app)), branch: branch, before: nil,
                        commit: bench.world.commit("a"), defaultBranch: "main", trigger: .push(by: "ada"),
                        deliveryID: "\(app) \(branch)"))
            }
            var needed: [Bool] = []
            for number in 3...5 { needed.append(try await bench.operation(Int64(number)).approval != nil) }
            XCTAssertEqual(needed, [true, false, false])
        }
    }
}
