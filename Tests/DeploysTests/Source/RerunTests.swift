import XCTest

@testable import Deploys

/// A commit that is built again because somebody asked for it where it is shown.
final class RerunTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    private func desk(_ bench: Bench) -> RerunDesk { RerunDesk(bench.intake()) }

    private func rerun(_ commit: CommitID, of operation: Int64? = nil, delivery: String = "1") -> Rerun {
        Rerun(
            repository: SourceRepository(id: nil, name: cats), commit: commit, branch: nil,
            operation: operation.map(OperationID.init), by: "ada", deliveryID: delivery)
    }

    func testItIsBuiltAgainAndDeployedWhereThePushWent() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            let commit = bench.world.commit("a")
            try await bench.push(commit)
            try await bench.work(until: 1) { $0.heads = heads }
            let decision = try await desk(bench).take(rerun(commit.id, of: 2))
            XCTAssertEqual(decision, .accepted(OperationID(3)))
            let again = try await desk(bench).take(rerun(commit.id, of: 2))
            XCTAssertEqual(again, .duplicate)
            try await bench.work(until: 2) { $0.heads = heads }
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 2)
            XCTAssertEqual(bench.world.count("roll out cats to test"), 2)
            let operation = try await bench.operation(3)
            XCTAssertEqual(operation.trigger, .rerun(by: "ada"))
            XCTAssertEqual(operation.state, .succeeded)
        }
    }

    func testANewerPushDoesNotStopIt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let commit = bench.world.commit("a")
            try await bench.push(commit)
            try await bench.work(until: 1)
            bench.world.hold("build")
            _ = try await desk(bench).take(rerun(commit.id, of: 2))
            let work = bench.start()
            try await bench.world.waitFor("build aaaaaaa", times: 2)
            try await bench.push(bench.world.commit("b"), before: commitID("a"))
            bench.world.release("build")
            try await bench.world.waitFor("end settle", times: 3)
            await bench.stop(work)
            let again = try await bench.operation(3)
            XCTAssertEqual(again.state, .succeeded)
        }
    }

    func testAnOldCommitIsBuiltAndGoesNowhere() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            let old = bench.world.commit("a")
            heads.set("main", of: cats, to: old.id)
            try await bench.push(old)
            try await bench.work(until: 1) { $0.heads = heads }
            heads.set("main", of: cats, to: commitID("b"))
            try await bench.push(bench.world.commit("b"), before: old.id)
            _ = try await desk(bench).take(rerun(old.id))
            let queued = try await bench.operation(3)
            XCTAssertEqual(queued.state, .queued, "the newer push is wanted all the same")
            try await bench.work(until: 3) { $0.heads = heads }
            XCTAssertEqual(bench.world.releases.withLock { $0.map(\.commit) }, [old.id, commitID("b")])
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 2)
        }
    }

    func testWhatWasNeverBuiltIsNobodysToAskFor() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", "dogs")
            try await bench.push(bench.world.commit("a"), app: "dogs")
            for rerun in [rerun(commitID("a")), rerun(commitID("a"), of: 3), rerun(commitID("b")), rerun(commitID("a"), of: 99)] {
                let decision = try await desk(bench).take(rerun)
                XCTAssertEqual(decision, .ignored)
            }
        }
    }

    func testWhatSomebodyAskedForInTheChatIsOnlyBuilt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let commit = bench.world.commit("a")
            await bench.command("deploy cats prod main")
            try await bench.work(until: 1)
            _ = try await desk(bench).take(rerun(commit.id, of: 2))
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 2)
            XCTAssertEqual(bench.world.count("roll out"), 1)
        }
    }
}
