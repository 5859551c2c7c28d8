import Deploys
import TestSupport
import XCTest

@testable import GitHub

/// Where one branch is.
final class GitHubHeadTests: XCTestCase {
    func testOneBranchCostsOneRequestHoweverManyThereAre() async throws {
        try await GitHubBench.with { bench in
            let heads: any BranchHeads = GitHubHeads(bench.client)
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let odd = try await bench.gitHub.push(bench.repository, branch: "odd/ñame#1", ["README": "odd"])
            try await bench.gitHub.addBranches(bench.repository, count: 230, at: sha)
            for (branch, expected) in [("main", sha), ("odd/ñame#1", odd), ("mai", nil), ("odd", nil), ("v1", nil)] {
                let head = try await heads.head(of: branch, app: bench.cats)
                XCTAssertEqual(head?.sha, expected, branch)
            }
            XCTAssertEqual(bench.gitHub.exchanges("GET", "matching-refs").count, 5)
        }
    }

    func testARepositoryWithoutACommitHasNone() async throws {
        try await GitHubBench.with { bench in
            let head = try await GitHubHeads(bench.client).head(of: "main", app: bench.cats)
            XCTAssertNil(head)
        }
    }
}
