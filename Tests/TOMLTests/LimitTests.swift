import Foundation
import TOML
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

    /// Each of these takes well under a second when every step is linear, and minutes to hours
    /// when one is not.
    func testManyOfEverything() {
        let many = 50_000
        let numbers = 0..<many
        let texts = [
            numbers.map { "k\($0) = 1" }.joined(separator: "\n"),
            "a = {" + numbers.map { "k\($0) = 1" }.joined(separator: ",") + "}",
            numbers.map { "a.k\($0) = 1" }.joined(separator: "\n"),
            numbers.map { "[t\($0)]" }.joined(separator: "\n"),
            String(repeating: "[[a.b]]\nc.d = {}\n", count: many),
            "a = [" + String(repeating: "{b=1},", count: many) + "]",
            "a = [" + String(repeating: "\n# c\n1,\n", count: many) + "]",
            "a = \"" + String(repeating: "\\u00e5", count: many) + "\"",
            "a = \"\"\"" + String(repeating: "\"\"\\\n", count: many) + "\"\"\"",
            String(repeating: " \n", count: many) + String(repeating: "# ø\n", count: many),
        ]
        for text in texts {
            XCTAssertNil(firstError(text), String(text.prefix(30)))
        }
        XCTAssertNotNil(firstError("a = " + String(repeating: "9", count: many)))
        XCTAssertNotNil(firstError("a = [" + String(repeating: ",", count: many)))
    }
}
