import TestSupport
import XCTest

@testable import Deploys

/// A newer push stops the build of the one before it, and only that.
final class OvertakingTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    /// Commits follow each other; `event` is held up when the first of them comes to it.
    private func amid(
        _ event: String, heads: HeadsDouble? = nil, _ body: (Bench) async throws -> Void
    ) async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.hold(event)
            heads?.set("main", of: cats, to: commitID("a"))
            try await bench.push(bench.world.commit("a"))
            let work = bench.start { $0.heads = heads }
            try await bench.world.waitFor(event)
            try await body(bench)
            await bench.stop(work)
        }
    }

    private func states(_ bench: Bench, _ numbers: ClosedRange<Int64>) async throws -> [Deploys.Operation.State] {
        var states: [Deploys.Operation.State] = []
        for number in numbers { states.append(try await bench.operation(number).state) }
        return states
    }

    func testABuildIsStoppedForTheNextPush() async throws {
        try await amid("build aaaaaaa") { bench in
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            try await bench.world.waitFor("end settle", times: 2)
            let states = try await states(bench, 2...3)
            XCTAssertEqual(states, [.superseded, .succeeded])
            XCTAssertEqual(bench.world.releases.withLock { $0.map(\.commit) }, [commitID("b")])
            let phase = try await bench.phase(2)
            XCTAssertEqual(phase, .superseded(by: bench.world.commit("b")))
            let number = try await bench.operation(2).buildNumber
            XCTAssertEqual(number, 1, "people read that its build was stopped, not that it never began")
        }
    }

    /// Else nothing would ever be finished where people push more often than a build takes.
    func testTheBuildAfterOneThatWasStoppedGoesToItsEnd() async throws {
        try await amid("build") { bench in
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            try await bench.world.waitFor("build bbbbbbb")
            try await bench.push(bench.world.commit("c"), before: commitID("b"))
            try await bench.push(bench.world.commit("d"), before: commitID("c"))
            bench.world.release("build")
            try await bench.world.waitFor("end settle", times: 3)
            let states = try await states(bench, 2...5)
            XCTAssertEqual(states, [.superseded, .succeeded, .superseded, .succeeded])
            XCTAssertEqual(bench.world.releases.withLock { $0.map(\.commit) }, [commitID("b"), commitID("d")])
        }
    }

    /// A check-out that takes longer than the next push does not either.
    func testAfterACheckOutThatWasStoppedTheNextPushIsBuilt() async throws {
        try await amid("check") { bench in
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            try await bench.world.waitFor("check out bbbbbbb")
            try await bench.push(bench.world.commit("c"), before: commitID("b"))
            try await bench.push(bench.world.commit("d", on: "other"), to: "other")
            try await bench.world.waitFor("check out ddddddd")
            bench.world.release("check")
            try await bench.world.waitFor("end settle", times: 4)
            let states = try await states(bench, 2...5)
            XCTAssertEqual(states, [.superseded, .succeeded, .succeeded, .succeeded])
        }
    }

    /// The service stops in the middle of a roll-out, and the next push is there before it goes on.
    func testARollOutThatWasInterruptedGoesToItsEnd() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.hold("roll out")
            try await bench.push(bench.world.commit("a"))
            let work = bench.start()
            try await bench.world.waitFor("roll out")
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            await bench.stop(work)
            let next = Bench(continuing: bench, in: World(continuing: bench.world))
            next.world.hold("check out aaaaaaa")
            let again = next.start()
            try await next.world.waitFor("check out aaaaaaa")
            // Work on another branch goes all its way meanwhile.
            try await next.push(next.world.commit("c", on: "other"), to: "other")
            try await next.world.waitFor("end settle")
            next.world.release("check out aaaaaaa")
            try await next.world.waitFor("end settle", times: 3)
            await next.stop(again)
            let states = try await states(next, 2...4)
            XCTAssertEqual(states, [.succeeded, .succeeded, .succeeded])
            XCTAssertEqual(
                next.world.releases.withLock { $0.map(\.commit) }, [commitID("a"), commitID("b")])
        }
    }

    /// A push of commit a to prod is built, and waits for a second person.
    private func whileHeld(_ body: (Bench, _ settings: [String: String]) async throws -> Void) async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let settings = ["iterapp.toml": "default_environment = \"prod\"\n"]
            try await bench.push(bench.world.commit("a", settings))
            let work = bench.start { $0.gate = CarefulGate() }
            try await bench.world.waitFor("end hold")
            try await body(bench, settings)
            await bench.stop(work)
        }
    }

    func testWhatWasApprovedGoesToItsEnd() async throws {
        try await whileHeld { bench, settings in
            bench.world.hold("check out aaaaaaa")
            let answer = await bench.press(.approve, 2, CarefulGate())
            XCTAssertEqual(answer.outcome, .accepted, answer.text)
            try await bench.world.waitFor("check out aaaaaaa", times: 2)
            try await bench.push(bench.world.commit("b", settings), before: commitID("a"))
            try await bench.push(bench.world.commit("c", on: "other"), to: "other")
            try await bench.world.waitFor("end settle")
            bench.world.release("check out aaaaaaa")
            try await bench.world.waitFor("roll out cats to prod")
            try await bench.world.waitFor("end settle", times: 2)
            let state = try await bench.operation(2).state
            XCTAssertEqual(state, .succeeded)
        }
    }

    func testAHeldPushIsNotSaidToHaveBeenStopped() async throws {
        try await whileHeld { bench, settings in
            bench.world.hold("build")
            try await bench.push(bench.world.commit("b", settings), before: commitID("a"))
            let held = try await bench.operation(2)
            XCTAssertEqual(held.state, .superseded)
            XCTAssertEqual(held.buildNumber, 1)
            XCTAssertFalse(held.wasStoppedMidBuild)
        }
    }

    func testARollOutThatHasBegunGoesToItsEnd() async throws {
        try await amid("roll out") { bench in
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            // Long enough for anybody to notice.
            try await bench.push(bench.world.commit("c", on: "other"), to: "other")
            try await bench.world.waitFor("end settle")
            let running = try await bench.operation(2)
            XCTAssertEqual(running.state, .running)
            bench.world.release("roll out")
            try await bench.world.waitFor("end settle", times: 3)
            XCTAssertEqual(bench.world.releases.withLock { $0.map(\.commit) }, [commitID("a"), commitID("b")])
        }
    }

    func testAnotherBranchStopsNothing() async throws {
        try await amid("build aaaaaaa") { bench in
            try await bench.push(bench.world.commit("b", on: "feature"), to: "feature", before: commitID("a"))
            try await bench.world.waitFor("end settle")
            bench.world.release("build aaaaaaa")
            try await bench.world.waitFor("end settle", times: 2)
            let states = try await states(bench, 2...3)
            XCTAssertEqual(states, [.succeeded, .succeeded])
        }
    }

    /// A push that is told too late is older, not newer: where the branch is decides.
    func testInDoubtTheSourceIsAsked() async throws {
        let heads = HeadsDouble()
        try await amid("build aaaaaaa", heads: heads) { bench in
            let isAsked = Watched(false)
            heads.onAsk { isAsked.change { $0 = true } }
            try await bench.push(bench.world.commit("8"), before: commitID("7"))
            try await isAsked.wait(for: "a question") { $0 }
            // Work on another branch goes all its way meanwhile.
            heads.set("other", of: cats, to: commitID("d"))
            try await bench.push(bench.world.commit("d", on: "other"), to: "other")
            try await bench.world.waitFor("end settle")
            let running = try await bench.operation(2)
            XCTAssertEqual(running.state, .running, "its branch is where it was")
            heads.set("main", of: cats, to: commitID("c"))
            try await bench.push(bench.world.commit("c"), before: commitID("b"))
            try await bench.world.waitFor("end settle", times: 4)
            let phase = try await bench.phase(2)
            XCTAssertEqual(phase, .superseded(by: bench.world.commit("c")))
            XCTAssertEqual(bench.world.releases.withLock { $0.map(\.commit) }.last, commitID("c"))
        }
    }

    /// Somebody who cancels it meanwhile reads that it was cancelled.
    func testAPersonWhoCancelsComesFirst() async throws {
        try await amid("build aaaaaaa") { bench in
            let answer = await bench.press(.cancel, 2)
            XCTAssertEqual(answer.outcome, .accepted, answer.text)
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            try await bench.world.waitFor("end settle", times: 2)
            let states = try await states(bench, 2...3)
            XCTAssertEqual(states, [.cancelled, .succeeded])
        }
    }
}
