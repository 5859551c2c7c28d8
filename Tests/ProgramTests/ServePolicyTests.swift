import Foundation
import Subprocess
import TestSupport
import XCTest

/// `iterapp serve` with a file of who may do what.
final class ServePolicyTests: XCTestCase {
    private static let kubeconfig = """
        {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
        "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": {"token": "nobody-must-read-this"}}]}
        """

    private static let closed = "[environments.prod]\ndeploy = [\"U012AB3CD\"]\n"

    private func environment(_ directory: URL) -> [String: String] {
        [
            "ITERAPP_LISTEN": "127.0.0.1:0", "ITERAPP_STATE_DIR": directory.appending(path: "state").path,
            "ITERAPP_SOURCE": "dir:\(directory.path)", "ITERAPP_BUILDER": "docker", "SLACK_SIGNING_SECRET": "s",
            "SLACK_BOT_TOKEN": "xoxb-t", "SLACK_API_URL": "http://127.0.0.1:1/api/",
            "KUBECONFIG": directory.appending(path: "kubeconfig").path,
            "ITERAPP_POLICY_FILE": directory.appending(path: "policy.toml").path,
        ]
    }

    func testAMistakeInTheFileIsToldAtTheStart() async throws {
        let broken = "[environments.prod]\ndeploy = [\"kari@example.com\"]\n[environments.stagin]\n"
        try await Program.with(["policy.toml": broken, "kubeconfig": Self.kubeconfig]) { directory in
            let end = try await Program.run("serve", environment: environment(directory))
            XCTAssertEqual(end.exitCode, 1)
            let path = directory.appending(path: "policy.toml").path
            XCTAssertTrue(end.errors.contains("ITERAPP_POLICY_FILE: \(path):2:11: error: `kari@example.com`"), end.errors)
            XCTAssertTrue(end.errors.contains("\(path):3:15: error: unknown environment `stagin`"), end.errors)
        }
    }

    func testAHangUpReadsTheFileAgainAndEndsNothing() async throws {
        try await Program.with(["policy.toml": Self.closed, "kubeconfig": Self.kubeconfig]) { directory in
            let log = directory.appending(path: "log")
            let service = try RunningProgram(
                DemoProcess.binary.path, ["serve"],
                environment: environment(directory).mapValues { $0 }, logFile: log.path)
            let policy = directory.appending(path: "policy.toml")
            do {
                try await wait(for: " listening on ", in: log)
                try Data("[environments.prod]\ndeploy = [\n".utf8).write(to: policy)
                kill(service.pid, SIGHUP)
                try await wait(for: "has problems, so everybody's rights stay as they were before", in: log)
                try Data("[environments.prod]\nneeds_approval = true\n".utf8).write(to: policy)
                kill(service.pid, SIGHUP)
                try await wait(for: "policy.toml was read again; it counts from now on", in: log)
            } catch {
                await service.terminate(grace: .seconds(1))
                throw error
            }
            let exitCode = await service.terminate(grace: .seconds(15))
            XCTAssertEqual(exitCode, 0)
        }
    }

    /// What another program writes can only be looked for.
    private func wait(for text: String, in log: URL) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while !((try? String(contentsOf: log, encoding: .utf8)) ?? "").contains(text) {
            guard ContinuousClock.now < deadline else {
                let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
                throw TestFailure("“\(text)” was not said in: \(said)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
