import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// What goes to prod is shown before it goes.
final class AskingAgainTests: XCTestCase {
    /// `cats` is registered; commit a is live in test as release #1 (operation 2), commit b as #2 (operation 3).
    private func twoReleases(_ body: (Bench) async throws -> Void) async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            try await bench.deploy(ended: 1)
            bench.world.commit("b")
            try await bench.deploy(ended: 2)
            try await body(bench)
        }
    }

    // MARK: Buttons

    func testProdIsAskedAboutAgainWithWhatWouldChange() async throws {
        try await twoReleases { bench in
            bench.world.commit("a")
            try await bench.deploy(to: .prod, ended: 3)
            let between = [bench.world.commit("b")]
            bench.world.between.withLock { $0 = between }
            let preview = await bench.presses(CarefulGate()).preview(
                .deploy(to: .prod), on: OperationID(3), from: bench.sender(by: Bench.ola, button: true))
            guard case .preview(let shown) = preview else { return XCTFail("\(preview)") }
            XCTAssertEqual(shown.environment, .prod)
            XCTAssertEqual(shown.label, "cats")
            XCTAssertEqual(shown.current?.number, 3)
            XCTAssertEqual(shown.current?.commit.id.short, "aaaaaaa")
            XCTAssertEqual(shown.commit?.id.short, "bbbbbbb")
            XCTAssertEqual(shown.changes, between)
            XCTAssertEqual(shown.changeCount, 1)
            XCTAssertTrue(shown.needsApproval)
            XCTAssertEqual(bench.world.count("commits aaaaaaa..bbbbbbb"), 1)
            let none = try await bench.journal.operation(OperationID(5))
            XCTAssertNil(none, "nothing is written down")
        }
    }

    func testARollBackOfProdListsWhatGoes() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            for (index, digit) in ["a", "b"].enumerated() {
                bench.world.commit(Character(digit))
                try await bench.deploy(to: .prod, ended: index + 1)
            }
            bench.world.fail("commits", SourceError.noSuchRevision(nearest: nil))
            let preview = await bench.presses().preview(
                .rollBack(to: 1), on: OperationID(3), from: bench.sender(button: true))
            guard case .preview(let shown) = preview else { return XCTFail("\(preview)") }
            XCTAssertEqual(shown.commit?.id.short, "aaaaaaa")
            XCTAssertEqual(shown.changes, [])
            XCTAssertNil(shown.changeCount, "what can't be found out is left out")
            XCTAssertEqual(bench.world.count("commits aaaaaaa..bbbbbbb"), 1)
        }
    }

    func testOtherStepsActAtOnce() async throws {
        try await twoReleases { bench in
            for step in [NextStep.rollBack(to: 1), .cancel, .retry, .approve, .decline] {
                let preview = await bench.presses().preview(
                    step, on: OperationID(3), from: bench.sender(button: true))
                XCTAssertEqual(preview, .unneeded, step.name)
            }
        }
    }

    func testWhoeverMayNotIsNotAskedAgain() async throws {
        try await twoReleases { bench in
            let preview = await bench.presses(CarefulGate()).preview(
                .deploy(to: .prod), on: OperationID(3),
                from: bench.sender(by: CarefulGate.stranger, button: true))
            XCTAssertEqual(preview, .answer(Answer(.refused, CarefulGate.sentence)))
        }
    }

    func testARetryThatGoesToProdIsAskedAboutAgain() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            try await bench.deploy(to: .prod, ended: 1)
            let broken = bench.world.commit("b")
            bench.world.fail("build bbbbbbb", BuildError.failed(sentence: "No.", tail: []))
            try await bench.deploy(to: .prod, ended: 2)
            bench.world.between.withLock { $0 = [broken] }
            let preview = await bench.presses(CarefulGate()).preview(
                .retry, on: OperationID(3), from: bench.sender(by: Bench.ola, button: true))
            guard case .preview(let shown) = preview else { return XCTFail("\(preview)") }
            XCTAssertEqual(shown.subject, .step(.retry, on: OperationID(3)))
            XCTAssertEqual(shown.current?.number, 1)
            XCTAssertEqual(shown.target, .commit(broken))
            XCTAssertEqual(shown.changes, [broken])
            XCTAssertTrue(shown.needsApproval)
            XCTAssertNil(shown.wish)
            let refused = await bench.presses(CarefulGate()).preview(
                .retry, on: OperationID(3), from: bench.sender(by: CarefulGate.stranger, button: true))
            XCTAssertEqual(refused, .answer(Answer(.refused, CarefulGate.sentence)))
            let answer = await bench.press(.retry, 3)
            XCTAssertEqual(answer.outcome, .accepted)
            let late = await bench.presses().preview(.retry, on: OperationID(3), from: bench.sender(button: true))
            guard case .answer(let told) = late else { return XCTFail("\(late)") }
            XCTAssertEqual(told.outcome, .information, "somebody was first")
        }
    }

    func testARetryOfWhatWasNeverLookedUpShowsItsRevision() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            try await bench.deploy(to: .prod, ended: 1)
            let failed = try await bench.operation(2)
            XCTAssertEqual(failed.state, .failed)
            XCTAssertNil(failed.commit)
            let preview = await bench.presses().preview(.retry, on: OperationID(2), from: bench.sender(button: true))
            guard case .preview(let shown) = preview else { return XCTFail("\(preview)") }
            XCTAssertEqual(shown.target, .revision(Revision("main")!))
            XCTAssertNil(shown.current)
            XCTAssertEqual(bench.world.count("commits"), 0)
        }
    }

    // MARK: Forms

    private func send(
        _ revision: String, _ bench: Bench, to environment: String = "prod", by person: Person = Bench.kari,
        in channel: String = "iterapp-logs"
    ) async -> DeployFormAnswer {
        await bench.forms(CarefulGate()).deploy(
            "cats", environment: environment, revision: revision, note: "now",
            from: bench.sender(in: channel, by: person, button: true, key: "form:1"))
    }

    func testAFormDeploysToProdWhatItHasShown() async throws {
        try await twoReleases { bench in
            bench.world.commit("a")
            try await bench.deploy(to: .prod, ended: 3)
            let shownCommit = bench.world.commit("b")
            bench.world.between.withLock { $0 = [shownCommit] }
            guard case .confirm(let shown) = await send("main", bench) else { return XCTFail("not asked again") }
            XCTAssertEqual(shown.current?.commit.id.short, "aaaaaaa")
            XCTAssertEqual(shown.changes, [shownCommit])
            XCTAssertTrue(shown.needsApproval)
            let wish = try XCTUnwrap(shown.wish)
            XCTAssertEqual(
                wish, DeployWish(label: "cats", environment: .prod, revision: Revision("main")!, commit: shownCommit))
            let none = try await bench.journal.operation(OperationID(5))
            XCTAssertNil(none, "nothing is written down")

            bench.world.commit("c")
            for tail in [" Follow it in #iterapp-logs.", ""] {
                let answer = await bench.forms().deploy(
                    confirmed: wish, note: "now", from: bench.sender(button: true, key: "form:1"))
                XCTAssertEqual(answer.text, "Deploying `main` of `cats` to *prod*." + tail)
            }
            let lookUps = bench.world.count("resolve")
            try await bench.work(until: 4)
            let operation = try await bench.operation(5)
            XCTAssertEqual(operation.state, .succeeded)
            XCTAssertEqual(operation.commit, shownCommit, "wherever the branch went")
            XCTAssertEqual(operation.revision?.text, "main")
            XCTAssertEqual(operation.note, "now")
            XCTAssertEqual(bench.world.count("resolve"), lookUps)
            let second = try await bench.journal.operation(OperationID(6))
            XCTAssertNil(second, "sent twice, done once")
        }
    }

    func testAFormToElsewhereActsAtOnce() async throws {
        try await twoReleases { bench in
            guard case .answer(let answer) = await send("main", bench, to: "test") else { return XCTFail("asked") }
            XCTAssertEqual(answer.outcome, .accepted)
            let operation = try await bench.operation(4)
            XCTAssertNil(operation.commit, "looked up when its turn comes")
        }
    }

    func testAReleaseIsShownWithItsCommit() async throws {
        try await twoReleases { bench in
            let lookUps = bench.world.count("resolve")
            guard case .confirm(let shown) = await send("#1", bench) else { return XCTFail("not asked again") }
            XCTAssertEqual(shown.commit?.id.short, "aaaaaaa")
            XCTAssertEqual(bench.world.count("resolve"), lookUps)
            let mistake = await send("#9", bench)
            XCTAssertEqual(mistake, .mistake(
                .revision, "`cats` has no release `#9` that went live. Take a number from a message about a deploy that "
                    + "is live, or name a branch."))
        }
    }

    func testWhatSurelyDoesNotExistIsAMistakeInItsField() async throws {
        try await twoReleases { bench in
            let mistake = await send("mian", bench)
            XCTAssertEqual(
                mistake, .mistake(.revision, "`cats` has no branch, tag or commit `mian`. Did you mean `main`?"))
            for error in [SourceError.ambiguousRevision, .empty] {
                bench.world.fail("resolve", error)
                guard case .mistake(.revision, _) = await send("abcdef1", bench) else { return XCTFail("\(error)") }
            }
            for error in [SourceError.unreachable("?"), .accessDenied("?"), .noSuchRepository, .broken("?")] {
                bench.world.fail("resolve", error)
                guard case .confirm(let shown) = await send("main", bench) else { return XCTFail("\(error)") }
                XCTAssertEqual(shown.target, .revision(Revision("main")!))
            }
        }
    }

    func testNobodyWaitsLongForASourceThatHangs() async throws {
        try await twoReleases { bench in
            bench.world.hold("resolve")
            let start = ContinuousClock.now
            guard case .confirm(let shown) = await send("main", bench) else { return XCTFail("not asked again") }
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(2))
            XCTAssertEqual(shown.target, .revision(Revision("main")!))
            XCTAssertNil(shown.wish?.commit)
            bench.world.release("resolve")
            bench.world.commit("c")
            let answer = await bench.forms().deploy(
                confirmed: try XCTUnwrap(shown.wish), from: bench.sender(button: true, key: "form:1"))
            XCTAssertEqual(answer.outcome, .accepted)
            try await bench.work(until: 3)
            let operation = try await bench.operation(4)
            XCTAssertEqual(operation.commit?.id.short, "ccccccc", "the newest when its turn came")
        }
    }

    /// Rights may be taken away, and apps deregistered, while somebody looks at what would change.
    func testWhatMayBeAskedIsLookedAtBothTimes() async throws {
        try await twoReleases { bench in
            let stranger = await send("main", bench, by: CarefulGate.stranger)
            XCTAssertEqual(stranger, .answer(Answer(.refused, CarefulGate.sentence)))
            guard case .answer(let elsewhere) = await send("main", bench, in: "general") else { return XCTFail("asked") }
            XCTAssertEqual(elsewhere.outcome, .refused)
            XCTAssertEqual(bench.world.count("resolve"), 2, "only for the two releases")
            var entries = try await bench.audited()
            XCTAssertEqual(entries.prefix(2).map(\.decision), [.refused, .refused])
            XCTAssertEqual(entries.first?.revision?.text, "main")

            guard case .confirm(let shown) = await send("main", bench) else { return XCTFail("not asked again") }
            let wish = try XCTUnwrap(shown.wish)
            let refused = await bench.forms(CarefulGate()).deploy(
                confirmed: wish, from: bench.sender(
                    by: CarefulGate.stranger, button: true, key: "form:1", delivery: "2"))
            XCTAssertEqual(refused, Answer(.refused, CarefulGate.sentence))
            entries = try await bench.audited()
            XCTAssertEqual(entries.count { $0.decision == .refused }, 3)
            await bench.command("deregister cats")
            let gone = await bench.forms().deploy(confirmed: wish, from: bench.sender(button: true, key: "form:1"))
            XCTAssertTrue(gone.text.hasPrefix("`cats` is not registered."), gone.text)
            guard case .answer(let unknown) = await send("main", bench) else { return XCTFail("asked") }
            XCTAssertEqual(unknown, gone)
        }
    }
}
