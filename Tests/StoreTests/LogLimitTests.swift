import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Store

final class LogLimitTests: XCTestCase {
    private func written(
        _ lines: some Sequence<String>, maxBytes: Int, maxEndBytes: Int, mask: SecretMask = SecretMask()
    ) async throws -> String {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "1.log").path
            let writer = try FileBuildLogWriter(path: path, maxBytes: maxBytes, maxEndBytes: maxEndBytes, mask: mask)
            lines.forEach(writer.write)
            writer.close()
            return try String(contentsOfFile: path, encoding: .utf8)
        }
    }

    func testOfALogThatIsTooLongTheEndIsKept() async throws {
        let text = try await written((0..<100).map { "line \($0)" }, maxBytes: 20, maxEndBytes: 16)
        XCTAssertEqual(text, """
            line 0
            line 1
            [20 bytes were printed; of what follows, the end is added when the build ends]
            [96 lines (760 bytes) were left out here]
            line 98
            line 99

            """)
        let short = try await written(["123456789", "123456789", "1"], maxBytes: 20, maxEndBytes: 100)
        XCTAssertTrue(short.hasSuffix("\n123456789\n[20 bytes were printed; of what follows, the end is added when the build ends]\n1\n"), short)
    }

    func testAnEndlessLogTakesBoundedRoom() async throws {
        let line = String(repeating: "x", count: 1_000)
        let text = try await written(
            (0..<30_000).lazy.map { "\($0) \(line)" }, maxBytes: 1 << 20, maxEndBytes: 100_000)
        XCTAssertLessThan(text.utf8.count, (1 << 20) + 101_000)
        XCTAssertTrue(text.hasSuffix("29999 \(line)\n"))
        let note = text.firstMatch(of: #/\[(\d+) lines \((\d+)\.\d MiB\) were left out here\]\n/#)
        XCTAssertEqual(note.map { "\($0.2)" }, "27")
    }

    func testTheEndOfALogThatIsTooLongHidesSecrets() async throws {
        let lines = ["1234567890", "with our-own-secret", "-----BEGIN PRIVATE KEY-----", "MIIEow", "-----END PRIVATE KEY-----"]
        let text = try await written(lines, maxBytes: 5, maxEndBytes: 1_000, mask: SecretMask(["our-own-secret"]))
        XCTAssertTrue(text.hasSuffix("ends]\n1234567890\nwith •••\n•••\n•••\n•••\n"), text)
    }

    func testColoursStayAndNothingElseThatSteersATerminal() async throws {
        let table = [
            ("\u{1B}[1;31mred\u{1B}[0m", "\u{1B}[1;31mred\u{1B}[0m"), ("\u{1B}[38:5:4mx\u{1B}[m", "\u{1B}[38:5:4mx\u{1B}[m"),
            ("a\u{1B}[2Kb\u{1B}[10;10Hc\u{1B}[?25ld", "abcd"), ("\u{1B}]0;title\u{7}x", "x"),
            ("\u{1B}]8;;https://evil.example\u{1B}\\y\u{1B}]8;;\u{1B}\\z", "yz"), ("a\u{0}b\u{8}c\td", "abc\td"),
            ("\u{1B}Pq123", ""), ("\u{1B}", ""), ("\u{1B}[", ""), ("\u{1B}[31", ""), ("\u{1B}(Bx\u{1B}=y", "xy"),
            ("two\nlines\r", "twolines"), ("\u{9B}31mx", "31mx"), ("ærlig \u{1F408}", "ærlig \u{1F408}"),
            ("\u{1B}[31!mx", "x"), ("\u{1B}[>4;2mx", "x"),
        ]
        for (line, wanted) in table { XCTAssertEqual(LogText.line(line), wanted, line.debugDescription) }
        let text = try await written(table.map(\.0), maxBytes: 10_000, maxEndBytes: 0)
        XCTAssertEqual(text, table.map { $0.1 + "\n" }.joined())
        XCTAssertEqual(LogText.plain("\u{1B}[1;31mred\u{1B}[0m\nnext\n"), "red\nnext\n")
        XCTAssertEqual(LogText.line(String(repeating: "æ", count: 10_000)).utf8.count, LogText.maxLineBytes + 3)
    }

    /// Whoever prints a secret in two colours shows it all the same.
    func testColoursHideNoSecretFromTheMask() async throws {
        let lines = ["our-\u{1B}[31mown-secret", "\u{1B}[32mok\u{1B}[0m our-own-secret", "\u{1B}[33mgo\u{1B}[0m"]
        let text = try await written(lines, maxBytes: 1_000, maxEndBytes: 0, mask: SecretMask(["our-own-secret"]))
        XCTAssertEqual(text, "•••\n\u{1B}[32mok\u{1B}[0m •••\n\u{1B}[33mgo\u{1B}[0m\n")
    }
}
