import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import GitHub

/// Check runs and deployments, against a GitHub that takes only what is allowed.
final class GitHubReportingTests: XCTestCase {
    private func commit(_ bench: GitHubBench) async throws -> CommitID {
        let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
        return try XCTUnwrap(CommitID(sha))
    }

    func testACheckRunFromItsBeginningToItsEnd() async throws {
        try await GitHubBench.with { bench in
            let commit = try await commit(bench)
            var run = GitHubCheckRun(name: "build", state: .queued)
            run.externalID = "operation 12"
            run.detailsURL = "https://iterapp.example.com/operations/12"
            let id = try await bench.client.createCheckRun(run, on: commit, of: bench.cats)
            run.state = .inProgress
            run.startedAt = Date(timeIntervalSince1970: 1_795_000_000)
            try await bench.client.updateCheckRun(id, run, of: bench.cats)
            run.state = .completed(.failure)
            run.completedAt = Date(timeIntervalSince1970: 1_795_000_060)
            run.output = .init(title: "It failed", summary: "Because.", text: "```\nthe log\n```")
            run.actions = [.init(label: "Build again", description: "Builds the commit again", identifier: "build")]
            try await bench.client.updateCheckRun(id, run, of: bench.cats)
            let shown = try XCTUnwrap(bench.gitHub.checkRuns(of: "iterate/cats").first)
            XCTAssertEqual(shown["head_sha"]?.string, commit.sha)
            XCTAssertEqual(shown["status"], "completed")
            XCTAssertEqual(shown["conclusion"], "failure")
            XCTAssertEqual(shown["started_at"], "2026-11-18T11:06:40Z")
            XCTAssertEqual(shown.at("output", "text"), "```\nthe log\n```")
            XCTAssertEqual(shown["actions"]?[0]?["identifier"], "build")
            let found = try await bench.client.checkRun(
                externalID: "operation 12", name: "build", on: commit, of: bench.cats)
            XCTAssertEqual(found, id)
            let other = try await bench.client.checkRun(
                externalID: "operation 13", name: "build", on: commit, of: bench.cats)
            XCTAssertNil(other)
        }
    }

    func testTextsAreCutToWhatGitHubTakes() async throws {
        try await GitHubBench.with { bench in
            let commit = try await commit(bench)
            var run = GitHubCheckRun(name: "build", state: .completed(.success))
            let long = String(repeating: "søt 🐈 ", count: 20_000)
            run.output = .init(title: long, summary: long, text: long)
            run.actions = (0..<5).map { .init(label: long, description: long, identifier: "\($0)") }
            let id = try await bench.client.createCheckRun(run, on: commit, of: bench.cats)
            XCTAssertGreaterThan(id, 0)
            let output = try XCTUnwrap(bench.gitHub.checkRuns(of: "iterate/cats").first?["output"])
            let summary = try XCTUnwrap(output["summary"]?.string)
            XCTAssertTrue(summary.hasSuffix("…"))
            XCTAssertGreaterThan(summary.utf8.count, 65_500)
            XCTAssertTrue(long.hasPrefix(summary.dropLast()), "whole characters")
        }
    }

    func testManyAnnotationsAreAddedFiftyAtATime() async throws {
        try await GitHubBench.with { bench in
            let commit = try await commit(bench)
            let output = GitHubCheckRun.Output(title: "Problems", summary: "120 of them")
            var run = GitHubCheckRun(name: "build", state: .completed(.failure))
            run.output = output
            let id = try await bench.client.createCheckRun(run, on: commit, of: bench.cats)
            let annotations = (1...120).map { number in
                GitHubAnnotation(
                    path: "iterapp.toml", lines: number...(number + number % 2), column: 3, level: .failure,
                    title: "problem \(number)", message: number == 1 ? "" : "it is wrong")
            }
            try await bench.client.annotate(id, annotations, output: output, of: bench.cats)
            let shown = try XCTUnwrap(bench.gitHub.checkRuns(of: "iterate/cats").first?.at("output", "annotations")?.array)
            XCTAssertEqual(shown.map { $0["title"]?.string }, annotations.map(\.title))
            XCTAssertEqual(bench.gitHub.exchanges("PATCH", "check-runs").count, 3)
            XCTAssertEqual(shown[1]["start_column"], 3)
            XCTAssertNil(shown[0]["start_column"], "it has two lines")
        }
    }

    func testADeploymentAndItsStates() async throws {
        try await GitHubBench.with { bench in
            let commit = try await commit(bench)
            // A check of ours that is still running must not be waited for.
            _ = try await bench.client.createCheckRun(
                GitHubCheckRun(name: "build", state: .inProgress), on: commit, of: bench.cats)
            let deployment = GitHubDeployment(
                commit: commit, environment: "test", description: String(repeating: "long ", count: 50),
                externalID: "operation 12")
            let id = try await bench.client.createDeployment(deployment, of: bench.cats)
            try await bench.client.setStatus(.init(.inProgress), ofDeployment: id, of: bench.cats)
            // An answer that was lost: the same state again.
            bench.gitHub.fail(.lostAnswer, times: 1, method: "POST", at: "statuses")
            try await bench.client.setStatus(
                .init(
                    .success, description: String(repeating: "live ", count: 50),
                    logURL: "https://iterapp.example.com/operations/12", environmentURL: "https://cats.test.iterate.no"),
                ofDeployment: id, of: bench.cats)
            let shown = try XCTUnwrap(bench.gitHub.deployments(of: "iterate/cats").first)
            XCTAssertEqual(shown["sha"]?.string, commit.sha)
            XCTAssertEqual(shown["environment"], "test")
            XCTAssertEqual(
                shown["statuses"]?.array?.map { $0["state"]?.string }, ["in_progress", "success", "success"])
            let found = try await bench.client.deployment(
                externalID: "operation 12", on: commit, environment: "test", of: bench.cats)
            XCTAssertEqual(found, id)
            let elsewhere = try await bench.client.deployment(
                externalID: "operation 12", on: commit, environment: "prod", of: bench.cats)
            XCTAssertNil(elsewhere)
        }
    }

    /// A redirect of what is written is followed with the same method and body.
    func testARepositoryThatWasRenamedMeanwhileIsWrittenTo() async throws {
        try await GitHubBench.with { bench in
            let commit = try await commit(bench)
            _ = try await bench.client.credentials.authorization(for: bench.cats, .checks)
            bench.gitHub.rename(bench.repository.id, name: "lions")
            var run = GitHubCheckRun(name: "build", state: .queued)
            let id = try await bench.client.createCheckRun(run, on: commit, of: bench.cats)
            run.state = .inProgress
            try await bench.client.updateCheckRun(id, run, of: bench.cats)
            XCTAssertEqual(bench.gitHub.checkRuns(of: "iterate/lions").first?["status"], "in_progress")
            XCTAssertEqual(bench.gitHub.exchanges("POST", "check-runs").map(\.status), [307, 201])
        }
    }

    func testOnlyAnAppMayWriteCheckRuns() async throws {
        try await GitHubBench.with(asPerson: true) { bench in
            let commit = try await commit(bench)
            do throws(GitHubError) {
                _ = try await bench.client.createCheckRun(
                    GitHubCheckRun(name: "build", state: .queued), on: commit, of: bench.cats)
                XCTFail("was taken")
            } catch {
                XCTAssertEqual(error, .forbidden(missing: nil, "You must authenticate via a GitHub App"))
            }
            // Deployments are for people, too.
            _ = try await bench.client.createDeployment(
                GitHubDeployment(commit: commit, environment: "test", externalID: "1"), of: bench.cats)
        }
    }
}
