import Foundation
import TestSupport
import XCTest

/// Commits that can't be built: what people read, and what goes on serving.
final class BadBuildTests: XCTestCase {
    /// Docker 20.10 was seen to drop what a step prints in the moment of its end, so this one lingers.
    private static let failingStep =
        #"RUN ["/bin/busybox", "sh", "-c", "echo compiling; echo line 7: no semicolon; sleep 0.3; exit 3"]"#

    private static func dockerfile(_ old: String, _ new: String) -> [String: String?] {
        ["Dockerfile": GitRepository.dockerfile.replacing(old, with: new)]
    }

    private static let apps = BrokenApps([
        .init(name: "recipeless", files: ["Dockerfile": nil]),
        .init(name: "failing", files: dockerfile("ENTRY", failingStep + "\nENTRY")),
        .init(name: "forgetful", files: dockerfile("COPY site", "COPY sites")),
        .init(name: "misspelt", files: dockerfile("COPY site", "COPPY site")),
        .init(name: "mistaken", files: [
            "iterapp.toml": "port = 3000\nreplicas = \"two\"\n\n[readines]\npath = \"/\"\n",
        ]),
    ])

    override class func tearDown() { apps.end() }

    /// Checks the words, and that the version before still answers.
    private func check(
        _ name: String, _ sentence: String, _ advice: String, thread: String? = nil,
        file: StaticString = #filePath, line: UInt = #line
    ) async throws {
        let outcome = try await Self.apps.outcome(name)
        XCTAssertEqual(outcome.live.text, "❌ Building \(name) for test failed", file: file, line: line)
        XCTAssertEqual(outcome.announcements.count, 1, file: file, line: line)
        XCTAssertEqual(
            outcome.lines.dropLast(), ["❌ *Building \(name) for test failed*", sentence, "→ \(advice)"],
            file: file, line: line)
        XCTAssertEqual(outcome.replies.map(\.words), thread.map { [$0] } ?? [], file: file, line: line)
        let page = try await Self.apps.demo().page("\(name).test.localhost")
        XCTAssertEqual(page, "Hello from \(name)\n", file: file, line: line)
    }

    func testNoDockerfile() async throws {
        try await check(
            "recipeless", "There is no `Dockerfile` in the commit. Release #1 keeps serving.",
            "Add one: it says how the image is built.")
    }

    func testAStepThatFails() async throws {
        try await check(
            "failing",
            "Step 3/3 `RUN [\"/bin/busybox\", \"sh\", \"-c\", \"echo compiling; echo line 7: no semicolon; "
                + "sle…` ended with exit code 3 (line 4 of `Dockerfile`). Release #1 keeps serving.",
            "Correct it and push again.",
            thread: "*The last lines of the log*\n```\ncompiling\nline 7: no semicolon\n```")
    }

    func testAFileThatIsNotInTheCommit() async throws {
        try await check(
            "forgetful",
            "Step 2/2 `COPY sites /site`: there is no `sites` in the commit (line 3 of `Dockerfile`). "
                + "Release #1 keeps serving.", "Correct it and push again.")
    }

    func testAnInstructionThatIsNone() async throws {
        try await check(
            "misspelt",
            "Line 3 of `Dockerfile`: unknown instruction: COPPY. Release #1 keeps serving.",
            "Correct it and push again.")
    }

    func testSettingsWithErrors() async throws {
        let problems = [
            "iterapp.toml:2:12: error: `replicas` must be a whole number from 1 to 100, not the text \"two\"",
            "iterapp.toml:4:2: error: unknown key `readines`; did you mean `readiness`?",
        ]
        try await check(
            "mistaken", "The settings have 2 errors: \(problems[0]). Release #1 keeps serving.",
            "Correct them and push again; nothing was built.",
            thread: "*Problems found*\n```\n\(problems.joined(separator: "\n"))\n```")
    }

    func testEachGoesLiveOnceItIsCorrected() async throws {
        let texts = try await Self.apps.repairAll()
        for name in await Self.apps.names { XCTAssertEqual(texts[name], "✅ \(name) is live on test") }
    }
}
