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
                try await stage.waitForMessage("cats is live on test: ")
                let live = try await stage.messages().filter { $0.contains("cats is live on test") }
                XCTAssertEqual(live.count, 2, "the live message and its announcement: \(live)")

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
