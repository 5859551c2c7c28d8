import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Subprocess

/// Time limits, cancellation, and processes that outlive the program.
final class StoppingTests: XCTestCase {
    private func shell(_ script: String, timeLimit: Duration) -> ProgramRun {
        ProgramRun("/bin/sh", ["-c", script], timeLimit: timeLimit)
    }

    /// Runs until the first line, which names a process, then does `body` with it and the running task.
    private func caught(
        _ run: ProgramRun, onFirstLine: @escaping @Sendable (Task<Void, any Error>) -> Void = { _ in }
    ) async throws -> (error: ProgramError?, process: pid_t, took: Duration) {
        let started = ContinuousClock.now
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        let task = Task {
            defer { continuation.finish() }
            _ = try await run.run { _, line in continuation.yield(line) }
        }
        var iterator = lines.makeAsyncIterator()
        let first = await iterator.next()
        onFirstLine(task)
        let result = await task.result
        let process = try XCTUnwrap(first.flatMap { pid_t($0) })
        let took = ContinuousClock.now - started
        guard case .failure(let error) = result else { return (nil, process, took) }
        return (error as? ProgramError, process, took)
    }

    /// A zombie counts as gone: it waits only for whoever adopted it.
    private func isAlive(_ process: pid_t) -> Bool {
        processState(process).map { $0.letter != "Z" && $0.letter != "X" } ?? false
    }

    func testTimeLimitEndsTheWholeGroup() async throws {
        let run = shell("sleep 60 & echo $!; sleep 60", timeLimit: .milliseconds(300))
        let (error, grandchild, took) = try await caught(run)
        XCTAssertEqual(error, .timedOut("/bin/sh", after: .milliseconds(300)))
        XCTAssertFalse(isAlive(grandchild))
        XCTAssertLessThan(took, .seconds(2), "SIGTERM is enough here")
    }

    func testCancellationEndsTheWholeGroup() async throws {
        let run = shell("sleep 60 & echo $!; wait", timeLimit: .seconds(50))
        let (error, grandchild, took) = try await caught(run) { $0.cancel() }
        XCTAssertEqual(error, .cancelled)
        XCTAssertFalse(isAlive(grandchild))
        XCTAssertLessThan(took, .seconds(2))
    }

    func testWhoIgnoresSIGTERMIsKilled() async throws {
        let run = shell("trap '' TERM; echo $$; while :; do sleep 0.05; done", timeLimit: .seconds(50))
        let (error, process, took) = try await caught(run) { $0.cancel() }
        XCTAssertEqual(error, .cancelled)
        XCTAssertFalse(isAlive(process))
        XCTAssertGreaterThanOrEqual(took, ProgramRun.usualKillGrace)
        XCTAssertLessThan(took, .seconds(10))
    }

    func testGrandchildThatIgnoresSIGTERMIsKilledToo() async throws {
        let script = """
            sh -c 'trap "" TERM; echo $$; exec >&- 2>&-; while :; do sleep 0.05; done' & sleep 60
            """
        let (error, grandchild, _) = try await caught(shell(script, timeLimit: .seconds(50))) { $0.cancel() }
        XCTAssertEqual(error, .cancelled)
        // The signal is sent when `run` returns; the kernel needs a moment to end the process.
        let deadline = ContinuousClock.now + .seconds(5)
        while isAlive(grandchild), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        XCTAssertFalse(isAlive(grandchild))
    }

    func testProcessLeftBehindDoesNotHoldTheRun() async throws {
        let started = ContinuousClock.now
        let result = try await shell("sleep 60 & echo $!; exit 3", timeLimit: .seconds(50)).run()
        let took = ContinuousClock.now - started
        XCTAssertEqual(result.exitCode, 3)
        let process = try XCTUnwrap(pid_t(String(decoding: result.output, as: UTF8.self).dropLast()))
        XCTAssertTrue(isAlive(process), "the program ended by itself: what it left may go on")
        kill(process, SIGKILL)
        XCTAssertLessThan(took, .seconds(10))
    }

    func testCancellationAlsoCutsThatWait() async throws {
        let run = shell("(sleep 0.05; echo $$; exec sleep 60) & exit 0", timeLimit: .seconds(50))
        let (error, _, took) = try await caught(run) { $0.cancel() }
        XCTAssertEqual(error, .cancelled)
        XCTAssertLessThan(took, ProgramLoop.pipeGrace)
    }

    /// Cancelling races with starting; whatever was started is gone when the run has returned.
    func testCancellingAtAnyMoment() async throws {
        for round in 0..<30 {
            let run = ProgramRun("sleep", ["60"], timeLimit: .seconds(50))
            let task = Task { try await run.run().exitCode }
            for _ in 0..<(round * round) { await Task.yield() }
            task.cancel()
            let result = await task.result
            XCTAssertThrowsError(try result.get()) { XCTAssertEqual($0 as? ProgramError, .cancelled) }
        }
    }

    func testCancelledBeforeItStarts() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "touched").path
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await ProgramRun("touch", [file], timeLimit: .seconds(20)).run().exitCode
            }
            let result = await task.result
            XCTAssertThrowsError(try result.get()) { XCTAssertEqual($0 as? ProgramError, .cancelled) }
            XCTAssertFalse(FileManager.default.fileExists(atPath: file))
        }
    }
}
