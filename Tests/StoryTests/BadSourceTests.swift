import Foundation
import TestSupport
import XCTest

/// Repositories and branches that are not there, or that have odd names.
final class BadSourceTests: XCTestCase {
    private static let shared = SharedDemo()
    override class func tearDown() { shared.end() }

    private func demo() async throws -> DemoProcess {
        let demo = try await Self.shared.get()
        if try DemoRecords(of: demo).operations.isEmpty { _ = try await demo.outcome(of: "register cats") }
        return demo
    }

    func testARepositoryThatDoesNotExist() async throws {
        let outcome = try await demo().outcome(of: "register nosuch")
        XCTAssertEqual(outcome.answer, "Registering `nosuch`. Follow it in #iterapp-logs.")
        XCTAssertEqual(outcome.live.text, "❌ Registering nosuch failed")
        XCTAssertEqual(outcome.lines.dropLast(), [
            "❌ *Registering nosuch failed*", "There is no repository `nosuch`, or Iterapp may not read it.",
            "→ Check the name, and that Iterapp has access to the repository.",
        ])
        XCTAssertEqual(outcome.announcements.count, 0, "whoever registers reads the one message")
        let refused = try await demo().command("deploy nosuch test main")
        XCTAssertEqual(refused.text, "`nosuch` is not registered. Register it with `/iterapp register nosuch`.")
    }

    func testARepositoryWithoutACommit() async throws {
        let repository = try await demo().repository("hollow")
        try FileManager.default.createDirectory(at: repository.directory, withIntermediateDirectories: true)
        try await repository.git("init", "--quiet", "--initial-branch=main")
        let outcome = try await demo().outcome(of: "register hollow")
        XCTAssertEqual(outcome.lines.dropLast(), [
            "❌ *Registering hollow failed*", "The repository `hollow` has no commit yet.", "→ Push a first commit.",
        ])
    }

    func testBranchesThatDoNotExist() async throws {
        let cases: [(revision: String, sentence: String, advice: String?)] = [
            ("mian", "`cats` has no branch, tag or commit `mian`. Did you mean `main`?", nil),
            (
                "holidays", "`cats` has no branch, tag or commit `holidays`.",
                "→ Push it first, or check the spelling."
            ),
            (
                "deadbeef", "`cats` has no branch, tag or commit `deadbeef`.",
                "→ Push it first, or check the spelling."
            ),
            (
                "#99", "`cats` has no release `#99` that went live.",
                "→ Take a number from a message about a deploy that is live, or name a branch."
            ),
        ]
        for (revision, sentence, advice) in cases {
            let outcome = try await demo().outcome(of: "deploy cats snap9 \(revision)")
            let wanted = ["❌ *Deploying cats to snap9 failed*", sentence] + (advice.map { [$0] } ?? [])
            XCTAssertEqual(outcome.lines.dropLast(), wanted[...])
            XCTAssertEqual(outcome.announcements.map(\.text), ["❌ Deploying cats to snap9 failed: \(sentence)"])
        }
    }

    /// Git allows them, so they are shown as they are, and mean nothing to Slack, a shell or a terminal.
    func testOddNamesAreOnlyNames() async throws {
        let demo = try await demo()
        let branch = "a;rm${IFS}-rf&<!channel>|*/b".replacing("*", with: "+")
        let subject = "<!channel> *all* & `you` \u{202E}live $(reboot)"
        try await demo.cats.git("checkout", "-q", "-b", branch)
        try await demo.cats.git(
            "-c", "user.name=<!here>|x", "commit", "--no-verify", "--allow-empty", "-m", subject)
        try await demo.waitUntilQuiet("after the push")
        let push = try await demo.messages().last { $0.thread == nil }
        XCTAssertEqual(push?.text, "📦 cats is built")
        let outcome = try await demo.outcome(of: "deploy cats snap8 \(branch)")
        try await demo.cats.git("checkout", "-q", "main")
        XCTAssertEqual(outcome.live.text, "✅ cats is live on snap8")
        for message in [push?.words ?? "", outcome.live.words] + outcome.announcements.map(\.words) {
            XCTAssertFalse(message.contains("<!"), message)
            XCTAssertFalse(message.contains("\u{202E}"), message)
            XCTAssertTrue(message.contains("&lt;!channel&gt;"), message)
        }
        XCTAssertTrue(outcome.live.words.contains("`a;rm${IFS}-rf&amp;&lt;!channel&gt;|+/b`"), outcome.live.words)
        XCTAssertTrue(push?.words.contains("pushed by !here|x") ?? false, push?.words ?? "")
        let page = await demo.page("snap8.cats.app.localhost") ?? "no page"
        XCTAssertTrue(page.contains("Hello, cats"), page)
    }
}
