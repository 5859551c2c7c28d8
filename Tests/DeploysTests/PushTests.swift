import XCTest

@testable import Deploys

/// What becomes of pushes.
final class PushTests: XCTestCase {
    func testANewerPushOvertakesOneThatHasNotBegunAndNoOther() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.hold("roll out")
            try await bench.push(bench.world.commit("a"))
            let work = bench.start()
            try await bench.world.waitFor("roll out")
            try await bench.push(bench.world.commit("b"))
            try await bench.push(bench.world.commit("c", on: "feature"), to: "feature")
            try await bench.push(bench.world.commit("d"))
            let overtaken = try await bench.operation(3)
            XCTAssertEqual(overtaken.state, .superseded)
            bench.world.release("roll out")
            try await bench.world.waitFor("end settle", times: 3)
            await bench.stop(work)
            XCTAssertEqual(bench.world.count("build bbbbbbb"), 0)
            for number: Int64 in [2, 4, 5] {
                let operation = try await bench.operation(number)
                XCTAssertEqual(operation.state, .succeeded, "\(number)")
            }
            XCTAssertEqual(bench.world.count("roll out"), 2, "the other branch is only built")
        }
    }

    func testAPushGoesWhereItsOwnSettingsSay() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let commit = bench.world.commit("a", ["iterapp.toml": "default_environment = \"prod\"\n"])
            await bench.command("deploy cats prod main")
            bench.world.hold("roll out cats to prod")
            let work = bench.start()
            try await bench.world.waitFor("roll out cats to prod")
            try await bench.push(commit)
            // Built in the lane it was thought to be in, it waits in the one of the deploy that runs.
            try await bench.world.waitFor("end put back")
            let waiting = try await bench.operation(3)
            XCTAssertEqual(waiting.environment, .prod)
            XCTAssertEqual(waiting.state, .queued)
            bench.world.release("roll out cats to prod")
            try await bench.world.waitFor("end settle", times: 2)
            await bench.stop(work)
            XCTAssertEqual(bench.world.releases.withLock { $0.map(\.environment) }, [.prod, .prod])
            XCTAssertEqual(bench.world.count("build"), 1)
            let next = try await bench.push(bench.world.commit("b", ["iterapp.toml": "default_environment = \"prod\"\n"]))
            guard case .accepted(let id) = next else { return XCTFail("\(next)") }
            let operation = try await bench.operation(id.number)
            XCTAssertEqual(operation.environment, .prod, "the next one is in the right lane at once")
        }
    }

    func testNoneOnlyBuildsAndIsRemembered() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            try await bench.push(bench.world.commit("a", ["iterapp.toml": "default_environment = \"none\"\n"]))
            try await bench.work(until: 1)
            let first = try await bench.operation(2)
            XCTAssertEqual(first.state, .succeeded)
            XCTAssertNil(first.environment)
            XCTAssertEqual(bench.world.count("roll out"), 0)
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.last?.phase, .built)
            XCTAssertFalse(drafts.contains(where: \.isAnnouncement), "nobody has to notice")
            let app = try await bench.journal.app(AppID(organisation: "iterate", name: "cats"))
            XCTAssertNil(app?.defaultEnvironment ?? nil)

            // And back again.
            try await bench.push(bench.world.commit("b"))
            try await bench.work(until: 2)
            let second = try await bench.operation(3)
            XCTAssertEqual(second.environment, .test)
            XCTAssertEqual(bench.world.count("roll out cats to test"), 1)
        }
    }

    func testAnotherBranchIsOnlyBuilt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let commit = bench.world.commit("a", on: "feature", ["iterapp.toml": "default_environment = \"prod\"\n"])
            try await bench.push(commit, to: "feature")
            try await bench.work(until: 1)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 1)
            XCTAssertEqual(bench.world.count("roll out"), 0)
            let app = try await bench.journal.app(AppID(organisation: "iterate", name: "cats"))
            XCTAssertEqual(app?.defaultEnvironment, .test, "another branch's settings decide nothing")
        }
    }

    func testAPushToAnAppThatWasDeregisteredMeanwhileIsOnlyBuilt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            try await bench.push(bench.world.commit("a"))
            await bench.command("deregister cats")
            try await bench.work(until: 1)
            XCTAssertEqual(bench.world.count("roll out"), 0)
            let push = try await bench.operation(2)
            XCTAssertEqual(push.state, .succeeded)
        }
    }
}
