import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import GitHub

final class GitHubHeadsTests: XCTestCase {
    private func expectHeads(
        _ answer: BranchHeadsAnswer, _ expected: [String: String], line: UInt = #line
    ) -> String? {
        guard case .heads(let heads, let tag) = answer else {
            XCTFail("\(answer)", line: line)
            return nil
        }
        XCTAssertEqual(heads.mapValues(\.sha), expected, line: line)
        return tag
    }

    func testHeadsAreToldOnceAndThenOnlyWhenTheyMove() async throws {
        try await GitHubBench.with { bench in
            let heads = GitHubHeads(bench.client)
            let main = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let odd = try await bench.gitHub.push(bench.repository, branch: "odd/ñame#1", ["README": "odd"])
            let first = try await heads.heads(of: bench.cats, since: nil)
            let tag = expectHeads(first, ["main": main, "odd/ñame#1": odd])
            let second = try await heads.heads(of: bench.cats, since: tag)
            XCTAssertEqual(second, .unchanged)
            XCTAssertEqual(bench.gitHub.exchanges("GET", "matching-refs").map(\.status), [200, 304])
            let moved = try await bench.gitHub.push(bench.repository, ["README": "more cats"])
            try await bench.gitHub.deleteBranch(bench.repository, "odd/ñame#1")
            let third = try await heads.heads(of: bench.cats, since: tag)
            _ = expectHeads(third, ["main": moved])
        }
    }

    /// As after a restart, when an answer's mark no longer holds because the token is another one.
    func testAnotherTokenMakesNoNews() async throws {
        try await GitHubBench.with { bench in
            let heads = GitHubHeads(bench.client)
            try await bench.gitHub.push(bench.repository, ["README": "cats"])
            guard case .heads(_, let tag) = try await heads.heads(of: bench.cats, since: nil) else { return XCTFail() }
            bench.gitHub.revokeTokens()
            let again = try await heads.heads(of: bench.cats, since: tag)
            XCTAssertEqual(again, .unchanged)
            let strange = try await heads.heads(of: bench.cats, since: "what an older version wrote")
            guard case .heads = strange else { return XCTFail("\(strange)") }
        }
    }

    func testManyBranchesAreAllSeen() async throws {
        try await GitHubBench.with { bench in
            let heads = GitHubHeads(bench.client)
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            try await bench.gitHub.addBranches(bench.repository, count: 230, at: sha)
            guard case .heads(let found, let tag) = try await heads.heads(of: bench.cats, since: nil) else {
                return XCTFail()
            }
            XCTAssertEqual(found.count, 231)
            let again = try await heads.heads(of: bench.cats, since: tag)
            XCTAssertEqual(again, .unchanged)
            XCTAssertEqual(bench.gitHub.exchanges("GET", "matching-refs").suffix(3).map(\.status), [304, 304, 304])
            // On the last page only.
            try await bench.gitHub.deleteBranch(bench.repository, "more-0230")
            guard case .heads(let fewer, _) = try await heads.heads(of: bench.cats, since: tag) else {
                return XCTFail()
            }
            XCTAssertEqual(fewer.count, 230)
        }
    }

    func testARepositoryWithoutCommitsHasNoHeads() async throws {
        try await GitHubBench.with { bench in
            let answer = try await GitHubHeads(bench.client).heads(of: bench.cats, since: nil)
            XCTAssertEqual(answer, .heads([:], tag: nil))
        }
    }

    func testWhatIsInTheWayIsTold() async throws {
        try await GitHubBench.with { bench in
            bench.gitHub.fail(.status(503), times: 100)
            do throws(SourceError) {
                _ = try await GitHubHeads(bench.client).heads(of: bench.cats, since: nil)
                XCTFail("was answered")
            } catch {
                XCTAssertEqual(error, .unreachable("GitHub has a problem of its own (status 503)."))
            }
        }
    }
}
