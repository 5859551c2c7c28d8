import Foundation
import XCTest

/// Files and functions stay small enough to be read at once.
final class SizeTests: XCTestCase {
    private static let maxFileLines = 300
    private static let maxFunctionLines = 40
    private static let maxColumns = 120

    func testFilesAndFunctionsStaySmall() throws {
        for file in try SourceFile.all(below: "Sources") {
            XCTAssertLessThanOrEqual(file.lines.count, Self.maxFileLines, "\(file.path) is too long")
            for function in file.functions where function.lines > Self.maxFunctionLines {
                XCTFail("\(file.path):\(function.line): \(function.lines) lines are too many for a function")
            }
        }
    }

    func testLinesFitAScreen() throws {
        for file in try SourceFile.all(below: "Sources") {
            for (index, line) in file.lines.enumerated() where line.count > Self.maxColumns {
                // The pages that are written down as text have lines of their own.
                if file.path.contains("/Page/") || file.path.contains("SamplePage") { continue }
                XCTFail("\(file.path):\(index + 1): \(line.count) columns")
            }
        }
    }

    func testNothingIsLeftForLater() throws {
        let words = ["TODO", "FIXME", "XXX", "placeholder" + ".swift", "not written" + " yet"]
        for file in try SourceFile.all(below: "Sources") + SourceFile.all(below: "Tests") {
            if file.path.hasSuffix("SizeTests.swift") { continue }
            for word in words where file.text.contains(word) { XCTFail("\(file.path) says \(word)") }
        }
    }

    func testTheMeasureFindsLongFunctions() {
        let body = Array(repeating: "        work()", count: 41)
        let file = SourceFile(path: "Sources/X/Y.swift", text: (["struct Y {", "    func long() {"] + body + ["    }", "}"])
            .joined(separator: "\n"))
        XCTAssertEqual(file.functions.map(\.lines), [41])
    }
}
