import AppFile
import XCTest

@testable import Deploys

/// What others wrote, and what a build printed, on a commit's page.
final class CheckPageTests: XCTestCase {
    func testForeignTextIsTextOnly() {
        let samples: [(String, String)] = [
            ("@everyone look", "@\u{200B}everyone look"),
            ("<img src=x onerror=alert(1)>", "\\<img src\\=x onerror\\=alert\\(1\\)\\>"),
            ("![cat](https://evil.example/x.png)", "\\!\\[cat\\]\\(https://evil.example/x.png\\)"),
            ("fixes #12 & *more*", "fixes \\#\u{200B}12 \\& \\*more\\*"),
            ("one\r\n\r\n# two\n---", "one \\#\u{200B} two \\-\\-\\-"),
            ("`code` and `@all <b>`", "`code` and `@all <b>`"),
            ("` @everyone", " @\u{200B}everyone"),
            ("``` @everyone `x`", "` @everyone `x"),
            ("`a``b`", "`a` `b`"),
            ("a\u{202E}b\u{200B}c\u{1B}[31mred\u{1B}[0m\u{7}", "abcred"),
            ("", ""),
        ]
        for (text, expected) in samples {
            let shown = CommitMarkdown.paragraph(text, maxScalars: 1_000)
            XCTAssertEqual(shown, expected, text)
        }
    }

    func testNoMentionIsLeftOutsideOfCode() throws {
        let pieces = ["`", "``", "@everyone", "<!--", "\\", "\n", "![", "](", " ", "x", "```"]
        var number: UInt64 = 1
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<12 {
                number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(number >> 33) % pieces.count]
            }
            let shown = CommitMarkdown.paragraph(text, maxScalars: 1_000)
            XCTAssertFalse(shown.contains("\n"))
            // What a reader of Markdown takes for code: between single backticks that are not escaped.
            let outside = Self.outsideOfCode(shown)
            XCTAssertNotNil(outside, "each backtick has its second one: \(shown)")
            XCTAssertFalse(outside?.contains("@everyone") ?? true, shown)
            XCTAssertFalse(outside?.replacing("\\<", with: "").contains("<") ?? true, shown)
        }
    }

    /// Nil when there is an odd number of backticks that are not escaped, or two beside each other.
    private static func outsideOfCode(_ text: String) -> String? {
        var (outside, isCode, isEscaped, last) = ("", false, false, Character(" "))
        for character in text {
            defer { last = character }
            if isEscaped, !isCode {
                outside += "\\\(character)"
                isEscaped = false
            } else if character == "\\", !isCode {
                isEscaped = true
            } else if character == "`" {
                if last == "`" { return nil }
                isCode.toggle()
                if isCode == false { last = " " }
            } else if !isCode { outside.append(character) }
        }
        return isCode ? nil : outside
    }

    func testAFenceHoldsWhateverALogPrints() {
        let lines = ["plain", "```", "</details> <img src=x>", "````text", "@everyone"]
        let block = CommitMarkdown.codeBlock(lines)
        XCTAssertTrue(block.hasPrefix("`````text\n"))
        XCTAssertTrue(block.hasSuffix("\n`````"))
        XCTAssertEqual(CommitMarkdown.codeBlock(["x"]), "```text\nx\n```")
    }

    func testALongLogShowsItsEndWithinTheLimit() throws {
        let line = "#7 1.234 \u{1B}[31mcompiling\u{1B}[0m " + String(repeating: "æ", count: 100)
        let text = (1...100).map { "\(line) \($0)" }.joined(separator: "\n") + "\n"
        let logs = (1...30).map { (appling: "part\($0)", end: LogEnd(text: text, isCut: true)) }
        let page = CheckPage(try Self.failedMark(), logs: logs, mask: { $0 })
        XCTAssertLessThanOrEqual(page.summary.utf8.count, 60_000)
        XCTAssertTrue(page.summary.contains("The last lines of the log of `part1`:"), page.summary)
        XCTAssertFalse(page.summary.contains("\u{1B}"))
        XCTAssertTrue(page.summary.hasSuffix("```"))
        let short = CheckPage(
            try Self.failedMark(), logs: [("", LogEnd(text: "#1 [1/2] RUN x\n#1 ERROR: y\n", isCut: false))],
            mask: { $0 })
        XCTAssertTrue(
            short.summary.hasSuffix("The log:\n\n```text\n#1 [1/2] RUN x\n#1 ERROR: y\n```"), short.summary)
    }

    func testSecretsAreNowhere() throws {
        let secret = "correct-horse-battery"
        let mask = SecretMask([secret])
        let failure = Failure(.build, "`RUN echo \(secret)` failed; ghp_\(String(repeating: "a", count: 36))")
        var operation = CommitMarkTests.operation(.push)
        operation.buildNumber = 7
        var report = Report(operation: operation, appLabel: "cats", phase: .failed(failure))
        report.set([Problem(path: "iterapp.toml", line: 3, column: 1, message: "`\(secret)` is no port")])
        let mark = try XCTUnwrap(CommitMark(report, CommitFacts()))
        let check = try XCTUnwrap(mark.check)
        let log = LogEnd(text: "token=\(secret)\ncorrect-\u{1B}[1mhorse\u{1B}[0m-battery\nAWS_SECRET_KEY=abcdefgh1234\n", isCut: false)
        let page = CheckPage(check, logs: [("", log)], mask: mask.masked)
        let shown = page.summary + page.title + page.annotations.map(\.message).joined()
        XCTAssertFalse(shown.contains(secret), shown)
        XCTAssertFalse(shown.contains("ghp_aaaa"), shown)
        XCTAssertFalse(shown.contains("abcdefgh1234"), shown)
        XCTAssertTrue(shown.contains("•••"))
        let description = try XCTUnwrap(mark.deployment).shownDescription(mask: mask.masked)
        XCTAssertFalse(description.contains(secret), description)
    }

    func testProblemsStandAtTheirLinesAndInTheSummary() throws {
        var report = Report(
            operation: CommitMarkTests.operation(.push), appLabel: "cats",
            phase: .failed(Failure(.settings, "The settings have 2 errors: iterapp.toml:3:1: error: `@x` is no port")))
        report.set(
            [Problem(path: "iterapp.toml", line: 3, column: 1, message: "`@x` is no <b>port</b>")]
                + (1...30).map { Problem(path: "web/iterapp.toml", line: $0, column: 4, severity: .warning, message: "Hm.") })
        let check = try XCTUnwrap(CommitMark(report, CommitFacts())?.check)
        let page = CheckPage(check, logs: [], mask: { $0 })
        XCTAssertEqual(page.annotations.count, 31)
        XCTAssertEqual(
            page.annotations.first,
            CheckPage.Annotation(
                path: "iterapp.toml", line: 3, column: 1, isWarning: false, message: "`@x` is no <b>port</b>"),
            "annotations are plain text")
        XCTAssertTrue(
            page.summary.contains("\n- `iterapp.toml:3:1` error: `@x` is no \\<b\\>port\\</b\\>\n"), page.summary)
        XCTAssertTrue(page.summary.hasSuffix("- … and 11 more"), page.summary)
    }

    func testDescriptionsAreShortAndPlain() {
        XCTAssertEqual(DeploymentMark.short("`web` crashes\nagain"), "web crashes again")
        let long = DeploymentMark.short(String(repeating: "\u{1F408}", count: 500))
        XCTAssertLessThanOrEqual(long.utf16.count, 140)
        XCTAssertTrue(long.hasSuffix("…"))
    }

    private static func failedMark() throws -> CheckMark {
        var operation = CommitMarkTests.operation(.push)
        operation.buildNumber = 7
        let report = Report(operation: operation, appLabel: "cats", phase: .failed(Failure(.build, "It failed")))
        return try XCTUnwrap(CommitMark(report, CommitFacts())?.check)
    }
}
