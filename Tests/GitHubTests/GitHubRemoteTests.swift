import Deploys
import Foundation
import HTTP
import XCTest

@testable import GitHub

final class GitHubRemoteTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    func testTheTokenTravelsInTheEnvironmentAndToThatServerOnly() async throws {
        let client = GitHubClient(
            GitHubAddress(web: "https://git.example.com/"), as: .token(GitHubSecret("ghp_secret")), http: HTTPClient())
        let remote = GitHubRemote(client)
        XCTAssertEqual(remote.cloneURL(of: cats), "https://git.example.com/iterate/cats.git")
        let commit = try XCTUnwrap(CommitID(String(repeating: "ab12", count: 10)))
        XCTAssertEqual(
            remote.commitURL(of: commit, in: cats), "https://git.example.com/iterate/cats/commit/\(commit.sha)")
        let access = try await remote.access(to: cats)
        XCTAssertEqual(access.environment, [
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.https://git.example.com/.extraHeader",
            "GIT_CONFIG_VALUE_0":
                "Authorization: Basic " + Data("x-access-token:ghp_secret".utf8).base64EncodedString(),
        ])
    }

    func testARefusedTokenIsReplacedWhereThereIsAnother() async throws {
        try await GitHubBench.with { bench in
            let first = try await GitHubRemote(bench.client).access(to: bench.cats)
            let renewed = await first.renewed()
            XCTAssertNotEqual(try XCTUnwrap(renewed), first.environment)
            let second = try await GitHubRemote(bench.client).access(to: bench.cats)
            XCTAssertEqual(second.environment, renewed)
        }
        try await GitHubBench.with(asPerson: true) { bench in
            let access = try await GitHubRemote(bench.client).access(to: bench.cats)
            let renewed = await access.renewed()
            XCTAssertNil(renewed)
        }
    }

    func testWhereTheAPIIs() {
        XCTAssertEqual(GitHubAddress().api, "https://api.github.com")
        XCTAssertEqual(GitHubAddress(web: "https://github.com/").api, "https://api.github.com")
        XCTAssertEqual(GitHubAddress(web: "https://octocorp.ghe.com").api, "https://api.octocorp.ghe.com")
        XCTAssertEqual(GitHubAddress(web: "https://git.example.com").api, "https://git.example.com/api/v3")
        XCTAssertEqual(GitHubAddress(web: "http://127.0.0.1:1", api: "http://127.0.0.1:2/").api, "http://127.0.0.1:2")
    }

    func testWhereATokenMayGo() {
        let enterprise = GitHubAddress(web: "https://git.example.com")
        for url in ["https://git.example.com/api/v3/repos", "https://GIT.example.com:443/api/v3/repositories/1?page=2"] {
            XCTAssertTrue(enterprise.isOurs(url), url)
        }
        for url in [
            "http://git.example.com/api/v3/repos", "https://git.example.com:444/api/v3/repos", "https://git.example.com/",
            "https://git.example.com.evil.example/api/v3/repos", "https://x@git.example.com/api/v3/repos",
            "https://evil.example/api/v3/", "/api/v3/repos", "",
        ] {
            XCTAssertFalse(enterprise.isOurs(url), url)
        }
        XCTAssertTrue(GitHubAddress().isOurs("https://api.github.com/repositories/12"))
    }
}
