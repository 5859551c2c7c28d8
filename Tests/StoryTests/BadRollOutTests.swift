import Foundation
import TestSupport
import XCTest

/// Versions that don't become ready: what people read, and what goes on serving.
final class BadRollOutTests: XCTestCase {
    private static func dockerfile(_ command: String) -> String {
        let kept = GitRepository.dockerfile.split(separator: "\n").prefix { !$0.hasPrefix("ENTRYPOINT") }
        return (kept + ["ENTRYPOINT \(command)"]).joined(separator: "\n") + "\n"
    }

    private static let apps = BrokenApps([
        .init(name: "deaf", files: [
            "Dockerfile": dockerfile(GitRepository.shell("/bin/busybox httpd -f -p 3001 -h /site")),
        ]),
        .init(name: "unhealthy", files: ["site/health": nil]),
        .init(name: "crashing", files: [
            "Dockerfile": dockerfile(
                #"["/bin/busybox", "sh", "-c", "echo reading settings; echo fatal: DATABASE_URL is not set; exit 7"]"#),
        ]),
        .init(name: "nameless", files: ["Dockerfile": dockerfile(#"["/bin/nothing"]"#)]),
        .init(name: "secretive", files: [
            "iterapp.toml": "[env.common]\nAPI_KEY = { secret = \"payments\", key = \"token\" }\n",
        ]),
    ])

    override class func tearDown() { apps.end() }

    /// Checks the words, and that the version before still answers.
    private func check(
        _ name: String, _ sentence: String, _ advice: String, thread: String? = nil,
        aftermath: String = "Release #1 was put back and serves.",
        file: StaticString = #filePath, line: UInt = #line
    ) async throws {
        let outcome = try await Self.apps.outcome(name)
        XCTAssertEqual(outcome.live.text, "❌ Deploying \(name) to test failed", file: file, line: line)
        XCTAssertEqual(outcome.announcements.count, 1, file: file, line: line)
        XCTAssertEqual(
            outcome.lines.dropLast(),
            ["❌ *Deploying \(name) to test failed*", "\(sentence) \(aftermath)", "→ \(advice)"],
            file: file, line: line)
        XCTAssertEqual(outcome.replies.map(\.words), thread.map { [$0] } ?? [], file: file, line: line)
        let page = try await Self.apps.demo().page("\(name).test.localhost")
        XCTAssertEqual(page, "Hello from \(name)\n", file: file, line: line)
    }

    /// The number of seconds and of starts depends on the machine.
    private func sentence(_ name: String) async throws -> String {
        let lines = try await Self.apps.outcome(name).lines
        guard lines.count > 1 else { throw TestFailure("\(name): \(lines)") }
        return lines[1].replacing(" Release #1 was put back and serves.", with: "")
    }

    func testNobodyListensOnThePort() async throws {
        let sentence = try await sentence("deaf")
        let wanted =
            /deaf runs, but its health check still fails \d+ seconds after its start: nothing listens on port 3000\./
        XCTAssertNotNil(sentence.wholeMatch(of: wanted), sentence)
        try await check(
            "deaf", sentence,
            "Let the app listen on 0.0.0.0:3000 (the variable PORT has the number), or set `port` in iterapp.toml.")
    }

    func testAnAppThatNeverBecomesReady() async throws {
        let sentence = try await sentence("unhealthy")
        let wanted = /unhealthy runs, but its health check still fails \d+ seconds after its start: (.*)/
        let cause = sentence.wholeMatch(of: wanted)?.1 ?? sentence[...]
        XCTAssertEqual(cause, "GET /health on port 3000 answers with status 404.")
        try await check(
            "unhealthy", sentence,
            "Answer GET /health on port 3000 with a status from 200 to 399, or set the path (`readiness_path`, or "
                + "`path` under [readiness]) and `port` in iterapp.toml to what the app serves.")
    }

    func testAnAppThatCrashes() async throws {
        let sentence = try await sentence("crashing")
        let wanted = /crashing stops with exit code 7 when it starts \((at its first start|[2-9] starts so far)\)\./
        XCTAssertNotNil(sentence.wholeMatch(of: wanted), sentence)
        try await check(
            "crashing", sentence,
            "Its last lines of output tell more; check that all the variables it needs are set.",
            thread: "*The last lines of the log*\n```\nreading settings\nfatal: DATABASE_URL is not set\n```")
    }

    func testAProgramThatIsNotInTheImage() async throws {
        try await check(
            "nameless",
            "The container of nameless cannot be started: exec: \"/bin/nothing\": stat /bin/nothing: no such file or "
                + "directory.", "Check ENTRYPOINT, CMD and USER in the Dockerfile.")
    }

    func testASecretThatIsMissing() async throws {
        try await check(
            "secretive",
            "There is no Secret `payments` in the namespace apps-secretive-test, and `API_KEY` needs it.",
            "Make it, then deploy again: `kubectl --namespace apps-secretive-test create secret generic payments "
                + "--from-literal=token=…`",
            aftermath: "Nothing that runs was changed. Release #1 keeps serving.")
    }

    func testEachGoesLiveOnceItIsCorrected() async throws {
        let texts = try await Self.apps.repairAll()
        for name in await Self.apps.names { XCTAssertEqual(texts[name], "✅ \(name) is live on test") }
    }
}
