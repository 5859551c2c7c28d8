import XCTest

@testable import Deploys

/// What the sender of a command is told, and what is written down before.
final class CommandDeskTests: XCTestCase {
    func testChangesAreTakenInTheChannelsThatTheOperatorAllows() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            for text in ["deploy cats test main", "build cats main", "register dogs", "deregister cats"] {
                let answer = await bench.desk().answer(text, from: bench.sender(in: "general"))
                XCTAssertEqual(answer.outcome, .refused)
                XCTAssertEqual(
                    answer.text, "Commands that change something are taken in #iterapp-logs. Please repeat it there.")
            }
            let help = await bench.desk().answer("help", from: bench.sender(in: "general"))
            XCTAssertEqual(help.outcome, .information)
            let queued = try await bench.journal.statistics().operations[.queued]
            XCTAssertEqual(queued, 0)
            for sender in [
                bench.sender(), bench.sender(in: "cats"),
                Sender(person: Bench.kari, place: .channel(id: "C0DOGS", name: "secret"), deduplicationKey: nil),
            ] {
                let answer = await bench.desk().answer("deploy cats test main", from: sender)
                XCTAssertEqual(answer.outcome, .accepted)
                XCTAssertEqual(answer.text, "Deploying `main` of `cats` to *test*. Follow it in #iterapp-logs.")
            }
            let operation = try await bench.operation(3)
            XCTAssertEqual(operation.channel, "#iterapp-logs", "told in the log channel, wherever it was typed")
        }
    }

    func testAMistakeComesBeforeTheQuestionWhere() async throws {
        try await Bench.with { bench in
            let answer = await bench.desk().answer("deplyo cats test main", from: bench.sender(in: "general"))
            XCTAssertTrue(answer.text.hasPrefix("I don't know the command `deplyo`. Did you mean `deploy`?"), answer.text)
            let usage = await bench.desk().answer("deploy cats", from: bench.sender())
            XCTAssertTrue(usage.text.hasSuffix("Usage: `/iterapp deploy <app> <environment> <branch>`"), usage.text)
        }
    }

    func testTheSameTriggerActsOnce() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            for _ in 0..<3 {
                let answer = await bench.desk().answer("deploy cats test main", from: bench.sender(key: "command:1"))
                XCTAssertEqual(answer.outcome, .accepted)
            }
            let queued = try await bench.journal.statistics().operations[.queued]
            XCTAssertEqual(queued, 1)
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.map(\.phase), [.queued(ahead: 0)])
        }
    }

    func testAnAppThatIsNotRegisteredIsToldWithTheNearest() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", "Acme-dogs")
            let cases = [
                ("deploy cast test main", "`cast` is not registered. Did you mean `cats`? Or register it with `/iterapp register cast`."),
                ("build horses main", "`horses` is not registered. Register it with `/iterapp register horses`."),
                ("deregister catz", "`catz` is not registered. Did you mean `cats`? Or register it with `/iterapp register catz`."),
                ("deploy other/cats test main", "`other/cats` is not registered. Register it with `/iterapp register other/cats`."),
            ]
            for (text, expected) in cases {
                let answer = await bench.desk().answer(text, from: bench.sender())
                XCTAssertEqual(answer.outcome, .refused)
                XCTAssertEqual(answer.text, expected)
            }
            let asWritten = await bench.desk().answer("deploy ACME-DOGS test main", from: bench.sender())
            XCTAssertEqual(asWritten.text, "Deploying `main` of `Acme-dogs` to *test*. Follow it in #iterapp-logs.")
        }
    }

    func testRegisteringWhatIsRegisteredOrCannotBe() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", "my_cats")
            let twice = await bench.desk().answer("register CATS", from: bench.sender())
            XCTAssertEqual(twice.outcome, .information)
            XCTAssertEqual(
                twice.text, "`cats` is registered already (its default branch is `main`). Nothing changed.")
            let clash = await bench.desk().answer("register my.cats", from: bench.sender())
            XCTAssertEqual(clash.outcome, .refused)
            XCTAssertTrue(clash.text.contains("would share the namespace `apps-my-cats-test` with `my_cats`"), clash.text)
            let queued = try await bench.journal.statistics().operations[.queued]
            XCTAssertEqual(queued, 0)
        }
    }

    func testDeregisteringAnswersAtOnceAndTwiceTheSame() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let sender = bench.sender(key: "command:7")
            let first = await bench.desk().answer("deregister cats", from: sender)
            XCTAssertEqual(
                first.text, "`cats` is deregistered. What runs stays up. `/iterapp register cats` brings the automation back.")
            let again = await bench.desk().answer("deregister cats", from: sender)
            XCTAssertEqual(again.text, first.text)
            XCTAssertEqual(again.outcome, first.outcome)
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.map(\.phase), [.deregistered])
            let later = await bench.desk().answer("deregister cats", from: bench.sender(key: "command:8"))
            XCTAssertEqual(later.outcome, .refused)
        }
    }

    func testAJournalThatRefusesIsAnsweredClearly() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            await bench.journal.close()
            for text in ["deploy cats test main", "register dogs", "deregister cats", "build cats main"] {
                let answer = await bench.desk().answer(text, from: bench.sender())
                XCTAssertEqual(answer.outcome, .unavailable)
                XCTAssertEqual(
                    answer.text, "Iterapp can't write this down just now, so nothing will happen. Try again in a minute.")
            }
            let help = await bench.desk().answer("help deploy", from: bench.sender())
            XCTAssertTrue(help.text.contains("/iterapp deploy cats prod main"), help.text)
        }
        let full = Refusal.journal(.diskFull).answer
        XCTAssertEqual(full.outcome, .unavailable)
        XCTAssertTrue(full.text.contains("disk of the Iterapp service is full"), full.text)
    }

    func testHelpSpeaksOfTheAppThatItsReaderTouchedLast() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", "dogs")
            let ada = Person(id: "U2", name: "ada")
            await bench.command("deploy dogs test main")
            _ = await bench.desk().answer("build cats main", from: bench.sender(by: ada))
            let kari = await bench.desk().answer("", from: bench.sender())
            XCTAssertTrue(kari.text.hasSuffix("For example: `/iterapp deploy dogs prod main`"), kari.text)
            let other = await bench.desk().answer("help build", from: bench.sender(by: ada))
            XCTAssertTrue(other.text.hasSuffix("For example: `/iterapp build cats main`"), other.text)
            for verb in Verb.allCases { XCTAssertTrue(kari.text.contains(verb.usage), verb.rawValue) }
        }
    }

    func testABuildsButtonOffersTheEnvironmentNamedOrTheAppsOwn() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", defaultEnvironment: .prod)
            try await bench.register("dogs", defaultEnvironment: nil)
            for text in ["build cats main", "build cats snap-1 main", "build dogs main"] { await bench.command(text) }
            let environments = try await [bench.operation(3), bench.operation(4), bench.operation(5)].map(\.environment)
            XCTAssertEqual(environments, [.prod, EnvironmentName(parsing: "snap1"), .test])
            let pressed = await bench.desk().answer("deploy cats prod main", from: bench.sender(button: true))
            XCTAssertEqual(pressed.outcome, .accepted)
            let operation = try await bench.operation(6)
            XCTAssertEqual(operation.trigger, .button(Bench.kari))
        }
    }

    func testWhoWaitsIsToldBehindHowMany() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            for _ in 0..<3 { await bench.command("deploy cats test main") }
            await bench.command("deploy cats prod main")
            let drafts = try await bench.delivered()
            XCTAssertEqual(
                drafts.map(\.phase), [.queued(ahead: 0), .queued(ahead: 1), .queued(ahead: 2), .queued(ahead: 0)])
        }
    }
}
