import XCTest

@testable import Slack

final class LogExcerptTests: XCTestCase {
    func testATerminalsControlCharactersAreGone() {
        let cases = [
            ("\u{1B}[1;31merror\u{1B}[0m: no", "error: no"), ("\u{9B}2Kdone", "done"), ("10%\r50%\r100%", "100%"),
            ("done\r", "done\r"), ("\u{1B}]8;;https://a.no\u{07}link\u{1B}]8;;\u{1B}\\ here", "link here"),
            ("\u{1B}]0;title that never ends", "0;title that never ends"), ("\u{1B}(Bplain", "plain"),
            ("cut off \u{1B}[", "cut off "), ("cut off \u{1B}", "cut off "), ("\u{1B}[3øx", "øx"),
        ]
        for (line, visible) in cases { XCTAssertEqual(Terminal.visible(line), visible) }
    }

    func testTheEndIsKeptInWholeLines() {
        let excerpt = LogExcerpt((1...100).map { "line \($0)" }, maxUnits: 30)
        XCTAssertEqual(excerpt.text, "line 97\nline 98\nline 99\nline 100".split(separator: "\n").suffix(3).joined(separator: "\n"))
        XCTAssertEqual(excerpt.shownCount, 3)
        XCTAssertEqual(excerpt.lineCount, 100)
    }

    func testALongLineIsCutAndTheLinesAroundItStay() {
        let excerpt = LogExcerpt(["before", String(repeating: "x", count: 9_000), "after"], maxUnits: 1_000)
        XCTAssertEqual(excerpt.text, "before\n\(String(repeating: "x", count: 399))…\nafter")
    }

    func testNothingLeavesTheBlock() {
        let excerpt = LogExcerpt(["``` <!channel> & \u{202E}x\u{0}", "\tindented"], maxUnits: 1_000)
        XCTAssertEqual(excerpt.text, "''' &lt;!channel&gt; &amp; x\n    indented")
    }

    func testNothingIsShownOfNothing() {
        XCTAssertEqual(LogExcerpt([], maxUnits: 100).text, "")
    }
}
