import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Somebody renames a repository on GitHub while a push to it waits for its turn.
final class RenameStoryTests: XCTestCase {
    func testAPushThatWaitsIsBuiltByTheNewName() async throws {
        try await story { stage in
            let renamed: JSON = [
                "action": "renamed", "changes": ["repository": ["name": ["from": "cats"]]],
                "repository": [
                    "id": .int(stage.repository.id), "full_name": .string(stage.repository.fullName),
                    "default_branch": "main",
                ],
            ]
            let status = try await stage.deliver("repository", renamed)
            XCTAssertEqual(status, 202)
            try await stage.waitForMessage("The repository of cats")
        } check: { exchanges, _ in
            let former = exchanges.filter { $0.path.hasPrefix("/iterate/cats") || $0.path.hasPrefix("/repos/iterate/cats") }
            XCTAssertEqual(former.map(\.path), [], "asked for by the former name")
            XCTAssertTrue(exchanges.contains { $0.path == "/iterate/kittens.git/git-upload-pack" })
        }
    }

    /// GitHub leads from the former name to the new one.
    func testNobodyToldOfTheNewName() async throws {
        try await story { _ in
        } check: { exchanges, _ in
            let former = exchanges.filter { $0.path == "/iterate/cats.git/info/refs" }
            XCTAssertFalse(former.isEmpty)
            XCTAssertEqual(Set(former.map(\.status)), [301])
            XCTAssertTrue(exchanges.contains { $0.path == "/iterate/kittens.git/git-upload-pack" })
        }
    }

    /// - Parameter tell: how the service learns of the new name, if it does.
    private func story(
        _ tell: (GitHubStage) async throws -> Void, check: ([GitHubStandIn.Exchange], GitHubStage) throws -> Void
    ) async throws {
        try await GitHubStage.with { stage in
            try await stage.serving {
                try await stage.register()
                // A deploy that takes long, so that the push waits.
                let dockerfile = try String(
                    contentsOf: stage.work.directory.appending(path: "Dockerfile"), encoding: .utf8)
                let slow = #"RUN ["/bin/busybox", "sh", "-c", "echo compiling \#(UUID()); sleep 600"]"#
                try await stage.work.commit(["Dockerfile": dockerfile + slow + "\n"], "Be slow")
                try await stage.work.git("push", "--quiet", "origin", "main")
                let first = try await stage.work.head()
                _ = try await stage.command("deploy cats test main")
                try await stage.waitForBuildLog("compiling")
                try await stage.work.commit(["Dockerfile": dockerfile], "Be fast")
                let second = try await stage.push("kittens\n")
                try await stage.deliverPush(second)
                try await stage.wait("its check run") { !stage.checks(of: second).isEmpty }

                stage.github.rename(stage.repository.id, name: "kittens")
                try await tell(stage)
                let before = stage.github.exchanges.count
                _ = try await stage.command("cancel cats")
                try await stage.wait("the page") { await stage.page() == "kittens\n" }
                try await stage.waitForMessage("cats is live on test: ")
                let shown = try await stage.waitForCheck(of: second)
                XCTAssertEqual(shown["conclusion"], "success")
                try await stage.wait("the deployment") {
                    stage.deploymentURLs(of: second).contains { $0.hasPrefix("http://cats.test.localhost") }
                }
                XCTAssertEqual(stage.checks(of: second).count, 1)
                let cancelled = try await stage.waitForCheck(of: first)
                XCTAssertEqual(cancelled["conclusion"], "cancelled")
                try check(Array(stage.github.exchanges.dropFirst(before)), stage)

                // A push by the new name is one to the same app.
                let third = try await stage.push("cats again\n")
                try await stage.deliverPush(third)
                try await stage.wait("the next page") { await stage.page() == "cats again\n" }
            }
        }
    }
}
