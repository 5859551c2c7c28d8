import XCTest

@testable import Deploys

/// Which operations run beside one another, and which wait.
final class LaneTests: XCTestCase {
    func testOneOperationAtATimePerAppAndEnvironmentInOrder() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", "dogs")
            bench.world.commit("a")
            bench.world.hold("roll out cats to test")
            for text in ["deploy cats test main", "deploy cats test main", "deploy cats prod main", "deploy dogs test main"] {
                await bench.command(text)
            }
            let work = bench.start()
            // The other environment and the other app go past the one that is held up, and the second waits.
            try await bench.world.waitFor("end settle", times: 2)
            try await bench.world.waitFor("roll out cats to test")
            XCTAssertEqual(bench.world.count("roll out cats to test"), 1)
            let waiting = try await bench.operation(4)
            XCTAssertEqual(waiting.state, .queued)
            bench.world.release("roll out cats to test")
            try await bench.world.waitFor("end settle", times: 4)
            await bench.stop(work)
            let releases = try await [bench.operation(3), bench.operation(4)].compactMap(\.releaseNumber)
            XCTAssertEqual(releases, releases.sorted(), "they ran in the order they were accepted")
        }
    }

    func testNoMoreOperationsRunThanTheLimitAllows() async throws {
        try await Bench.with(limits: { $0.maxRunningOperations = 3 }) { bench in
            try await bench.register("a", "b", "c", "d", "e")
            bench.world.commit("a")
            bench.world.hold("resolve")
            for app in ["a", "b", "c", "d", "e"] { await bench.command("deploy \(app) test main") }
            let work = bench.start()
            try await bench.world.waitFor("resolve", times: 3)
            let figures = try await bench.journal.statistics()
            XCTAssertEqual(figures.operations[.running], 3)
            XCTAssertEqual(figures.operations[.queued], 2)
            bench.world.release("resolve")
            try await bench.world.waitFor("end settle", times: 5)
            await bench.stop(work)
        }
    }

    func testRegistrationsThatExcludeEachOtherAreNotLookedAtSideBySide() async throws {
        try await Bench.with { bench in
            bench.world.hold("default branch")
            await bench.command("register my.cats")
            await bench.command("register my_cats")
            let work = bench.start()
            try await bench.world.waitFor("default branch of my.cats")
            let second = try await bench.operation(2)
            XCTAssertEqual(second.state, .queued)
            bench.world.release("default branch")
            try await bench.world.waitFor("end settle", times: 2)
            await bench.stop(work)
            let failure = try await bench.toldFailure()
            XCTAssertTrue(failure.sentence.contains("share the namespace"), failure.sentence)
            let apps = try await bench.journal.apps().map(\.id.name)
            XCTAssertEqual(apps, ["my.cats"])
        }
    }

    func testRegisteringTwiceChangesNothing() async throws {
        try await Bench.with { bench in
            await bench.command("register cats")
            await bench.command("register Cats")
            bench.world.hold("default branch of Cats")
            let work = bench.start()
            try await bench.world.waitFor("default branch of Cats")
            let cats = AppID(organisation: "iterate", name: "cats")
            try await bench.journal.setDefaultEnvironment(.prod, of: cats)
            bench.world.release("default branch of Cats")
            try await bench.world.waitFor("end settle", times: 2)
            await bench.stop(work)
            let second = try await bench.operation(2)
            XCTAssertEqual(second.state, .succeeded)
            let known = try await bench.journal.apps()
            XCTAssertEqual(known.map(\.id), [cats])
            XCTAssertEqual(known.first?.defaultEnvironment, .prod, "what pushes taught meanwhile is kept")
        }
    }

    func testAStopPutsBackWhatRunsAndTakesNothingMore() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", "dogs")
            bench.world.commit("a")
            bench.world.hold("build")
            await bench.command("deploy cats test main")
            // It waits for the first one's build of the same commit.
            await bench.command("deploy cats prod main")
            await bench.command("deploy dogs test main")
            let work = bench.start()
            try await bench.world.waitFor("build aaaaaaa", times: 2)
            await bench.stop(work)
            let figures = try await bench.journal.statistics()
            XCTAssertEqual(figures.operations[.queued], 3)
            XCTAssertEqual(figures.operations[.running], 0)
            XCTAssertEqual(figures.operations[.failed], 0)
        }
    }
}
