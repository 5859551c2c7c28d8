import Foundation
import TOML
import TestSupport
import XCTest

/// Absurd documents: none may crash or take more than linear time.
final class LimitTests: XCTestCase {
    private let deepest = TOMLDocument.maxNestingDepth

    private func firstError(_ text: String) -> String? {
        TOMLDocument(Array(text.utf8)).errors.first?.description
    }

    func testNestingUpToTheLimitIsRead() {
        let arrays = "a = " + String(repeating: "[", count: deepest - 1)
            + String(repeating: "]", count: deepest - 1)
        XCTAssertNil(firstError(arrays))
        let inline = "a = " + String(repeating: "{a = ", count: deepest - 1) + "1"
            + String(repeating: "}", count: deepest - 1)
        XCTAssertNil(firstError(inline))
        let parts = Array(repeating: "a", count: deepest).joined(separator: ".")
        XCTAssertNil(firstError("[\(parts)]"))
        XCTAssertNil(firstError("\(parts) = 1"))
    }

    /// Threads other than the main one can have as little as 512 KiB of stack.
    func testTheDeepestNestingFitsASmallStack() {
        let arrays = "a = " + String(repeating: "[", count: deepest - 1)
            + String(repeating: "]", count: deepest - 1)
        let tables = "a = " + String(repeating: "{a = ", count: deepest - 1) + "1"
            + String(repeating: "}", count: deepest - 1)
        let isRead = expectation(description: "both documents are read")
        let thread = Thread {
            for text in [arrays, tables] {
                XCTAssertEqual(TOMLDocument(Array(text.utf8)).errors, [])
            }
            isRead.fulfill()
        }
        thread.stackSize = 512 << 10
        thread.start()
        wait(for: [isRead], timeout: 60)
    }

    func testNestingBeyondTheLimitIsRefusedWhereItBegins() {
        let sentence = "tables and arrays are nested more than \(deepest) levels deep here"
        let many = 1_000_000
        XCTAssertEqual(
            firstError("a = " + String(repeating: "[", count: many)), "1:\(4 + deepest): \(sentence)")
        XCTAssertEqual(
            firstError("a = " + String(repeating: "{a=", count: many)),
            "1:\(4 + 3 * (deepest - 1) + 1): \(sentence)")
        let parts = Array(repeating: "a", count: many).joined(separator: ".")
        XCTAssertEqual(firstError("[\(parts)]"), "1:\(2 + 2 * deepest): \(sentence)")
        XCTAssertEqual(firstError("\(parts) = 1"), "1:\(1 + 2 * deepest): \(sentence)")
    }

    func testKindsOfNestingCountTogether() {
        let parts = Array(repeating: "a", count: deepest / 2).joined(separator: ".")
        XCTAssertNil(firstError("\(parts) = 1\n[b.\(parts)]\nc = [[]]"))
        let nested = "[\(parts)]\n\(parts) = [1]"
        XCTAssertTrue(firstError(nested)?.contains("levels deep") ?? false)
        let inline = "a = {\(parts) = [{\(parts) = 1}]}"
        XCTAssertTrue(firstError(inline)?.contains("levels deep") ?? false)
        XCTAssertTrue(firstError("[[\(parts)]]\n[[\(parts).\(parts)]]")?.contains("deep") ?? false)
    }

    /// Four times the text takes four times as long, or sixteen times where a step is not linear.
    func testTimeGrowsAsTheTextDoes() {
        let shapes: [(name: String, text: (Int) -> String)] = [
            ("keys", { (0..<$0).map { "k\($0) = 1" }.joined(separator: "\n") }),
            ("an inline table", { "a = {" + (0..<$0).map { "k\($0) = 1" }.joined(separator: ",") + "}" }),
            ("dotted keys", { (0..<$0).map { "a.k\($0) = 1" }.joined(separator: "\n") }),
            ("headers", { (0..<$0).map { "[t\($0)]" }.joined(separator: "\n") }),
            ("arrays of tables", { String(repeating: "[[a.b]]\nc.d = {}\n", count: $0) }),
            ("an array of tables", { "a = [" + String(repeating: "{b=1},", count: $0) + "]" }),
            ("an array with comments", { "a = [" + String(repeating: "\n# c\n1,\n", count: $0) + "]" }),
            ("escapes", { "a = \"" + String(repeating: "\\u00e5", count: $0) + "\"" }),
            ("a text of lines", { "a = \"\"\"" + String(repeating: "\"\"\\\n", count: $0) + "\"\"\"" }),
            ("empty lines", { String(repeating: " \n", count: $0) + String(repeating: "# ø\n", count: $0) }),
            ("long keys", { (0..<$0 / 50).map { String(repeating: "k", count: 200) + "\($0) = 1" }.joined(separator: "\n") }),
        ]
        for shape in shapes {
            let (small, large) = (Array(shape.text(5_000).utf8), Array(shape.text(20_000).utf8))
            XCTAssertEqual(TOMLDocument(large).errors, [], shape.name)
            let first = cpuSeconds { _ = TOMLDocument(small) }
            let second = cpuSeconds { _ = TOMLDocument(large) }
            // A floor, since the clock is coarse against the shortest of them.
            XCTAssertLessThan(second, 8 * max(first, 0.001), "\(shape.name): \(first) s, then \(second) s")
        }
    }

    func testMuchOfWhatIsWrong() {
        let many = 50_000
        let texts = [
            "a = " + String(repeating: "9", count: many), "a = [" + String(repeating: ",", count: many),
            String(repeating: "a = 1\n", count: many), String(repeating: "[a]\n", count: many),
            String(repeating: "=\n", count: many), String(repeating: "\"", count: many),
            String(repeating: "{", count: many), "a = \"" + String(repeating: "\\", count: many + 1) + "\"",
        ]
        for text in texts {
            let errors = TOMLDocument(Array(text.utf8)).errors
            XCTAssertTrue((1...TOMLDocument.maxErrors).contains(errors.count), String(text.prefix(30)))
        }
    }

    /// More keys than anybody writes, once, in one file of more than 10 MB.
    func testTenMegabytesOfKeys() {
        let count = 150_000
        let end = String(repeating: "k", count: 64)
        var bytes: [UInt8] = []
        for number in 0..<count { bytes += Array("\(number)\(end) = 1\n".utf8) }
        XCTAssertGreaterThan(bytes.count, 10 << 20)
        let document = TOMLDocument(bytes)
        XCTAssertEqual(document.errors, [])
        XCTAssertEqual(document.table.entries.count, count)
        let last = document.table["\(count - 1)\(end)"]
        XCTAssertEqual(last?.position, TOMLPosition(line: count, column: 6 + end.count + 4))
    }
}
