import Foundation
import TestSupport
import XCTest

/// The whole thing: from a command to a page that answers.
final class StoryTests: XCTestCase {
    private func register(_ demo: DemoProcess) async throws {
        let registered = try await demo.outcome(of: "register cats")
        XCTAssertEqual(registered.answer, "Registering `cats`. Follow it in #iterapp-logs.")
        XCTAssertEqual(registered.live.text, "👋 cats is registered")
        XCTAssertEqual(registered.announcements, [])
    }

    func testACommandBecomesARunningAppAndAPushReplacesIt() async throws {
        try await withDemo { demo in
            try await register(demo)
            let live = try await demo.outcome(of: "deploy cats test main")
            let sha = try await demo.cats.head()
            XCTAssertEqual(live.answer, "Deploying `main` of `cats` to *test*. Follow it in #iterapp-logs.")
            XCTAssertEqual(live.live.text, "✅ cats is live on test")
            XCTAssertEqual(live.announcements.count, 1)
            for message in [live.live] + live.announcements {
                XCTAssertTrue(message.words.contains("<http://cats.test.localhost:\(demo.port)/|"), message.words)
                XCTAssertTrue(message.words.contains("`\(sha.prefix(7))` Let the cats out"), message.words)
                XCTAssertTrue(message.words.contains("release #1  ·  by <@U0TESTER01>  ·  took "), message.words)
            }
            let page = await demo.page("cats.test.localhost") ?? "no page"
            XCTAssertTrue(page.contains("Hello, cats") && page.contains(sha), page)

            // A push deploys by itself.
            let hook = try await demo.cats.commit(["iterapp.toml": "[env.common]\nGREETING = \"Purr\"\n"], "Purr")
            XCTAssertTrue(hook.contains("Iterapp: Accepted as operation 3"), hook)
            try await demo.waitUntilQuiet("after the push")
            let pushed = try await demo.messages().filter { $0.words.contains("pushed by Cat Keeper") }
            XCTAssertEqual(
                pushed.map { $0.text.prefix(24) }, ["✅ cats is live on test", "✅ cats is live on test: "])
            let purring = await demo.page("cats.test.localhost") ?? "no page"
            XCTAssertTrue(purring.contains("Purr"), purring)

            // Another environment, without building again.
            let prod = try await demo.outcome(of: "deploy cats prod main")
            XCTAssertEqual(prod.live.text, "✅ cats is live on PROD")
            XCTAssertTrue(prod.live.words.contains("build 2  ·  release #3"), prod.live.words)
            let logs = demo.directory.appending(path: "state/logs/iterate/cats").path
            // Packed, or just about to be.
            let names = try FileManager.default.contentsOfDirectory(atPath: logs)
            XCTAssertEqual(Set(names.map { $0.prefix { $0 != "." } }), ["1", "2"])
        }
    }

    func testABuildOffersItsDeployAndDeregisteringLeavesTheAppUp() async throws {
        try await withDemo { demo in
            try await register(demo)
            try await demo.cats.git("checkout", "-q", "-b", "feature/whiskers")
            try await demo.cats.commit(["site/health": "fine\n"], "Whiskers")
            try await demo.waitUntilQuiet("after the push of a branch")
            let pushed = try await demo.messages().filter { $0.words.contains("pushed by Cat Keeper") }
            XCTAssertEqual(pushed.map(\.text), ["📦 cats is built"], "a branch is built, quietly, and not deployed")

            // Built anew, because somebody asked for it.
            let built = try await demo.outcome(of: "build cats feature/whiskers")
            XCTAssertEqual(built.live.text, "📦 cats is built")
            XCTAssertTrue(built.live.words.contains("build 2"), built.live.words)
            XCTAssertEqual(built.announcements.count, 0, "the button is in the live message")

            let twice = try await demo.command("register cats")
            XCTAssertEqual(
                twice.text, "`cats` is registered already (its default branch is `main`). Nothing changed.")
            let live = try await demo.outcome(of: "deploy cats snap-3 feature/whiskers")
            XCTAssertEqual(live.live.text, "✅ cats is live on snap3")
            let gone = try await demo.outcome(of: "deregister cats")
            XCTAssertEqual(
                gone.answer, "`cats` is deregistered. What runs stays up. `/iterapp register cats` brings the "
                    + "automation back.")
            let health = await demo.page("snap3.cats.app.localhost", "/health")
            XCTAssertEqual(health, "fine\n")
            let refused = try await demo.command("deploy cats test main")
            XCTAssertEqual(refused.text, "`cats` is not registered. Register it with `/iterapp register cats`.")
        }
    }

    func testAStopIsGracefulAndQuick() async throws {
        try await withDemo { demo in
            try await register(demo)
            // In the middle of a deploy.
            _ = try await demo.command("deploy cats test main")
            try await demo.waitForMessages("the build's begin") { messages in
                messages.contains { $0.words.contains("Building the image") }
            }
            let stop = await demo.stop()
            XCTAssertEqual(stop.exitCode, 0, demo.log)
            XCTAssertLessThan(stop.took, .seconds(10))
            try await demo.start()
            try await demo.waitUntilQuiet("after the restart")
            let texts = try await demo.messages().map { $0.text.prefix(24) }
            XCTAssertEqual(texts, ["👋 cats is registered", "✅ cats is live on test", "✅ cats is live on test: "])
            let page = await demo.page("cats.test.localhost") ?? "no page"
            XCTAssertTrue(page.contains("Hello, cats"), page)
        }
    }
}
