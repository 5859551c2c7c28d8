import Foundation
import HTTP
import Subprocess
import TestSupport
import XCTest

@testable import Sandbox

final class PrivateEngineTests: XCTestCase {
    private let http = HTTPClient()

    /// A bridge of its own, so that the machine's engine, if there is one, does not notice.
    private func withBridge(_ body: (String) async throws -> Void) async throws {
        guard geteuid() == 0 else { throw XCTSkip("only root can start an engine") }
        let name = "ia-test\(UUID().uuidString.prefix(6))"
        let add = ProgramRun("ip", ["link", "add", name, "type", "bridge"], timeLimit: .seconds(10))
        guard let result = try? await add.run(), result.exitCode == 0 else {
            throw XCTSkip("no bridge can be made here with the program ip")
        }
        let address = "10.213.\(Int.random(in: 100..<250)).1/24"
        _ = try await ProgramRun("ip", ["addr", "add", address, "dev", name], timeLimit: .seconds(10)).run()
        _ = try await ProgramRun("ip", ["link", "set", name, "up"], timeLimit: .seconds(10)).run()
        let remove = ProgramRun("ip", ["link", "delete", name], timeLimit: .seconds(10))
        do {
            try await body(name)
        } catch {
            _ = try? await remove.run()
            throw error
        }
        _ = try await remove.run()
    }

    func testStartsIsFoundAgainAndStops() async throws {
        let program = "/usr/sbin/dockerd"
        guard access(program, X_OK) == 0 else { throw XCTSkip("\(program) is not installed") }
        try await withBridge { bridge in
            try await withTemporaryDirectory { folder in
                // As long as a demo's directory may be: the socket must not be in it.
                let deep = folder.appending(path: String(repeating: "long-", count: 30))
                var engine = PrivateEngine(
                    program: program, directory: deep, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
                engine.extraArguments = [
                    "--bridge", bridge, "--iptables=false", "--ip-forward=false", "--ip-masq=false",
                    "--storage-driver=vfs",
                ]
                XCTAssertLessThan(engine.socketPath.utf8.count, 108)
                try await engine.start(http: http)
                let client = DockerEngineClient(socketPath: engine.socketPath, http: http)
                let first = try await client.machine()
                XCTAssertGreaterThan(first.cpus, 0)
                let id = try String(contentsOfFile: engine.pidPath, encoding: .utf8)

                // A demo that was killed knows no more of it than this one.
                let again = PrivateEngine(program: program, directory: deep, environment: [:])
                XCTAssertEqual(again.socketPath, engine.socketPath)
                try await again.start(http: http)
                XCTAssertEqual(try String(contentsOfFile: again.pidPath, encoding: .utf8), id)

                await again.stop()
                // What has ended may still wait to be collected.
                let state = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
                XCTAssertTrue(state.isEmpty || state.contains(") Z "), state)
                do throws(EngineError) {
                    try await client.ping(timeout: .seconds(1))
                    XCTFail("it still answers")
                } catch {
                    guard case .gone = error else { return XCTFail("\(error)") }
                }
                await again.stop()
            }
        }
    }

    func testSaysWhyItDidNotStart() async throws {
        try await withTemporaryDirectory { folder in
            let program = folder.appending(path: "dockerd").path
            try Data("#!/bin/sh\necho 'failed to start: no cgroups here'\nexit 1\n".utf8)
                .write(to: URL(filePath: program))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            let engine = PrivateEngine(
                program: program, directory: folder, environment: ["PATH": "/bin:/usr/bin"],
                runRoot: folder.path)
            do {
                try await engine.start(http: http)
                XCTFail("it cannot have started")
            } catch let failure as PrivateEngine.Failure {
                guard case .died(let log, let lines) = failure else { return XCTFail("\(failure)") }
                XCTAssertEqual(lines, ["failed to start: no cgroups here"])
                XCTAssertTrue("\(failure)".contains(log))
            }
            let missing = PrivateEngine(
                program: folder.appending(path: "nothing").path, directory: folder, environment: [:],
                runRoot: folder.path)
            do {
                try await missing.start(http: http)
                XCTFail("it cannot have started")
            } catch let failure as PrivateEngine.Failure {
                guard case .cannotStart = failure else { return XCTFail("\(failure)") }
            }
        }
    }
}
