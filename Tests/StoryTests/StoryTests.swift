import Foundation
import TestSupport
import XCTest

/// The whole thing: from a command to a page that answers.
final class StoryTests: XCTestCase {
    func testACommandBecomesARunningAppAndAPushReplacesIt() async throws {
        try await withDemo { demo in
            let registered = try await demo.command("register cats")
            XCTAssertEqual(registered.text, "Registering `cats`. Follow it in #iterapp-logs.")
            try await demo.waitForMessages("the registration") { $0.contains { $0.text == "👋 cats is registered" } }

            let live = try await demo.carryOut("deploy cats test main", end: "cats is live on test:")
            XCTAssertTrue(live.text.contains("http://cats.test.localhost:\(demo.port)/"), live.text)
            let page = await demo.page("cats.test.localhost")
            XCTAssertTrue(page?.contains("Hello, cats") ?? false, page ?? "no page")
            let sha = try await demo.git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
            XCTAssertTrue(page?.contains(sha) ?? false)

            // One live message, in place: queued → … → live, and one new post for the end.
            let about = try await demo.messages().filter { $0.words.contains("by <@U0TESTER01>") && $0.text.contains("live") }
            XCTAssertEqual(about.count, 2)

            // A push deploys by itself.
            let hook = try await demo.commit(["iterapp.toml": "[env.common]\nGREETING = \"Purr\"\n"], "Purr")
            XCTAssertTrue(hook.contains("Iterapp: Accepted as operation"), hook)
            try await demo.waitForMessages("the push's end") { $0.contains { $0.words.contains("pushed by Cat Keeper") && $0.text.contains("live on test:") } }
            let pushed = await demo.page("cats.test.localhost")
            XCTAssertTrue(pushed?.contains("Purr") ?? false)

            // Another environment, without building again.
            let prod = try await demo.carryOut("deploy cats prod main", end: "cats is live on PROD:")
            XCTAssertTrue(prod.words.contains("release #3"), prod.words)
            let builds = try FileManager.default.contentsOfDirectory(
                atPath: demo.directory.appending(path: "state/logs/iterate/cats").path)
            XCTAssertEqual(builds.sorted(), ["1.log", "2.log"])
        }
    }

    func testABuildOffersItsDeployAndDeregisteringLeavesTheAppUp() async throws {
        try await withDemo { demo in
            _ = try await demo.command("register cats")
            try await demo.waitForMessages("the registration") { $0.contains { $0.text == "👋 cats is registered" } }
            try await demo.git("checkout", "-q", "-b", "feature/whiskers")
            try await demo.commit(["site/health": "fine\n"], "Whiskers")
            try await demo.waitForMessages("a branch that is only built") { $0.contains { $0.text == "📦 cats is built" } }
            let built = try await demo.carryOut("build cats feature/whiskers", end: "cats is built")
            XCTAssertTrue(built.words.contains("build 2"), built.words)

            let twice = try await demo.command("register cats")
            XCTAssertTrue(twice.text.contains("is registered already"), twice.text)
            _ = try await demo.carryOut("deploy cats snap-3 feature/whiskers", end: "cats is live on snap3:")
            let gone = try await demo.command("deregister cats")
            XCTAssertTrue(gone.text.contains("What runs stays up"), gone.text)
            let health = await demo.page("snap3.cats.app.localhost", "/health")
            XCTAssertEqual(health, "fine\n")
            let refused = try await demo.command("deploy cats test main")
            XCTAssertTrue(refused.text.contains("`cats` is not registered"), refused.text)
        }
    }

    func testAStopIsGracefulAndQuick() async throws {
        try await withDemo { demo in
            _ = try await demo.command("register cats")
            try await demo.waitForMessages("the registration") { $0.contains { $0.text == "👋 cats is registered" } }
            // In the middle of a deploy.
            _ = try await demo.command("deploy cats test main")
            try await demo.waitForMessages("the build's begin") { $0.contains { $0.words.contains("Building the image") } }
            let stop = await demo.stop()
            XCTAssertEqual(stop.exitCode, 0, demo.log)
            XCTAssertLessThan(stop.took, .seconds(10))
            try await demo.start()
            try await demo.waitForMessages("the deploy's end after the restart") {
                $0.contains { $0.text.contains("cats is live on test:") }
            }
        }
    }
}
