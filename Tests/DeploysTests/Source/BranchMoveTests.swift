import XCTest

@testable import Deploys

/// Pushes that are told twice, too late, in the wrong order, or not at all any more.
final class BranchMoveTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    func testTheSameCommitOfTheSameBranchIsADuplicate() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let commit = bench.world.commit("a")
            let first = try await bench.push(commit)
            XCTAssertEqual(first, .accepted(OperationID(2)))
            let again = try await bench.push(commit)
            XCTAssertEqual(again, .duplicate)
            let elsewhere = try await bench.push(commit, to: "copy")
            XCTAssertEqual(elsewhere, .accepted(OperationID(3)))
            // There and back again.
            try await bench.push(bench.world.commit("b"), before: commit.id)
            let back = try await bench.push(commit, before: commitID("b"))
            XCTAssertEqual(back, .accepted(OperationID(5)))
        }
    }

    func testOneThatWasToldTooLateIsOvertakenAtOnce() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            try await bench.push(bench.world.commit("9"), before: nil)
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            let late = try await bench.push(bench.world.commit("a"), before: commitID("9"))
            XCTAssertEqual(late, .accepted(OperationID(4)))
            let overtaken = try await bench.operation(4)
            XCTAssertEqual(overtaken.state, .superseded)
            let newest = try await bench.operation(3)
            XCTAssertEqual(newest.state, .queued)
            try await bench.work(until: 2)
            let head = try await bench.journal.knownHead(of: "main", app: cats)
            XCTAssertEqual(head, KnownHead(commit: commitID("b"), before: commitID("a")))
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 0)
        }
    }

    func testOutOfOrderByTwoTheOlderOneFindsOutWhenItBegins() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            try await bench.push(bench.world.commit("9"))
            heads.set("main", of: cats, to: commitID("9"))
            try await bench.work(until: 1) { $0.heads = heads }
            heads.set("main", of: cats, to: commitID("c"))
            try await bench.push(bench.world.commit("c"), before: commitID("b"))
            try await bench.push(bench.world.commit("a"), before: commitID("9"))
            let newest = try await bench.operation(3)
            XCTAssertEqual(newest.state, .queued, "in doubt, nothing is thrown away")
            try await bench.work(until: 3) { $0.heads = heads }
            let older = try await bench.operation(4)
            XCTAssertEqual(older.state, .superseded)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 0)
            XCTAssertEqual(bench.world.count("build ccccccc"), 1)
            let known = try await bench.journal.knownHead(of: "main", app: cats)
            XCTAssertEqual(known?.commit, commitID("c"), "a look finds nothing new")
            let told = try await bench.delivered().compactMap(\.phase)
            XCTAssertTrue(told.contains(.superseded(by: bench.world.commit("c"))), "\(told)")
        }
    }

    func testABranchThatIsGoneEndsItsPush() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            try await bench.push(bench.world.commit("a"), to: "feature", before: commitID("8"))
            heads.set("main", of: cats, to: commitID("9"))
            try await bench.work(until: 1) { $0.heads = heads }
            let push = try await bench.operation(2)
            XCTAssertEqual(push.state, .superseded)
            XCTAssertEqual(bench.world.count("build"), 0)
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.last?.phase, .superseded(by: nil))
        }
    }

    func testABranchThatIsNotListedYetIsBuilt() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("9"))
            try await bench.push(bench.world.commit("a"), to: "feature")
            try await bench.work(until: 1) { $0.heads = heads }
            let push = try await bench.operation(2)
            XCTAssertEqual(push.state, .succeeded)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 1)
        }
    }

    func testASourceThatIsBehindOrAwayStopsNoPush() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("9"))
            try await bench.push(bench.world.commit("a"), before: commitID("9"))
            try await bench.work(until: 1) { $0.heads = heads }
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            heads.fail(.unreachable("GitHub is away."))
            try await bench.work(until: 2) { $0.heads = heads }
            for number: Int64 in [2, 3] {
                let push = try await bench.operation(number)
                XCTAssertEqual(push.state, .succeeded)
            }
        }
    }

    func testThereAndBackToldInTheWrongOrderIsFoundByALook() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            try await bench.push(bench.world.commit("a"))
            try await bench.work(until: 1) { $0.heads = heads }
            let back = try await bench.push(bench.world.commit("a"), before: commitID("b"))
            XCTAssertEqual(back, .duplicate)
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            try await bench.work(until: 2) { $0.heads = heads }
            let clock = ContinuousClock.now
            await bench.signals.looks.wait(atMost: .seconds(20))
            XCTAssertLessThan(ContinuousClock.now - clock, .seconds(10), "a look is asked for")
        }
    }

    /// A build that has begun is stopped; the newer one comes after it, in the same lane.
    func testAForcedPushWhileItsElderIsBuilt() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            bench.world.hold("build")
            try await bench.push(bench.world.commit("a"))
            let work = bench.start { $0.heads = heads }
            try await bench.world.waitFor("build aaaaaaa")
            heads.set("main", of: cats, to: commitID("b"))
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            try await bench.world.waitFor("end settle")
            bench.world.release("build")
            try await bench.world.waitFor("end settle", times: 2)
            await bench.stop(work)
            XCTAssertEqual(bench.world.releases.withLock { $0.map(\.commit) }, [commitID("b")])
        }
    }
}
