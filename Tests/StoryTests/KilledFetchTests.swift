import Foundation
import HTTP
import Subprocess
import TestSupport
import XCTest

@testable import Sandbox

/// The program is killed while Git reads from GitHub. The deploy goes on after the next start, and nothing that the end
/// left lying about spoils a later fetch.
final class KilledFetchTests: XCTestCase {
    func testKilledInTheMiddleOfAFetch() async throws {
        try await GitHubStage.with { stage in
            try await stage.serving { try await stage.register() }
            for kind in Kind.allCases { try await story(stage, kind) }
        }
    }

    /// What is being fetched when the end comes.
    private enum Kind: CaseIterable { case files, commits }

    /// Git passes on what it gets in pieces of 64 KiB.
    private static let stalledAfterBytes = 100 << 10

    private func story(_ stage: GitHubStage, _ kind: Kind) async throws {
        switch kind {
        case .files: try noise(300 << 10).write(to: stage.work.directory.appending(path: "site/noise"))
        case .commits:
            for _ in 1...10 {
                let message = noise(30 << 10).base64EncodedString()
                try await stage.work.git("commit", "--quiet", "--allow-empty", "-m", message)
            }
        }
        let sha = try await stage.push("after \(kind)\n")
        let service = ServiceProgram(stage)
        do {
            try await service.start()
            stage.github.fail(.stalled(afterBytes: Self.stalledAfterBytes), times: .max, method: "POST", at: "git-upload-pack")
            try await stage.deliverPush(sha)
            try await stage.wait("half a pack") { stage.github.stalledCount > 0 && !halves(stage).isEmpty }
        } catch {
            await service.kill()
            throw TestFailure("\(error)\n\(service.log)")
        }
        await service.kill()
        XCTAssertNotEqual(halves(stage), [], "Git goes on without its parent")
        let knowsCommit = try await mirror(stage, "cat-file", "-e", sha)
        XCTAssertEqual(knowsCommit, kind == .files, "\(kind)")
        stage.github.recover()

        try await stage.serving {
            try await stage.wait("the page") { await stage.page() == "after \(kind)\n" }
            let next = try await stage.push("more \(kind)\n")
            try await stage.deliverPush(next)
            try await stage.wait("the next page") { await stage.page() == "more \(kind)\n" }
            try await stage.wait("its end") { !stage.deploymentURLs(of: next).isEmpty }
            XCTAssertEqual(stage.checks(of: sha).map { $0["conclusion"] }, ["success"])
        }
        try await checkLeftovers(stage)
    }

    private func checkLeftovers(_ stage: GitHubStage) async throws {
        XCTAssertEqual(halves(stage), [])
        let files = FileManager.default
        for name in ["check-outs", "rubbish"] {
            try await stage.wait("\(name) to be empty") {
                try files.contentsOfDirectory(atPath: work(stage).appending(path: name).path).isEmpty
            }
        }
        let mirrors = work(stage).appending(path: "mirrors").path
        XCTAssertEqual(try files.contentsOfDirectory(atPath: mirrors).filter { !$0.hasSuffix(".git") }, [])
        let locks = (files.enumerator(atPath: mirrors)?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".lock") }
        XCTAssertEqual(locks, [])
        let mark = Data("GIT_CONFIG_GLOBAL=\(work(stage).path)".utf8)
        let programs = try files.contentsOfDirectory(atPath: "/proc").filter { process in
            pid_t(process) != nil && files.contents(atPath: "/proc/\(process)/environ")?.range(of: mark) != nil
        }
        XCTAssertEqual(programs, [])
    }

    private func work(_ stage: GitHubStage) -> URL { stage.directory.appending(path: "state/git") }

    private func noise(_ count: Int) -> Data { Data((0..<count).map { _ in UInt8.random(in: 0...255) }) }

    /// What Git has begun to write.
    private func halves(_ stage: GitHubStage) -> [String] {
        let all = FileManager.default.enumerator(atPath: work(stage).appending(path: "mirrors").path)?.allObjects
        return (all as? [String] ?? []).filter { $0.contains("/tmp_") }
    }

    /// Whether Git says yes.
    private func mirror(_ stage: GitHubStage, _ arguments: String...) async throws -> Bool {
        let mirrors = work(stage).appending(path: "mirrors")
        let name = try XCTUnwrap(FileManager.default.contentsOfDirectory(atPath: mirrors.path).first)
        var run = ProgramRun(
            "git", ["--git-dir=\(mirrors.appending(path: name).path)"] + arguments, timeLimit: .seconds(20))
        // Nothing is to be fetched for the answer.
        run.environment = ["GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"]
        return try await run.run().exitCode == 0
    }
}

/// The program as operators start it.
private final class ServiceProgram {
    private let stage: GitHubStage
    private var program: RunningProgram?
    private let client = HTTPClient()

    init(_ stage: GitHubStage) { self.stage = stage }

    private var logFile: URL { stage.directory.appending(path: "serve.log") }
    var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    /// Starts it, and waits until it is ready.
    func start() async throws {
        let started = try RunningProgram(
            DemoProcess.binary.path, ["serve"], environment: stage.variables.mapValues(Optional.some),
            logFile: logFile.path)
        program = started
        try await stage.wait("the service") {
            guard started.isRunning else { throw TestFailure("it ended") }
            let ready = HTTPClientRequest("GET", "http://127.0.0.1:\(stage.port)/readyz")
            return (try? await client.send(ready))?.status == 200
        }
    }

    /// SIGKILL to it alone: what it has started goes on.
    func kill() async {
        guard let program, program.isRunning else { return }
        _ = Glibc.kill(program.pid, SIGKILL)
        _ = await program.wait()
    }
}
