import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// Buttons: what they offer, what they become, and that they act once.
final class PressDeskTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

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

    private func failedBuild(_ text: String, _ body: (Bench) async throws -> Void) async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.fail("build aaaaaaa", BuildError.failed(sentence: "No.", tail: []))
            await bench.command(text)
            try await bench.work(until: 1)
            try await body(bench)
        }
    }

    // MARK: What is offered

    func testALiveMessageOffersWhatComesNext() async throws {
        try await twoReleases { bench in
            let (first, second) = (try await bench.steps(2), try await bench.steps(3))
            XCTAssertEqual(first, [], "a newer release is live")
            let sequels = try await bench.sequels(2)
            XCTAssertEqual(sequels, [.replaced(by: 2)])
            XCTAssertEqual(second, [.deploy(to: .prod), .rollBack(to: 1)])
            try await bench.deploy(to: .prod, ended: 3)
            let prod = try await bench.steps(4)
            XCTAssertEqual(prod, [], "nothing was live before")
        }
    }

    func testABuildOffersItsEnvironmentAndProgressOffersToCancel() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.hold("build aaaaaaa")
            await bench.command("build cats snap3 main")
            let work = bench.start()
            try await bench.world.waitFor("build aaaaaaa")
            try await bench.world.waitFor("end record", times: 3)
            let building = try await bench.steps(2)
            XCTAssertEqual(building, [.cancel])
            bench.world.release("build aaaaaaa")
            try await bench.world.waitFor("end settle")
            await bench.stop(work)
            let built = try await bench.steps(2)
            XCTAssertEqual(built, [.deploy(to: EnvironmentName(parsing: "snap3")!)])
        }
    }

    // MARK: What presses become

    func testARetryTakesTheSameCommit() async throws {
        try await failedBuild("deploy cats test main") { bench in
            bench.world.commit("b")
            let offered = try await bench.steps(2)
            XCTAssertEqual(offered, [.retry])
            let answer = await bench.press(.retry, 2)
            XCTAssertEqual(answer, Answer(.accepted, "Deploying `cats` to *test* again. Follow it in #iterapp-logs."))
            try await bench.work(until: 2)
            let operation = try await bench.operation(3)
            XCTAssertEqual(operation.kind, .deploy)
            XCTAssertEqual(operation.commit?.id.short, "aaaaaaa")
            XCTAssertEqual(operation.trigger, .button(Bench.ola))
            XCTAssertEqual(operation.state, .succeeded)
            let (steps, sequels) = (try await bench.steps(2), try await bench.sequels(2))
            XCTAssertEqual(steps, [])
            XCTAssertEqual(sequels, [.retried(by: Bench.ola)])
        }
    }

    func testARetryOfABuildOnlyBuilds() async throws {
        try await failedBuild("build cats test main") { bench in
            _ = await bench.press(.retry, 2)
            try await bench.work(until: 2)
            let operation = try await bench.operation(3)
            XCTAssertEqual(operation.kind, .build)
            XCTAssertEqual(operation.environment, .test)
            XCTAssertEqual(bench.world.count("roll out"), 0)
        }
    }

    func testARetryOfAPushGoesWhereThePushWent() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.fail("build", BuildError.failed(sentence: "No.", tail: []))
            try await bench.push(bench.world.commit("a"))
            try await bench.work(until: 1)
            // A newer one waits: the retry does not overtake it.
            try await bench.push(bench.world.commit("b"))
            _ = await bench.press(.retry, 2)
            let waiting = try await bench.operation(3)
            XCTAssertEqual(waiting.state, .queued)
            let retry = try await bench.operation(4)
            XCTAssertEqual(retry.kind, .deploy)
            XCTAssertEqual(retry.environment, .test)
            XCTAssertEqual(retry.commit?.id.short, "aaaaaaa")
        }
    }

    func testARetryOfARegistration() async throws {
        try await Bench.with { bench in
            bench.world.fail("default branch", SourceError.noSuchRepository)
            await bench.command("register cats")
            try await bench.work(until: 1)
            let answer = await bench.press(.retry, 1)
            XCTAssertEqual(answer, Answer(.accepted, "Registering `cats`. Follow it in #iterapp-logs."))
            try await bench.work(until: 2)
            let app = try await bench.journal.app(cats)
            XCTAssertNotNil(app)
        }
    }

    func testSettingsThatAreWrongAreNotTriedAgain() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", ["iterapp.toml": "nonsense = 1\n"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let steps = try await bench.steps(2)
            XCTAssertEqual(steps, [])
        }
    }

    func testTheSameCommitGoesToProd() async throws {
        try await twoReleases { bench in
            bench.world.commit("c")
            let answer = await bench.press(.deploy(to: .prod), 3, CarefulGate(), note: "  It is Friday. ")
            XCTAssertEqual(
                answer.text, "Deploying `cats` to *prod*. Somebody else has to approve it once it is built. "
                    + "Follow it in #iterapp-logs.")
            let operation = try await bench.operation(4)
            XCTAssertEqual(operation.environment, .prod)
            XCTAssertEqual(operation.commit?.id.short, "bbbbbbb")
            XCTAssertEqual(operation.note, "It is Friday.")
            XCTAssertEqual(operation.approval, Approval())
            let line = try await bench.audited().first
            XCTAssertEqual(line?.reason, "It is Friday.")
            let steps = try await bench.steps(3)
            XCTAssertEqual(steps, [.rollBack(to: 1)])
            let sequels = try await bench.sequels(3)
            XCTAssertEqual(sequels, [.asked(for: .prod, by: Bench.ola)], "nobody has approved it yet")
        }
    }

    func testARollBackThatWaitsForAnApprovalIsNotOneYet() async throws {
        try await twoReleases { bench in
            _ = await bench.press(.rollBack(to: 1), 3, CarefulGate(guarded: [.test]))
            let sequels = try await bench.sequels(3)
            XCTAssertEqual(sequels, [.askedToRollBack(to: 1, by: Bench.ola)])
        }
    }

    func testARollBackIsADeployOfTheReleaseBefore() async throws {
        try await twoReleases { bench in
            let answer = await bench.press(.rollBack(to: 1), 3)
            XCTAssertEqual(
                answer, Answer(.accepted, "Rolling `cats` back to release #1 in *test*. Follow it in #iterapp-logs."))
            try await bench.work(until: 3)
            let operation = try await bench.operation(4)
            XCTAssertEqual(operation.commit?.id.short, "aaaaaaa")
            XCTAssertEqual(operation.revision?.text, "#1")
            XCTAssertEqual(operation.releaseNumber, 3)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 1, "it is not built again")
            let sequels = try await bench.sequels(3)
            XCTAssertEqual(sequels, [.rolledBack(to: 1, by: Bench.ola), .replaced(by: 3)])
            let next = try await bench.steps(4)
            XCTAssertEqual(next, [.deploy(to: .prod), .rollBack(to: 2)])
        }
    }

    // MARK: Once, and by whom

    func testTwoPressesAtOnceActOnce() async throws {
        try await twoReleases { bench in
            let answers = await withTaskGroup(of: Answer.self) { group in
                for person in [Bench.kari, Bench.ola, Bench.kari, Bench.ola] {
                    group.addTask { await bench.press(.deploy(to: .prod), 3, by: person) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            XCTAssertEqual(answers.count { $0.outcome == .accepted }, 1)
            let operation = try await bench.operation(4)
            let first = try XCTUnwrap(operation.trigger.person)
            let others = Set(answers.filter { $0.outcome != .accepted }.map(\.text))
            XCTAssertTrue(
                others.isSubset(of: [
                    "You did that already: it waits for its turn.",
                    "<@\(first.id)> did that already: it waits for its turn.",
                ]), "\(others)")
            let none = try await bench.journal.operation(OperationID(5))
            XCTAssertNil(none)
        }
    }

    func testWhatIsNoLongerOfferedIsRefused() async throws {
        try await twoReleases { bench in
            let answer = await bench.press(.deploy(to: .prod), 2)
            XCTAssertEqual(
                answer, Answer(.refused, "Release #2 is live there since, so that makes no sense any more."))
            let never = await bench.press(.retry, 3)
            XCTAssertEqual(never, Answer(.refused, PressWords.noLongerOffered))
            let unknown = await bench.press(.retry, 99)
            XCTAssertEqual(unknown, Answer(.refused, PressWords.unknown))
        }
    }

    func testTheGateAndThePlaceAreAskedAtThePress() async throws {
        try await twoReleases { bench in
            let stranger = await bench.press(.deploy(to: .prod), 3, by: CarefulGate.stranger, CarefulGate())
            XCTAssertEqual(stranger, Answer(.refused, CarefulGate.sentence))
            let elsewhere = await bench.presses().press(
                .deploy(to: .prod), on: OperationID(3), from: bench.sender(in: "random", button: true))
            XCTAssertEqual(elsewhere.outcome, .refused)
            let steps = try await bench.steps(3)
            XCTAssertEqual(steps, [.deploy(to: .prod), .rollBack(to: 1)], "others may still press it")
        }
    }

    func testAnAppThatIsNoLongerRegisteredIsNotDeployed() async throws {
        try await twoReleases { bench in
            await bench.command("deregister cats")
            let answer = await bench.press(.rollBack(to: 1), 3)
            XCTAssertEqual(answer.text.hasPrefix("`cats` is not registered."), true, answer.text)
        }
    }

    func testASuccessTakesRetryFromOlderFailures() async throws {
        try await failedBuild("deploy cats test main") { bench in
            try await bench.deploy(ended: 2)
            let steps = try await bench.steps(2)
            XCTAssertEqual(steps, [])
            let answer = await bench.press(.retry, 2)
            XCTAssertEqual(answer.outcome, .refused)
        }
    }
}
