import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Bot

/// The file of who may do what: checked at the start, and read again while the service runs.
final class PolicyReloadTests: XCTestCase {
    private let closed = "[environments.test]\ndeploy = [\"U0ADA\"]\n"
    private let open = "[environments.test]\ndeploy = [\"anyone\"]\n"

    private func file(_ bench: BotBench, _ text: String) throws -> URL {
        let file = bench.directory.appending(path: "policy.toml")
        try Data(text.utf8).write(to: file)
        return file
    }

    func testAFileWithMistakesIsOneOfTheProblemsAtTheStart() async throws {
        try await BotBench.with { bench in
            let file = try file(bench, "[environments.prod]\ndeply = []\n")
            do {
                _ = try bench.settings(["ITERAPP_POLICY_FILE": file.path, "ITERAPP_BUILDER": "podman"])
                XCTFail("it started")
            } catch let error as SettingsError {
                XCTAssertEqual(error.problems.count, 2, "\(error)")
                XCTAssertTrue(error.problems.contains(
                    "ITERAPP_POLICY_FILE: \(file.path):2:1: error: unknown key `deply`; did you mean `deploy`?"), "\(error)")
            }
            XCTAssertNil(try bench.settings().permissions)
        }
    }

    func testAHangUpBringsTheNewFileAndABrokenOneChangesNothing() async throws {
        try await BotBench.with { bench in
            let file = try file(bench, closed)
            let settings = try bench.settings(["ITERAPP_POLICY_FILE": file.path])
            let reload = Signal()
            let lines = Lines()
            let parts = try await ServiceParts(settings, reload: reload, log: lines.log)
            let work = Task {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await parts.policy.run() }
                    group.addTask { await parts.reloads.run() }
                }
            }
            func refusal() async throws -> Bool {
                let answer = await parts.slack.routes.answer(bench.command("deploy horses test main"))
                return try XCTUnwrap(answer).text.contains("may deploy `horses` to *test*")
            }
            var isRefused = try await refusal()
            XCTAssertTrue(isRefused)

            try Data("[environments.test]\ndeploy = [\"kari\"]\n".utf8).write(to: file)
            reload.fire()
            try await lines.wait(for: "has problems, so everybody's rights stay as they were before")
            XCTAssertTrue(lines.all.contains { $0.hasPrefix("error \(file.path):2:11: error: `kari` is no id.") })
            isRefused = try await refusal()
            XCTAssertTrue(isRefused)

            try Data(open.utf8).write(to: file)
            reload.fire()
            try await lines.wait(for: "it counts from now on")
            XCTAssertTrue(lines.all.contains("info \(file.path) is right again"))
            isRefused = try await refusal()
            XCTAssertFalse(isRefused)
            work.cancel()
            await work.value
            await parts.close()
        }
    }

    /// The file that says who may what in the cluster is read at the same signal.
    func testASignalReachesEveryReader() async throws {
        let source = Signal()
        let readers = [Signal(), Signal()]
        let heard = Watched([0, 0])
        let relay = Task { await SignalRelay(source: source, readers: readers).run() }
        let tasks = readers.enumerated().map { index, reader in
            Task {
                while !Task.isCancelled {
                    await reader.wait()
                    if !Task.isCancelled { heard.change { $0[index] += 1 } }
                }
            }
        }
        for count in 1...3 {
            source.fire()
            try await heard.wait(for: "signal \(count)") { $0 == [count, count] }
        }
        for task in tasks + [relay] {
            task.cancel()
            await task.value
        }
    }
}
