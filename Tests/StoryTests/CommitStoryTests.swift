import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// What GitHub shows on commits while the bot builds and deploys them.
final class CommitStoryTests: XCTestCase {
    func testACommitShowsWhatBecameOfIt() async throws {
        try await GitHubStage.with { stage in
            try await stage.serving {
                try await stage.register()
                let good = try await deliver(stage, ["site/index.html": "one\n"])
                let built = try await check(stage, good, is: "success")
                XCTAssertEqual(built["name"], "iterapp (cats)")
                XCTAssertTrue(built["details_url"]?.string?.contains("/operations/") ?? false)
                XCTAssertTrue(built.at("output", "summary")?.string?.contains("```text\n") ?? false, "\(built)")
                try await stage.wait("the deployment") { state(stage, good) == "success" }
                let live = try XCTUnwrap(deployment(stage, good))
                XCTAssertEqual(live["environment"], "test")
                let url = live["statuses"]?.array?.last?["environment_url"]?.string ?? ""
                XCTAssertTrue(url.hasPrefix("http://cats.test.localhost"), url)

                let wrong = try await deliver(stage, ["iterapp.toml": "default_environment = \"test\"\nprot = 80\n"])
                let refused = try await check(stage, wrong, is: "failure")
                XCTAssertEqual(refused.at("output", "title"), "The settings have to be corrected")
                // They come in requests of their own.
                try await stage.wait("an annotation") { firstAnnotation(stage, wrong) != nil }
                let annotation = firstAnnotation(stage, wrong)
                XCTAssertEqual(annotation?["path"], "iterapp.toml")
                XCTAssertEqual(annotation?["start_line"], 2)
                XCTAssertNil(deployment(stage, wrong), "nothing was deployed")

                let broken = try await deliver(
                    stage, ["iterapp.toml": "default_environment = \"test\"\n", "Dockerfile": "FROM scratch\nCOPY no /\n"])
                let failed = try await check(stage, broken, is: "failure")
                XCTAssertEqual(failed.at("output", "title"), "The build failed")
                XCTAssertEqual(failed["actions"]?[0]?["identifier"], "build")
                XCTAssertEqual(state(stage, good), "success", "it still serves")
            }
        }
    }

    /// Commits, pushes, and has GitHub tell of it.
    private func deliver(_ stage: GitHubStage, _ files: [String: String]) async throws -> String {
        try await stage.work.commit(files, "Change something")
        try await stage.work.git("push", "--quiet", "origin", "main")
        let sha = try await stage.work.head()
        let status = try await stage.deliver(
            "push", stage.github.pushPayload(stage.repository, branch: "main", after: sha))
        XCTAssertEqual(status, 202)
        return sha
    }

    private func firstAnnotation(_ stage: GitHubStage, _ sha: String) -> JSON? {
        stage.checks(of: sha).first?.at("output", "annotations")?.array?.first
    }

    private func check(_ stage: GitHubStage, _ sha: String, is conclusion: String) async throws -> JSON {
        func run() -> JSON? {
            stage.github.checkRuns(of: stage.repository.fullName).first { $0["head_sha"]?.string == sha }
        }
        try await stage.wait("a check run that ends") { run()?["status"] == "completed" }
        let shown = try XCTUnwrap(run())
        XCTAssertEqual(shown["conclusion"]?.string, conclusion, "\(shown)")
        return shown
    }

    private func deployment(_ stage: GitHubStage, _ sha: String) -> JSON? {
        stage.github.deployments(of: stage.repository.fullName).first { $0["sha"]?.string == sha }
    }

    private func state(_ stage: GitHubStage, _ sha: String) -> String? {
        deployment(stage, sha)?["statuses"]?.array?.last?["state"]?.string
    }
}
