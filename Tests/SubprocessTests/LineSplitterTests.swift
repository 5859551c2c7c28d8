import XCTest

@testable import Subprocess

final class LineSplitterTests: XCTestCase {
    private func lines(_ pieces: [[UInt8]]) -> [String] {
        var splitter = LineSplitter()
        var lines: [String] = []
        for piece in pieces { splitter.take(piece) { lines.append($0) } }
        splitter.finish { lines.append($0) }
        return lines
    }

    /// Whole, and byte by byte: where the reads fall must not matter.
    private func check(_ text: String, _ expected: [String], line: UInt = #line) {
        XCTAssertEqual(lines([Array(text.utf8)]), expected, line: line)
        XCTAssertEqual(lines(text.utf8.map { [$0] }), expected, line: line)
    }

    func testLines() {
        check("", [])
        check("one", ["one"])
        check("one\n", ["one"])
        check("one\n\ntwo\r\n\r\nthree", ["one", "", "two", "", "three"])
        check("\n", [""])
        check("ø🚀\n€", ["ø🚀", "€"])
    }

    func testProgressBarsShowTheirLastState() {
        check("10%\r50%\r100%\ndone\n", ["100%", "done"])
        check("10%\r50%\r", ["50%"])
        check("\r\rx\r\r\n", ["x"])
    }

    func testBytesThatAreNotUTF8AreRepaired() {
        XCTAssertEqual(lines([[0x61, 0xFF, 0x62, 0x0A, 0xC3], [0x0A]]), ["a\u{FFFD}b", "\u{FFFD}"])
    }

    func testLongLinesComeInPieces() {
        let limit = LineSplitter.maxLineBytes
        for character in ["x", "ø", "€", "🚀"] {
            let text = String(repeating: character, count: limit)
            for prefix in ["", "a", "ab", "abc"] {
                let pieces = lines([Array((prefix + text + "\nend\n").utf8)])
                XCTAssertEqual(pieces.dropLast().joined(), prefix + text)
                XCTAssertEqual(pieces.last, "end")
                XCTAssertTrue(pieces.allSatisfy { $0.utf8.count <= limit })
            }
        }
        XCTAssertEqual(lines([Array(repeating: 0x80, count: limit + 1)]).joined().count, limit + 1)
    }
}
