import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

/// Runs a script with Slack's own client for Python (https://pypi.org/project/slack-sdk/).
enum SlackSDK {
    /// The script says so when the client is not installed.
    private static let missingExitCode: Int32 = 77

    /// - Returns: what the script writes.
    /// - Throws: `XCTSkip` with a reason when Python or the client is missing.
    static func run(_ script: String, _ input: JSON) async throws -> JSON {
        guard let python = TestTools.python else { throw XCTSkip(TestTools.absence) }
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/slack/\(script)").standardized.path
        var run = ProgramRun(python, ["-B", path], timeLimit: .seconds(60))
        // A proxy of the environment would be asked even for this machine.
        run.inheritsEnvironment = false
        run.input = input.bytes
        let result = try await run.run()
        if result.exitCode == missingExitCode { throw XCTSkip(TestTools.absence) }
        guard result.exitCode == 0 else {
            throw TestFailure(String(decoding: result.errorOutput, as: UTF8.self))
        }
        return try JSON.parse(result.output)
    }
}
