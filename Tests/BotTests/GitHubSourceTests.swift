import Deploys
import Foundation
import HTTP
import Synchronization
import TestSupport
import XCTest

@testable import Bot

/// Repositories of a GitHub that demands the App's installation token for everything, as the service reads them.
final class GitHubSourceTests: XCTestCase {
    private struct Bench: Sendable {
        let bot: BotBench
        let gitHub: GitHubStandIn
        let repository: GitHubStandIn.Repository
        let settings: Settings
        let cats = AppID(organisation: "iterate", name: "cats")

        func parts() async throws -> ServiceParts { try await ServiceParts(settings, log: bot.log.log) }
    }

    /// - Parameter change: of the settings.
    private func with(
        _ change: [String: String] = [:], _ body: (Bench) async throws -> Void
    ) async throws {
        try await BotBench.with { bot in
            let gitHub = try await GitHubStandIn(in: bot.directory.appending(path: "github"))
            let repository = try await gitHub.addRepository("iterate", "cats")
            let key = bot.directory.appending(path: "app.pem")
            try Data(gitHub.keys.privatePEM.utf8).write(to: key)
            let environment = [
                "ITERAPP_SOURCE": "github", "GITHUB_URL": gitHub.url, "GITHUB_TOKEN": "",
                "GITHUB_APP_ID": GitHubStandIn.appID, "GITHUB_APP_PRIVATE_KEY_FILE": key.path,
            ]
            let settings = try bot.settings(environment.merging(change) { $1 })
            do {
                try await body(Bench(bot: bot, gitHub: gitHub, repository: repository, settings: settings))
            } catch {
                await gitHub.stop()
                throw error
            }
            await gitHub.stop()
        }
    }

    /// What is being run on this machine, with all arguments.
    private static func commandLines() -> [String] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { Int($0) != nil }.compactMap { process in
            FileManager.default.contents(atPath: "/proc/\(process)/cmdline").map {
                String(decoding: $0.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
            }
        }
    }

    func testACommitIsReadWithATokenThatIsSeenNowhere() async throws {
        try await with { bench in
            let sha = try await bench.gitHub.push(
                bench.repository, ["Dockerfile": "FROM scratch\n"], subject: "Add cats")
            bench.gitHub.install(on: "iterate")
            let seen = Mutex<[String]>([])
            bench.gitHub.observe { request in
                guard request.path.hasSuffix("/git-upload-pack") else { return }
                // Git waits for the answer, so its processes are there to be seen.
                let lines = Self.commandLines()
                seen.withLock { $0 += lines }
            }
            let parts = try await bench.parts()
            let branch = try await parts.work.source.defaultBranch(of: bench.cats)
            XCTAssertEqual(branch, "main")
            let commit = try await parts.work.source.resolve(try XCTUnwrap(Revision("main")), of: bench.cats)
            XCTAssertEqual(commit.id.sha, sha)
            XCTAssertEqual(commit.subject, "Add cats")
            XCTAssertEqual(commit.url, "\(bench.gitHub.url)/iterate/cats/commit/\(sha)")
            let checkout = try await parts.work.source.checkOut(commit.id, of: bench.cats)
            let file = try String(contentsOf: checkout.directory.appending(path: "Dockerfile"), encoding: .utf8)
            XCTAssertEqual(file, "FROM scratch\n")
            guard case .heads(let heads, _) = try await parts.work.heads.heads(of: bench.cats, since: nil) else {
                return XCTFail("nothing can be unchanged")
            }
            XCTAssertEqual(heads, ["main": commit.id])

            let tokens = bench.gitHub.knownTokens
            XCTAssertEqual(tokens.count, 1, "one serves them all")
            let lines = seen.withLock { $0 }
            XCTAssertTrue(lines.contains { $0.contains("git") && $0.contains("fetch") }, "Git was seen at work")
            let secrets = tokens + tokens.map { Data("x-access-token:\($0)".utf8).base64EncodedString() }
            for secret in secrets {
                XCTAssertFalse(lines.contains { $0.contains(secret) }, "in an argument")
                XCTAssertFalse(bench.gitHub.exchanges.contains { "\($0.path)?\($0.query)".contains(secret) }, "in a URL")
                XCTAssertFalse(bench.bot.log.all.contains { $0.contains(secret) }, "in the log")
                for file in try files(below: bench.bot.state) {
                    let content = try Data(contentsOf: file)
                    XCTAssertNil(content.range(of: Data(secret.utf8)), "in \(file.path)")
                }
            }
            checkout.remove()
            await parts.close()
        }
    }

    private func files(below directory: URL) throws -> [URL] {
        let all = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: [.isRegularFileKey])
        let files = try (all?.compactMap { $0 as? URL } ?? []).filter {
            try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile ?? false
        }
        XCTAssertGreaterThan(files.count, 5)
        return files
    }

    /// What `register` says of a repository that the App may not read.
    func testARepositoryWithoutTheAppIsRefusedWithTheWayToInstallIt() async throws {
        try await with { bench in
            let parts = try await bench.parts()
            func problem() async -> SourceError? {
                do throws(SourceError) {
                    _ = try await parts.work.source.defaultBranch(of: bench.cats)
                    return nil
                } catch { return error }
            }
            let missing = await problem()
            XCTAssertEqual(
                missing,
                .accessDenied(
                    "The GitHub App is not installed for iterate/cats, or there is no such repository. Install it for "
                        + "the repository at \(bench.gitHub.url)/github-apps/iterapp-test/installations/new."))
            bench.gitHub.install(on: "iterate")
            let empty = await problem()
            XCTAssertEqual(empty, .empty)
            try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let none = await problem()
            XCTAssertNil(none)
            await parts.close()
        }
    }

    /// Its old name leads to it, for the API, for the token and for Git.
    func testARepositoryThatWasRenamedIsStillRead() async throws {
        try await with { bench in
            bench.gitHub.install(on: "iterate")
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            bench.gitHub.rename(bench.repository.id, name: "lions")
            let parts = try await bench.parts()
            let commit = try await parts.work.source.resolve(try XCTUnwrap(Revision("main")), of: bench.cats)
            XCTAssertEqual(commit.id.sha, sha)
            await parts.close()
        }
    }

    /// An app keeps its name; another repository may take it.
    func testAnAppFollowsItsRepositoryAndNotTheName() async throws {
        try await with { bench in
            bench.gitHub.install(on: "iterate")
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let parts = try await bench.parts()
            let lions = AppID(organisation: "iterate", name: "lions")
            try await register(bench.cats, SourceRepository(id: Int64(bench.repository.id), name: lions), parts)
            bench.gitHub.rename(bench.repository.id, name: "lions")
            let other = try await bench.gitHub.addRepository("iterate", "cats")
            try await bench.gitHub.push(other, ["README": "other cats"])
            let commit = try await parts.work.source.resolve(try XCTUnwrap(Revision("main")), of: bench.cats)
            XCTAssertEqual(commit.id.sha, sha)
            XCTAssertEqual(commit.url, "\(bench.gitHub.url)/iterate/lions/commit/\(sha)")
            let heads = try await SourceParts(parts.basics).heads.heads(of: bench.cats, since: nil)
            guard case .heads(let found, _) = heads else { return XCTFail("\(heads)") }
            XCTAssertEqual(found, ["main": commit.id])
            await parts.close()
        }
    }

    private func register(_ id: AppID, _ repository: SourceRepository, _ parts: ServiceParts) async throws {
        let journal = parts.basics.journal
        let request = OperationRequest(
            kind: .register, app: id, environment: nil, revision: nil, trigger: .push(by: "x"), channel: "#x",
            deduplicationKey: nil)
        _ = try await journal.accept(request, at: .now, notices: { _, _ in [] }, superseding: { _, _ in [] })
        let claimed = try await journal.claim(at: .now)
        var operation = try XCTUnwrap(claimed)
        operation.state = .succeeded
        var app = App(id: id, defaultBranch: "main", defaultEnvironment: .test)
        app.repository = repository
        try await journal.settle(operation, .registered(app), notices: [])
    }

    func testATokenThatWasRevokedIsReplacedAtOnce() async throws {
        try await with { bench in
            bench.gitHub.install(on: "iterate")
            try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let parts = try await bench.parts()
            _ = try await parts.work.source.defaultBranch(of: bench.cats)
            bench.gitHub.revokeTokens()
            let branch = try await parts.work.source.defaultBranch(of: bench.cats)
            XCTAssertEqual(branch, "main")
            await parts.close()
        }
    }

    /// As Git meets it, behind a token that was given.
    func testEveryRefusalOfGitsIsTold() async throws {
        try await with { bench in
            bench.gitHub.install(on: "iterate")
            try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let parts = try await bench.parts()
            func problem(_ fault: GitHubFault, times: Int = 1) async -> SourceError? {
                bench.gitHub.fail(fault, times: times, at: "info/refs")
                do throws(SourceError) {
                    _ = try await parts.work.source.defaultBranch(of: bench.cats)
                    return nil
                } catch { return error }
            }
            // Another token is tried, and refused as well.
            for (status, times) in [(401, 2), (403, 1)] {
                let denied = await problem(.status(status), times: times)
                guard case .accessDenied = denied else { return XCTFail("\(status): \(denied as Any)") }
            }
            let missing = await problem(.status(404))
            XCTAssertEqual(missing, .noSuchRepository)
            for fault in [GitHubFault.status(429), .status(500), .status(502), .status(503), .lostAnswer] {
                let passing = await problem(fault)
                guard case .unreachable = passing else { return XCTFail("\(fault): \(passing as Any)") }
            }
            await parts.close()
        }
    }

    func testAPersonalTokenReadsToo() async throws {
        try await BotBench.with { bot in
            let gitHub = try await GitHubStandIn(in: bot.directory.appending(path: "github"))
            let repository = try await gitHub.addRepository("iterate", "cats")
            let sha = try await gitHub.push(repository, ["README": "cats"])
            let token = gitHub.addPersonalToken()
            let settings = try bot.settings([
                "ITERAPP_SOURCE": "github", "GITHUB_URL": gitHub.url, "GITHUB_TOKEN": token,
            ])
            let parts = try await ServiceParts(settings, log: bot.log.log)
            let cats = AppID(organisation: "iterate", name: "cats")
            let commit = try await parts.work.source.resolve(try XCTUnwrap(Revision("main")), of: cats)
            XCTAssertEqual(commit.id.sha, sha)
            await parts.close()
            await gitHub.stop()
        }
    }
}
