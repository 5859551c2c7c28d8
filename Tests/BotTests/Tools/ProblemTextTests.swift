import AppFile
import XCTest

@testable import Bot

/// Problems as people, editors and programs read them.
final class ProblemTextTests: XCTestCase {
    private let problem = Problem(path: "web/iterapp.toml", line: 2, column: 3, message: "no such thing")

    private func text(_ source: String, _ problem: Problem, colours: Bool = false) -> String {
        ProblemText(
            sources: [problem.path: Array(source.utf8)], for: Terminal(isInteractive: true, hasColours: colours)
        ).text([problem])
    }

    func testElsewhereThanInATerminalAProblemIsOneLine() {
        var warning = problem
        warning.severity = .warning
        XCTAssertEqual(
            ProblemText(sources: ["web/iterapp.toml": Array("a\nbcd\n".utf8)], for: .none).text([problem, warning]),
            "web/iterapp.toml:2:3: error: no such thing\nweb/iterapp.toml:2:3: warning: no such thing\n")
    }

    func testATerminalShowsThePlace() {
        XCTAssertEqual(
            text("a\nbcd\n", problem), "web/iterapp.toml:2:3: error: no such thing\n 2 | bcd\n   |   ^\n")
        XCTAssertEqual(
            text("a\r\nbc\r\n", problem), "web/iterapp.toml:2:3: error: no such thing\n 2 | bc\n   |   ^\n",
            "after the last character")
    }

    func testWhatIsNotThereIsNotShown() {
        let heading = "web/iterapp.toml:2:3: error: no such thing\n"
        for source in ["", "a", "a\n", "a\n   \nb", "a\n" + String(repeating: "x", count: 20_000)] {
            XCTAssertEqual(text(source, problem), heading)
        }
        let other = ProblemText(sources: [:], for: Terminal(isInteractive: true, hasColours: false))
        XCTAssertEqual(other.text([problem]), heading)
    }

    func testColoursSetSeveritiesApart() {
        var warning = problem
        warning.severity = .warning
        let red = text("a\nbcd", problem, colours: true)
        let yellow = text("a\nbcd", warning, colours: true)
        XCTAssertTrue(red.contains("\u{1B}[31merror:\u{1B}[0m"), red)
        XCTAssertTrue(yellow.contains("\u{1B}[33mwarning:\u{1B}[0m"), yellow)
        XCTAssertEqual(red.replacing(/\u{1B}\[[0-9;]*m/, with: ""), text("a\nbcd", problem))
    }

    func testJSON() {
        XCTAssertEqual(ProblemText.json([]), "[]\n")
        XCTAssertEqual(
            ProblemText.json([problem]),
            """
            [
              {
                "column": 3,
                "line": 2,
                "message": "no such thing",
                "path": "web/iterapp.toml",
                "severity": "error"
              }
            ]

            """)
    }

    // MARK: Excerpts

    private func excerpt(_ line: String, _ column: Int) -> String? {
        SourceExcerpt(of: Array(line.utf8)[...], column: column).map { "\($0.text)|\($0.indentation)^" }
    }

    func testTheMarkStandsBelowItsPlaceHoweverWideTheCharactersAre() {
        XCTAssertEqual(excerpt("key = 1", 7), "key = 1|      ^")
        XCTAssertEqual(excerpt("\ta\tb", 4), "    a    b|         ^")
        XCTAssertEqual(excerpt("猫 = x", 5), "猫 = x|     ^", "two columns")
        XCTAssertEqual(excerpt("e\u{301} = x", 6), "e\u{301} = x|    ^", "a mark over the letter before has none")
        XCTAssertEqual(excerpt("a", 99), "a| ^", "no further than the end")
    }

    func testOfALongLineThePlaceIsShown() throws {
        let line = String(repeating: "x", count: 200) + "HERE" + String(repeating: "y", count: 200)
        XCTAssertEqual(
            excerpt(line, 201),
            "…" + String(repeating: "x", count: 60) + "HERE" + String(repeating: "y", count: 36) + "…|"
                + String(repeating: " ", count: 61) + "^")
        XCTAssertEqual(excerpt(line, 1), String(repeating: "x", count: 100) + "…|^")
    }

    func testASourceCannotSteerTheTerminal() {
        XCTAssertEqual(excerpt("a\u{1B}[31m\u{202E}b\u{85}\u{2028}c", 1), "a\u{FFFD}[31m\u{FFFD}b\u{FFFD}\u{FFFD}c|^")
        let bytes: [UInt8] = [0x61, 0xFF, 0x62]
        XCTAssertEqual(SourceExcerpt(of: bytes[...], column: 1)?.text, "a\u{FFFD}b")
    }

    // MARK: Terminals

    func testWhenColoursAreShown() {
        XCTAssertEqual(Terminal(isTerminal: false, ["TERM": "xterm"]), .none)
        let full = Terminal(isInteractive: true, hasColours: true)
        let plain = Terminal(isInteractive: true, hasColours: false)
        XCTAssertEqual(Terminal(isTerminal: true, [:]), full)
        XCTAssertEqual(Terminal(isTerminal: true, ["TERM": "xterm", "NO_COLOR": ""]), full)
        XCTAssertEqual(Terminal(isTerminal: true, ["TERM": "xterm", "NO_COLOR": "1"]), plain)
        XCTAssertEqual(Terminal(isTerminal: true, ["TERM": "dumb"]), plain)
    }
}
