import CLinux
import Foundation
import XCTest

/// Memory that can be had again at any time is given back, and nothing else.
final class StartMemoryTests: XCTestCase {
    private static let words = (0..<1_000).map { "word \($0)" }

    func testFilesAreLetGoAndWhatWasWrittenStays() throws {
        let sum = Self.words.reduce(0) { $0 &+ $1.hashValue }
        // Whatever reads and writes brings some of it in.
        let text = try JSONEncoder().encode(Self.words)
        let before = try residentFileKibibytes()
        linux_release_memory()
        let after = try residentFileKibibytes()
        XCTAssertLessThan(after, before / 2)
        XCTAssertEqual(Self.words.reduce(0) { $0 &+ $1.hashValue }, sum)
        XCTAssertEqual(try JSONDecoder().decode([String].self, from: text), Self.words)
    }

    /// proc(5), `status`.
    private func residentFileKibibytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try XCTUnwrap(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
    }
}
