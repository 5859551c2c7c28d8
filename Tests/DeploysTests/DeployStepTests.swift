import TestSupport
import XCTest

@testable import Deploys

/// From images to sites that answer.
final class DeployStepTests: XCTestCase {
    private let url = "https://cats.test.iterate.no/"

    func testALiveDeployIsAnnouncedWithItsURLAndItsReleaseBecomesCurrent() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            let first = try await bench.delivered()
            XCTAssertEqual(first.map(\.phase), [.queued(ahead: 0)])
            try await bench.work(until: 1)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.releaseNumber, 1)
            XCTAssertEqual(operation.finishedAt, Bench.noon.addingTimeInterval(60))
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.map(\.isAnnouncement), [true, false], "edits coalesce into the last one")
            XCTAssertEqual(drafts.map(\.phase), [.live([Site(url: url)]), .live([Site(url: url)])])
            let commit = try await bench.journal.release(1, of: AppID(organisation: "iterate", name: "cats"))
            XCTAssertEqual(commit?.id, CommitID(String(repeating: "a", count: 40)))
        }
    }

    func testWhatWaitsWhileItsAppIsDeregisteredDoesNotGoLive() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            await bench.command("deregister cats")
            try await bench.work(until: 1)
            XCTAssertEqual(bench.world.count("roll out"), 0)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .failed)
            XCTAssertNil(operation.releaseNumber)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(
                failure.sentence, "`cats` was deregistered while this waited, so it was not deployed.")
            XCTAssertEqual(failure.advice, "Register it again with `/iterapp register cats`, then retry.")
        }
    }

    /// Each phase is told: delivering after each event shows all of them.
    func testPeopleSeeEachPhase() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            let seen = Watched<[Phase]>([])
            bench.world.onEvent { event, _ in
                guard event == "end record" || event == "end settle", let drafts = try? await bench.delivered() else { return }
                seen.change { $0 += drafts.compactMap(\.phase) }
            }
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let names = seen.value.map { String(describing: $0).prefix { $0 != "(" } }
            var order: [Substring] = []
            for name in names where name != order.last { order.append(name) }
            XCTAssertEqual(order, ["preparing", "building", "applying", "rollingOut", "live"])
            XCTAssertTrue(seen.value.contains(.rollingOut(ready: 1, wanted: 1)))
            XCTAssertTrue(seen.value.contains(.building([ApplingBuild(name: "", state: .done)])))
        }
    }

    func testSitesThatDoNotAnswerInTimeAreNamedAndTheDeployIsLive() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.obstacles.withLock { $0[url] = "Waiting for the certificate of cats.test.iterate.no." }
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let drafts = try await bench.delivered()
            let site = Site(url: url, waitingFor: "Waiting for the certificate of cats.test.iterate.no.")
            XCTAssertEqual(drafts.last?.phase, .live([site]))
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .succeeded)
        }
    }

    func testSitesThatAnswerAreNotAskedAgain() async throws {
        try await Bench.with(limits: { $0.maxSiteWait = .seconds(60) }) { bench in
            try await bench.register("cats")
            bench.world.commit("a", ["iterapp.toml": "domains = [\"cats.cool\"]\n"])
            let world = bench.world
            world.obstacles.withLock { $0["https://cats.cool/"] = "Waiting." }
            let seen = Watched<[Phase]>([])
            world.onEvent { event, _ in
                if event == "end record", let drafts = try? await bench.delivered() {
                    seen.change { $0 += drafts.compactMap(\.phase) }
                }
                if event == "look at https://cats.cool/", world.count(event) == 3 {
                    world.obstacles.withLock { $0 = [:] }
                }
            }
            await bench.command("deploy cats prod main")
            try await bench.work(until: 1)
            XCTAssertEqual(world.count("look at https://cats.cool/"), 3)
            XCTAssertEqual(world.count("look at https://cats.app.iterate.no/"), 1)
            let waiting = Phase.waitingForSites([
                Site(url: "https://cats.cool/", waitingFor: "Waiting."), Site(url: "https://cats.app.iterate.no/"),
            ])
            XCTAssertEqual(seen.value.count { $0 == waiting }, 1, "told once, not at each look")
        }
    }

    func testWarningsOfTheFilesAndOfTheClusterAreToldOnceAndTogether() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", [
                "iterapp.toml": "[cronjobs.tidy]\nschedule = \"0 4 * * *\"\npath = \"/tidy\"\n"
            ])
            bench.world.warnings.withLock { $0 = ["`from_to_www_redirect` has no effect here.", "More.", "More."] }
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let drafts = try await bench.delivered()
            let details = drafts.compactMap { draft -> [String]? in
                guard case .detail("Warnings", let lines) = draft else { return nil }
                return lines
            }
            XCTAssertEqual(details.count, 1)
            XCTAssertEqual(details.first?.count, 3)
            XCTAssertEqual(details.first?.first?.hasPrefix("iterapp.toml:1:"), true)
            XCTAssertEqual(details.first?.dropFirst(), ["`from_to_www_redirect` has no effect here.", "More."])
            guard case .live(let report)? = drafts.first else { return XCTFail("\(drafts)") }
            XCTAssertEqual(report.warningCount, 3)
            XCTAssertEqual(report.phase, .live([Site(url: url)]), "a warning is no failure")
        }
    }

    func testReleasesAreNumberedPerAppOverAllEnvironments() async throws {
        try await Bench.with { bench in
            try await bench.register("cats", "dogs")
            bench.world.commit("a")
            for text in ["deploy cats test main", "deploy dogs test main", "deploy cats prod main"] {
                await bench.command(text)
                try await bench.work(until: bench.world.count("end settle") + 1)
            }
            let numbers = try await [bench.operation(3), bench.operation(4), bench.operation(5)].map(\.releaseNumber)
            XCTAssertEqual(numbers, [1, 1, 2])
        }
    }
}
