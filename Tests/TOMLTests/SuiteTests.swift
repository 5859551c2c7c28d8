import Foundation
import JSON
import TOML
import TestSupport
import XCTest

/// The public suite for TOML 1.0 (https://github.com/toml-lang/toml-test, `tests/files-toml-1.0.0`): each of its
/// documents with the values it stands for, tagged with their types, or none when it is no TOML.
final class SuiteTests: XCTestCase {
    private struct Case {
        let name: String
        let bytes: [UInt8]
        let expected: JSON?
    }

    private func cases() throws -> [Case] {
        guard let suite = TestTools.tomlSuite else { throw XCTSkip(TestTools.absence) }
        let list = try String(contentsOf: suite.appending(path: "files-toml-1.0.0"), encoding: .utf8)
        return try list.split(separator: "\n").filter { $0.hasSuffix(".toml") }.map { line in
            let name = String(line.dropLast(".toml".count))
            let expected = suite.appending(path: "\(name).json")
            return Case(
                name: name, bytes: [UInt8](try Data(contentsOf: suite.appending(path: String(line)))),
                expected: name.hasPrefix("valid/") ? try JSON.parse(Data(contentsOf: expected)) : nil)
        }
    }

    func testValidDocumentsHaveTheirTypesAndValues() throws {
        let valid = try cases().filter { $0.expected != nil }
        XCTAssertEqual(valid.count, 205)
        for one in valid {
            let document = TOMLDocument(one.bytes)
            XCTAssertEqual(document.errors, [], one.name)
            assertEqual(TOMLValue(.table(document.table), at: TOMLPosition(line: 1, column: 1)), one.expected, one.name)
        }
    }

    func testInvalidDocumentsAreRefusedWithTheirPlace() throws {
        let invalid = try cases().filter { $0.expected == nil }
        XCTAssertEqual(invalid.count, 473)
        for one in invalid {
            let errors = TOMLDocument(one.bytes).errors
            XCTAssertFalse(errors.isEmpty, "\(one.name) is accepted")
            for error in errors {
                let lines = one.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                XCTAssertTrue((1...lines.count).contains(error.position.line), "\(one.name): \(error)")
                XCTAssertGreaterThanOrEqual(error.position.column, 1, "\(one.name): \(error)")
            }
        }
    }

    private func assertEqual(_ value: TOMLValue, _ expected: JSON?, _ path: String) {
        switch (value.content, expected) {
        case (.table(let table), .object(let members)):
            XCTAssertEqual(Set(table.entries.map(\.name)), Set(members.keys), path)
            for entry in table.entries { assertEqual(entry.value, members[entry.name], "\(path).\(entry.name)") }
        case (.array(let values), .array(let members)):
            XCTAssertEqual(values.count, members.count, path)
            for (index, pair) in zip(values, members).enumerated() {
                assertEqual(pair.0, pair.1, "\(path)[\(index)]")
            }
        default:
            let tagged = tagged(value.content)
            XCTAssertEqual(tagged.type, expected?["type"]?.string, path)
            XCTAssertEqual(tagged.text, normalised(expected?["value"]?.string ?? "", tagged.type), path)
        }
    }

    private func tagged(_ content: TOMLValue.Content) -> (type: String, text: String) {
        switch content {
        case .string(let text): ("string", text)
        case .integer(let number): ("integer", "\(number)")
        case .float(let number): ("float", "\(number)")
        case .boolean(let flag): ("bool", "\(flag)")
        case .dateTime(let moment) where moment.offsetMinutes == nil: ("datetime-local", "\(moment)")
        case .dateTime(let moment): ("datetime", "\(moment)")
        case .date(let date): ("date-local", "\(date)")
        case .time(let time): ("time-local", "\(time)")
        case .array: ("array", "")
        case .table: ("table", "")
        }
    }

    /// The suite writes numbers and fractions of seconds in several ways.
    private func normalised(_ text: String, _ type: String) -> String {
        if type == "float" { return Double(text).map { "\($0)" } ?? text }
        guard type.hasPrefix("datetime") || type == "time-local" else { return text }
        return text.replacing(/(\.[0-9]*?)0+(?=$|Z|[+-])/) { $0.output.1 == "." ? "" : String($0.output.1) }
    }
}
