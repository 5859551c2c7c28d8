import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import GitHub

/// The App's way to a token, against a GitHub that verifies it.
final class GitHubCredentialsTests: XCTestCase {
    func testATokenIsNarrowedToTheRepositoryAndThePurpose() async throws {
        try await GitHubBench.with { bench in
            let found = try await bench.client.repository(bench.cats)
            XCTAssertEqual(found.id, bench.repository.id)
            XCTAssertEqual(found.name, bench.cats)
            XCTAssertEqual(found.defaultBranch, "main")
            XCTAssertFalse(found.isArchived)
            _ = try await bench.client.credentials.authorization(for: bench.cats, .checks)
            _ = try await bench.client.credentials.authorization(for: bench.cats, .deployments)
            XCTAssertEqual(bench.tokenRequests.map(\.json), [
                ["repositories": ["cats"], "permissions": ["contents": "read", "metadata": "read"]],
                ["repositories": ["cats"], "permissions": ["checks": "write", "metadata": "read"]],
                ["repositories": ["cats"], "permissions": ["deployments": "write", "metadata": "read"]],
            ])
            XCTAssertEqual(bench.gitHub.exchanges("GET", "/installation").count, 1, "the place is known by then")
        }
    }

    func testManyWhoAskAtOnceAreOneRequest() async throws {
        try await GitHubBench.with { bench in
            let secrets = try await withThrowingTaskGroup(of: GitHubSecret.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await bench.client.credentials.authorization(for: bench.cats, .reading).secret
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            XCTAssertEqual(secrets.count, 1)
            XCTAssertEqual(bench.tokenRequests.count, 1)
        }
    }

    func testATokenIsGivenUpBeforeItEnds() async throws {
        try await GitHubBench.with { bench in
            _ = try await bench.client.repository(bench.cats)
            bench.pass(seconds: 3_600 - 330)
            _ = try await bench.client.repository(bench.cats)
            XCTAssertEqual(bench.tokenRequests.count, 1)
            bench.pass(seconds: 60)
            _ = try await bench.client.repository(bench.cats)
            XCTAssertEqual(bench.tokenRequests.count, 2)
        }
    }

    func testARevokedTokenIsAskedForOnceMore() async throws {
        try await GitHubBench.with { bench in
            _ = try await bench.client.repository(bench.cats)
            bench.gitHub.revokeTokens()
            _ = try await bench.client.repository(bench.cats)
            XCTAssertEqual(bench.tokenRequests.count, 2)
            // A GitHub that takes none of them is not asked for ever.
            bench.gitHub.fail(.status(401, message: "Bad credentials"), times: 100, method: "GET", at: "/repos/")
            let problem = await bench.problem()
            guard case .badCredentials("Bad credentials", _) = problem else { return XCTFail("\(String(describing: problem))") }
            XCTAssertEqual(bench.tokenRequests.count, 3)
        }
    }

    /// GitHub's clock counts: a JWT is refused that begins in its future or ends too late.
    func testAWrongClockIsNoticedAndMadeUpFor() async throws {
        for seconds in [-7_200.0, 7_200] {
            try await GitHubBench.with { bench in
                bench.ahead.change { $0 = seconds }
                let problem = await bench.problem()
                XCTAssertNil(problem)
                let refused = bench.gitHub.exchanges.filter { $0.status == 401 }.count
                XCTAssertEqual(refused, 1, "the next JWT is right at once")
                bench.gitHub.revokeTokens()
                let next = await bench.problem()
                XCTAssertNil(next)
                XCTAssertEqual(bench.tokenRequests.count, 2, "a token's end is read by GitHub's clock, too")
            }
        }
    }

    func testAKeyOfAnotherAppIsRefusedInWords() async throws {
        try await GitHubBench.with { bench in
            let other = try await GitHubKeys.make()
            let client = GitHubClient(
                bench.client.address, as: .app(try GitHubApp(id: GitHubStandIn.appID, privateKeyPEM: other.privatePEM)),
                http: HTTPClient())
            do throws(GitHubError) {
                _ = try await client.repository(bench.cats)
                XCTFail("was taken")
            } catch {
                XCTAssertEqual(
                    error.sentence,
                    "GitHub refuses our credentials (A JSON web token could not be decoded). Check GITHUB_APP_ID with "
                        + "GITHUB_APP_PRIVATE_KEY_FILE, or GITHUB_TOKEN.")
            }
        }
    }

    func testWhereTheAppIsNotInstalledTheWayToInstallItIsSaid() async throws {
        try await GitHubBench.with { bench in
            let link = "\(bench.gitHub.url)/github-apps/iterapp-test/installations/new"
            func expectNotInstalled(_ name: String, line: UInt = #line) async {
                let problem = await bench.problem(AppID(organisation: "iterate", name: name))
                XCTAssertEqual(
                    problem?.sentence,
                    "The GitHub App is not installed for iterate/\(name), or there is no such repository. "
                        + "Install it for the repository at \(link).", line: line)
                guard case .accessDenied = problem?.sourceError else { return XCTFail("\(problem as Any)", line: line) }
            }
            await expectNotInstalled("dogs")
            // Installed, but not for this repository.
            bench.gitHub.changeInstallation(bench.installation.id) { $0.repositoryIDs = [] }
            await expectNotInstalled("cats")
            bench.gitHub.changeInstallation(bench.installation.id) { $0.repositoryIDs = nil }
            let installed = await bench.problem()
            XCTAssertNil(installed)
            // What was known no longer holds.
            bench.gitHub.uninstall(bench.installation.id)
            await expectNotInstalled("cats")
            bench.gitHub.install(on: "iterate")
            let again = await bench.problem()
            XCTAssertNil(again)
        }
    }

    func testAnInstallationThatIsSuspendedIsASentence() async throws {
        try await GitHubBench.with { bench in
            bench.gitHub.changeInstallation(bench.installation.id) { $0.isSuspended = true }
            let problem = await bench.problem()
            XCTAssertEqual(
                problem?.sentence,
                "The installation of the GitHub App on iterate is suspended. Whoever administers iterate can resume it "
                    + "under Settings, GitHub Apps.")
            // A place that was known before is looked at again.
            bench.gitHub.changeInstallation(bench.installation.id) { $0.isSuspended = false }
            let resumed = await bench.problem()
            XCTAssertNil(resumed)
            bench.gitHub.changeInstallation(bench.installation.id) { $0.isSuspended = true }
            await bench.client.credentials.forget(installation: bench.installation.id)
            let suspended = await bench.problem()
            XCTAssertEqual(suspended, problem)
        }
    }

    func testAMissingPermissionIsNamed() async throws {
        try await GitHubBench.with { bench in
            bench.gitHub.changeInstallation(bench.installation.id) { $0.permissions["checks"] = "read" }
            do throws(GitHubError) {
                _ = try await bench.client.credentials.authorization(for: bench.cats, .checks)
                XCTFail("was given")
            } catch {
                XCTAssertEqual(
                    error.sentence,
                    "GitHub does not allow it (the GitHub App's installation on iterate lacks it). Give the GitHub App or "
                        + "the token the permission checks=write, and accept it for the installation.")
            }
            // And the other purposes still work.
            let problem = await bench.problem()
            XCTAssertNil(problem)
        }
    }

    func testWhatAWebhookSaysOfTheInstallationIsUsedAndNotTrusted() async throws {
        try await GitHubBench.with { bench in
            await bench.client.credentials.note(
                installation: bench.installation.id, repositoryID: bench.repository.id, of: bench.cats)
            let problem = await bench.problem()
            XCTAssertNil(problem)
            XCTAssertEqual(bench.gitHub.exchanges("GET", "/installation").count, 0)
            XCTAssertEqual(bench.tokenRequests.last?.json?["repository_ids"], [.int(bench.repository.id)])
            // Wrong by now: the installation is another one.
            await bench.client.credentials.forget(installation: bench.installation.id)
            await bench.client.credentials.note(installation: 1, repositoryID: bench.repository.id, of: bench.cats)
            let next = await bench.problem()
            XCTAssertNil(next)
            XCTAssertEqual(bench.gitHub.exchanges("GET", "/installation").count, 1)
        }
    }

    func testWebhooksTellWhereTheAppIsInstalled() async throws {
        try await GitHubBench.with { bench in
            let credentials = bench.client.credentials
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let push = bench.gitHub.pushPayload(bench.repository, branch: "main", after: sha)
            let read = try JSON.parse(push.bytes, only: WebhookEvent.push.selection, maxDepth: 100)
            await credentials.learn(from: read, of: .push)
            let first = await bench.problem()
            XCTAssertNil(first)
            XCTAssertEqual(bench.gitHub.exchanges("GET", "/installation").count, 0)
            let id = JSON.int(bench.installation.id)
            await credentials.learn(from: ["action": "suspend", "installation": ["id": id]], of: .installation)
            let second = await bench.problem()
            XCTAssertNil(second)
            XCTAssertEqual(bench.gitHub.exchanges("GET", "/installation").count, 1, "it was looked up anew")
            XCTAssertEqual(bench.tokenRequests.count, 2, "with a new token")
            // Of webhooks without an App, nothing is learned.
            await credentials.learn(from: ["repository": ["id": 1, "full_name": "iterate/cats"]], of: .push)
            let third = await bench.problem()
            XCTAssertNil(third)
        }
    }

    /// Between push and build: the old name still leads there, for the API and for a token.
    func testARepositoryThatWasRenamedIsFoundByItsOldName() async throws {
        try await GitHubBench.with { bench in
            bench.gitHub.rename(bench.repository.id, name: "lions")
            let found = try await bench.client.repository(bench.cats)
            XCTAssertEqual(found.name, AppID(organisation: "iterate", name: "lions"))
            XCTAssertEqual(found.id, bench.repository.id)
        }
        try await GitHubBench.with { bench in
            // The token of before the change is still good; then it ends.
            _ = try await bench.client.repository(bench.cats)
            bench.gitHub.rename(bench.repository.id, name: "lions")
            let found = try await bench.client.repository(bench.cats)
            XCTAssertEqual(found.name.name, "lions")
            bench.gitHub.revokeTokens()
            let again = try await bench.client.repository(bench.cats)
            XCTAssertEqual(again.name.name, "lions")
        }
    }

    func testAPersonalTokenIsTakenAsItIs() async throws {
        try await GitHubBench.with(asPerson: true) { bench in
            let problem = await bench.problem()
            XCTAssertNil(problem)
            XCTAssertEqual(bench.tokenRequests.count, 0)
            bench.gitHub.revokeTokens()
            let revoked = await bench.problem()
            guard case .badCredentials = revoked else { return XCTFail("\(revoked as Any)") }
            XCTAssertEqual(bench.gitHub.exchanges.filter { $0.status == 401 }.count, 1, "there is no other to try")
        }
    }

    func testWhoeverGivesUpDoesNotKeepTheOthersWaiting() async throws {
        try await GitHubBench.with(timeout: .seconds(5)) { bench in
            bench.gitHub.fail(.silence, times: 1, at: "/installation")
            let asked = Watched(false)
            bench.gitHub.observe { _ in asked.change { $0 = true } }
            let waiting = Task { await bench.problem() }
            try await asked.wait(for: "the request") { $0 }
            let start = ContinuousClock.now
            waiting.cancel()
            let problem = await waiting.value
            XCTAssertEqual(problem, .cancelled)
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(2))
        }
    }

    func testASecretIsNeverDescribed() {
        let secret = GitHubSecret("ghs_nobody_must_read_this")
        var dumped = ""
        dump(GitHubAuthorization(secret: secret, account: "installation 1"), to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)", dumped] {
            XCTAssertFalse(text.contains("nobody"), text)
        }
    }
}
