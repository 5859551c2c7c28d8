import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// From a push on GitHub to a running app, by itself.
final class PushStoryTests: XCTestCase {
    func testAPushIsBuiltShownAndLive() async throws {
        try await GitHubStage.with { stage in
            try await stage.serving {
                try await stage.register()
                let sha = try await stage.push("one\n")
                let payload = stage.github.pushPayload(stage.repository, branch: "main", after: sha, subject: "Say one")
                let delivery = UUID().uuidString
                for _ in 1...2 {
                    let status = try await stage.deliver("push", payload, id: delivery)
                    XCTAssertEqual(status, 202)
                }
                try await stage.wait("the page") { await stage.page() == "one\n" }
                try await stage.waitForMessage("cats is live on test")
                let live = try await stage.messages().filter { $0.contains("cats is live on test") }
                // Where all was over before its message was posted, that one post says it.
                XCTAssertTrue((1...2).contains(live.count), "the live message and its announcement: \(live)")
                let check = try await stage.waitForCheck(of: sha)
                XCTAssertEqual(check["conclusion"], "success")
                try await stage.wait("the deployment") {
                    stage.deploymentURLs(of: sha).contains { $0.hasPrefix("http://cats.test.localhost") }
                }

                // Whoever presses Re-run on GitHub gets the same commit built again.
                let again: JSON = [
                    "action": "rerequested", "check_run": check, "sender": ["login": "octocat"],
                    "repository": ["id": .int(stage.repository.id), "full_name": .string(stage.repository.fullName)],
                ]
                let answer = try await stage.deliver("check_run", again)
                XCTAssertEqual(answer, 202)
                try await stage.wait("another check run") { stage.checks(of: sha).count == 2 }
                try await stage.wait("its end") { stage.checks(of: sha).allSatisfy { $0["status"] == "completed" } }
                XCTAssertEqual(stage.checks(of: sha).map { $0["conclusion"] }, ["success", "success"])

                // Another branch is built, and changes nothing that runs.
                let other = try await stage.push("two\n", to: "feature/two")
                let status = try await stage.deliver(
                    "push", stage.github.pushPayload(stage.repository, branch: "feature/two", after: other))
                XCTAssertEqual(status, 202)
                try await stage.waitForMessage("cats is built")
                let page = await stage.page()
                XCTAssertEqual(page, "one\n")
            }
            try checkTokens(stage)
        }
    }

    /// GitHub tells of a push once, and nobody listened.
    func testAPushThatNobodyToldOfIsLiveAfterTheNextStart() async throws {
        try await GitHubStage.with { stage in
            try await stage.serving {
                try await stage.register()
                let first = try await stage.push("told\n")
                _ = try await stage.deliver(
                    "push", stage.github.pushPayload(stage.repository, branch: "main", after: first))
                try await stage.wait("the first page") { await stage.page() == "told\n" }
                try await stage.waitForMessage("cats is live on test")
            }
            let sha = try await stage.push("missed\n")
            try await stage.serving {
                try await stage.wait("the page") { await stage.page() == "missed\n" }
                _ = try await stage.waitForCheck(of: sha)
                // The webhook comes late, after all.
                let status = try await stage.deliver(
                    "push", stage.github.pushPayload(stage.repository, branch: "main", after: sha))
                XCTAssertEqual(status, 202)
                XCTAssertEqual(stage.checks(of: sha).count, 1)
            }
        }
    }

    /// Installation tokens were used, and lie nowhere.
    private func checkTokens(_ stage: GitHubStage) throws {
        let tokens = stage.github.knownTokens
        XCTAssertFalse(tokens.isEmpty)
        let state = stage.directory.appending(path: "state")
        let files = try XCTUnwrap(FileManager.default.enumerator(at: state, includingPropertiesForKeys: nil))
        for case let file as URL in files {
            guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else { continue }
            for token in tokens { XCTAssertNil(data.range(of: Data(token.utf8)), "a token is in \(file.path)") }
        }
    }
}
