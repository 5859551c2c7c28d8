import Foundation
import TestSupport
import XCTest

@testable import Subprocess

final class RunningProgramTests: XCTestCase {
    private func start(_ script: String, _ directory: URL) throws -> RunningProgram {
        try RunningProgram("/bin/sh", ["-c", script], logFile: log(directory))
    }

    private func log(_ directory: URL) -> String { directory.appending(path: "program.log").path }

    /// Outside programs tell us they are ready through their log only.
    private func waitForLog(_ text: String, in directory: URL) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if try String(contentsOfFile: log(directory), encoding: .utf8).contains(text) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        XCTFail("the log never said \(text)")
    }

    func testEndsByItself() async throws {
        try await withTemporaryDirectory { directory in
            try "before\n".write(toFile: log(directory), atomically: true, encoding: .utf8)
            let program = try start("echo out; echo err >&2; cat; exit 4", directory)
            let code = await program.wait()
            XCTAssertEqual(code, 4)
            XCTAssertEqual(program.exitCode, 4)
            XCTAssertFalse(program.isRunning)
            XCTAssertEqual(try String(contentsOfFile: log(directory), encoding: .utf8), "before\nout\nerr\n")
            let again = await program.terminate(grace: .seconds(5))
            XCTAssertEqual(again, 4)
        }
    }

    func testTerminateLetsTheProgramCleanUpAndKillsWhatItLeaves() async throws {
        try await withTemporaryDirectory { directory in
            let program = try start(
                """
                sleep 60 & echo $! > \(directory.path)/helper
                trap 'echo bye; exit 5' TERM
                echo ready
                wait
                """, directory)
            try await waitForLog("ready", in: directory)
            XCTAssertTrue(program.isRunning)
            XCTAssertNil(program.exitCode)
            XCTAssertEqual(getpgid(program.pid), program.pid)
            let code = await program.terminate(grace: .seconds(10))
            XCTAssertEqual(code, 5)
            try await waitForLog("bye", in: directory)
            let helper = try String(contentsOfFile: "\(directory.path)/helper", encoding: .utf8).dropLast()
            try await waitUntilGone(try XCTUnwrap(pid_t(helper)))
        }
    }

    private func waitUntilGone(_ process: pid_t) async throws {
        let deadline = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < deadline {
            guard let state = processState(process), state.letter != "Z" else { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        XCTFail("process \(process) is still there")
    }

    func testWhoIgnoresSIGTERMIsKilledAfterTheGrace() async throws {
        try await withTemporaryDirectory { directory in
            let program = try start("trap '' TERM; echo ready; while :; do sleep 0.05; done", directory)
            try await waitForLog("ready", in: directory)
            let code = await program.terminate(grace: .milliseconds(100))
            XCTAssertEqual(code, 128 + SIGKILL)
        }
    }

    func testProblemsAtStart() async throws {
        try await withTemporaryDirectory { directory in
            XCTAssertThrowsError(try RunningProgram("no-such-program", [], logFile: log(directory))) {
                XCTAssertEqual($0 as? ProgramError, .notFound("no-such-program"))
            }
            let path = directory.appending(path: "no/such.log").path
            XCTAssertThrowsError(try RunningProgram("true", [], logFile: path)) {
                XCTAssertEqual(
                    $0 as? ProgramError,
                    .cannotStart("true", reason: "cannot write its log \(path): No such file or directory"))
            }
        }
    }
}
