import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

@testable import YAML

/// Beside PyYAML, on documents of all styles and on ones that were damaged.
final class YAMLComparisonTests: XCTestCase {
    /// Nil for a text that PyYAML refuses.
    private func read(_ texts: [String]) async throws -> [JSON?] {
        guard let python = TestTools.python else { throw XCTSkip(TestTools.absence) }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/read.py").path
        var run = ProgramRun(python, [script], timeLimit: .seconds(60))
        run.input = JSON.array(texts.map(JSON.string)).bytes
        let result = try await run.run()
        XCTAssertEqual(result.exitCode, 0, String(decoding: result.errorOutput, as: UTF8.self))
        return try String(decoding: result.output, as: UTF8.self).split(separator: "\n").map { line in
            line == "refused" ? nil : try JSON.parse(String(line))
        }
    }

    /// Whole numbers beyond 64 bits and whole floating-point numbers look different in JSON and are equal.
    private func isSame(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy(isSame)
        case (.object(let left), .object(let right)):
            left.count == right.count && left.allSatisfy { key, value in right[key].map { isSame(value, $0) } ?? false }
        default: left == right || (left.number != nil && left.number == right.number)
        }
    }

    func testDocumentsOfAllStyles() async throws {
        var writer = YAMLWriter(seed: 5)
        var texts: [String] = []
        for _ in 0..<1_500 {
            let value = writer.value()
            let text = writer.document(value)
            texts.append(text)
            do {
                let read = try YAML.parse(text)
                XCTAssertTrue(isSame(read, value), "\(read.text)\nis not \(value.text)\nin \(text)")
            } catch { XCTFail("\(error)\n\(text)") }
        }
        for (text, wanted) in zip(texts, try await read(texts)) {
            let value = try YAML.parse(text)
            XCTAssertTrue(wanted.map { isSame($0, value) } ?? false, "\(wanted?.text ?? "refused")\nfor \(text)")
        }
    }

    /// Whatever is done to a document: no crash, and what we take is what PyYAML takes.
    func testDamagedDocuments() async throws {
        var writer = YAMLWriter(seed: 5)
        var taken: [(text: String, value: JSON)] = []
        for _ in 0..<4_000 {
            let text = damaged(writer.document(writer.value()), &writer)
            if let value = try? YAML.parse(text) { taken.append((text, value)) }
        }
        XCTAssertGreaterThan(taken.count, 500)
        var refused = 0
        for (taken, wanted) in zip(taken, try await read(taken.map(\.text))) {
            guard let wanted else {
                refused += 1
                continue
            }
            XCTAssertTrue(isSame(wanted, taken.value), "\(wanted.text)\nand not \(taken.value.text)\nfor \(taken.text)")
        }
        // PyYAML takes no tabs between tokens; the specification does.
        XCTAssertLessThan(refused * 20, taken.count)
    }

    private func damaged(_ text: String, _ writer: inout YAMLWriter) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...3, using: &writer.random) where !scalars.isEmpty {
            let index = Int.random(in: 0..<scalars.count, using: &writer.random)
            switch Int.random(in: 0..<4, using: &writer.random) {
            case 0: scalars.remove(at: index)
            case 1: scalars.insert(writer.pick(Array("\n :-#'\"[]{},|>&\t\\?%a".unicodeScalars)), at: index)
            case 2: scalars.insert(contentsOf: scalars[index...].prefix(10), at: index)
            default: scalars.removeSubrange(index..<min(scalars.count, index + 5))
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Bytes of any kind end in a value or an error, quickly.
    func testAnyBytes() {
        var random = SeededRandom(seed: 6)
        for _ in 0..<3_000 {
            let count = Int.random(in: 0..<80, using: &random)
            _ = try? YAML.parse((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
            let pieces = Array("\n\n  -:?#'\"[]{},|>&*!%@\\ab1\t".utf8)
            _ = try? YAML.parse((0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] })
        }
    }

    func testLimits() {
        XCTAssertThrowsError(try YAML.parse(String(repeating: "[", count: 100_000)))
        XCTAssertThrowsError(try YAML.parse(String(repeating: "- ", count: 100_000)))
        XCTAssertThrowsError(try YAML.parse(String(repeating: "{a: ", count: 100_000)))
        XCTAssertThrowsError(try YAML.parse([UInt8](repeating: 0x20, count: YAML.maxBytes + 1)))
        XCTAssertThrowsError(try YAML.parse(String(repeating: "k", count: 1025) + ": v"))
        XCTAssertNoThrow(try YAML.parse(String(repeating: "[", count: 100) + String(repeating: "]", count: 100)))
        XCTAssertEqual(try YAML.parse("a: " + String(repeating: "x", count: 1 << 20))["a"]?.string?.count, 1 << 20)
    }
}
