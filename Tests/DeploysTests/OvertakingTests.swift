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

    func testARollOutThatHasBegunGoesToItsEnd() async throws {
        try await amid("roll out") { bench in
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            bench.world.release("roll out")
            try await bench.world.waitFor("end settle", times: 2)
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
            heads.set("main", of: cats, to: commitID("c"))
            try await bench.push(bench.world.commit("c"), before: commitID("b"))
            try await bench.world.waitFor("end settle", times: 3)
            let first = try await bench.operation(2)
            XCTAssertEqual(first.state, .superseded)
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
