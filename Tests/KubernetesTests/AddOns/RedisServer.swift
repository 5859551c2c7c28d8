import Deploys
import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

@testable import Kubernetes

/// A real redis-server with the files that a Redis of an app is given, under other paths and on another port.
struct RedisServer {
    static let password = "a-Password_1"
    /// Whom only tests have: may do everything.
    static let administrator = "administrator"

    let directory: URL
    private let port: Int

    /// - Parameter then: runs after a restart.
    /// - Throws: `XCTSkip` where there is no server.
    static func with(
        _ body: (RedisServer) async throws -> Void, then: ((RedisServer) async throws -> Void)? = nil
    ) async throws {
        for program in ["redis-server", "redis-cli"] {
            let run = ProgramRun(program, ["--version"], timeLimit: .seconds(10))
            guard (try? await run.run())?.exitCode == 0 else {
                throw XCTSkip("There is no \(program): `.ci/prepare` installs it.")
            }
        }
        try await withTemporaryDirectory { directory in
            let server = RedisServer(directory: directory, port: try freePort())
            try server.writeFiles()
            try await server.running { try await body(server) }
            if let then { try await server.running { try await then(server) } }
        }
    }

    private func running(_ body: () async throws -> Void) async throws {
        let log = directory.appending(path: "log")
        let program = try RunningProgram(
            "redis-server", [directory.appending(path: "redis.conf").path, "--port", "\(port)", "--bind", "127.0.0.1"],
            directory: directory.appending(path: "data").path, logFile: log.path)
        let result: Result<Void, any Error>
        do {
            let end = ContinuousClock.now + .seconds(20)
            while try await ask("PING").first != "PONG" {
                guard ContinuousClock.now < end, program.isRunning else {
                    throw TestFailure("no Redis: \((try? String(contentsOf: log, encoding: .utf8)) ?? "")")
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        let code = await program.terminate(grace: .seconds(10))
        XCTAssertEqual(code, 0, "it ends when it is told to")
        try result.get()
    }

    private func writeFiles() throws {
        let objects = try KubernetesObjects.render(TestReleases.cached()).objects
        let deployment = try XCTUnwrap(objects.stage(.addOns).first { $0["kind"]?.string == "Deployment" })
        let secret = RedisSecret.json(for: deployment, random: Array(repeating: 1, count: RedisSecret.passwordBytes))
        let made = try XCTUnwrap(Self.text(secret.at("data", "REDIS_PASSWORD")))
        let user = try XCTUnwrap(Self.text(secret.at("data", "user.conf"))).replacing(made, with: Self.password)
        let configuration = try XCTUnwrap(
            objects.lazy.compactMap { $0.at("data", "redis.conf")?.string }.first)
        let folder = "/etc/iterapp/redis-user"
        XCTAssertTrue(configuration.contains("include \(folder)/user.conf\n"), configuration)
        let files = [
            "redis.conf": configuration.replacing(folder, with: directory.path),
            "user.conf": user + "user \(Self.administrator) +@all allkeys allchannels on >\(Self.password)\n",
        ]
        for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
        try FileManager.default.createDirectory(
            at: directory.appending(path: "data"), withIntermediateDirectories: false)
    }

    private static func text(_ value: JSON?) -> String? {
        value?.string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The lines of the answer to one command.
    /// - Parameter password: nil sends none.
    func ask(_ command: String..., password: String? = RedisServer.password) async throws -> [String] {
        try await run(command, password: password)
    }

    /// The answers to commands, one a line.
    /// - Parameter user: nil asks as apps do.
    func ask(lines: [String], as user: String? = nil) async throws -> [String] {
        let arguments = user.map { ["--user", $0] } ?? []
        return try await run(arguments, input: Array((lines.joined(separator: "\n") + "\n").utf8))
    }

    private func run(
        _ arguments: [String], password: String? = RedisServer.password, input: [UInt8] = []
    ) async throws -> [String] {
        var run = ProgramRun(
            "redis-cli", ["-p", "\(port)"] + arguments, timeLimit: .seconds(60))
        run.environment = ["REDISCLI_AUTH": password]
        run.input = input
        let result = try await run.run()
        return String(decoding: result.output + result.errorOutput, as: UTF8.self)
            .split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
