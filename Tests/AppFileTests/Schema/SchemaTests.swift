import JSON
import TOML
import TestSupport
import XCTest

@testable import AppFile

/// The schema for editors and the checker say the same about every single value.
final class SchemaTests: XCTestCase {
    private let judge = SchemaJudge()

    func testSamplesOfEachFormat() {
        for format in Format.allCases {
            let schema = JSON.object(format.schema)
            for text in format.right {
                XCTAssertFalse(format.verdict(on: text).isWrong, "\(format): \(text.debugDescription)")
                XCTAssertTrue(judge.accepts(.string(text), schema), "\(format): \(text.debugDescription)")
            }
            for text in format.wrong {
                XCTAssertTrue(format.verdict(on: text).isWrong, "\(format): \(text.debugDescription)")
                guard format.isExact else { continue }
                XCTAssertFalse(judge.accepts(.string(text), schema), "\(format): \(text.debugDescription)")
            }
            XCTAssertEqual(format.wrong.isEmpty, format == .encrypted)
        }
    }

    /// The samples, and what a few random changes make of them.
    func testRandomTextsOfEachFormat() {
        let seed = UInt64.random(in: .min ... .max)
        print("SchemaTests seed: \(seed)")
        var random = SeededRandom(seed: seed)
        let texts = Format.allCases.flatMap { $0.right + $0.wrong }.filter { $0.count < 300 }
        let pieces = Array("aZ09.-_/:*?@ \t\n\0#%~ømMGi$^()[]{}|\\\"'").map(String.init) + ["..", "/.", "::", "Mi"]
        for format in Format.allCases {
            let schema = JSON.object(format.schema)
            let own = (format.right + format.wrong).filter { $0.count < 300 }
            for round in 0..<400 {
                var text = Array((round.isMultiple(of: 2) ? own : texts).randomElement(using: &random) ?? "")
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    let start = Int.random(in: 0...text.count, using: &random)
                    let end = Int.random(in: start...min(text.count, start + 2), using: &random)
                    text.replaceSubrange(start..<end, with: Array(pieces.randomElement(using: &random) ?? ""))
                }
                assertAgreement(format, String(text), schema, "seed \(seed)")
            }
        }
    }

    private func assertAgreement(_ format: Format, _ text: String, _ schema: JSON, _ context: String) {
        let isRight = !format.verdict(on: text).isWrong
        let isAccepted = judge.accepts(.string(text), schema)
        if format.isExact {
            XCTAssertEqual(isRight, isAccepted, "\(context), \(format): \(text.debugDescription)")
        } else if isRight, format != .encrypted {
            XCTAssertTrue(isAccepted, "\(context), \(format): \(text.debugDescription)")
        }
    }

    func testNames() {
        for names in Names.everyKind {
            var schema: JSON = ["type": "object", "additionalProperties": false]
            schema["properties"] = .object(Dictionary(uniqueKeysWithValues: names.known.map { ($0, [:]) }))
            if let pattern = names.pattern { schema["patternProperties"] = .object([pattern: [:]]) }
            for name in Names.samples {
                XCTAssertEqual(
                    names.fault(in: name) == nil, judge.accepts(.object([name: 1]), schema),
                    "\(names): \(name.debugDescription)")
            }
        }
    }

    /// Each key with values of every type and at every border, in a file of its own.
    func testEveryKeyWithEveryKindOfValue() {
        var count = 0
        for document in SampleDocuments.all {
            count += 1
            let table = TOMLDocument(Array(document.text.utf8))
            XCTAssertEqual(table.errors, [], document.text)
            var checker = Checker(
                role: .root(listsApplings: false), root: table.table, isComplete: true,
                problems: ProblemList(path: AppFile.fileName))
            checker.check(table.table, Keys.all, in: Checker.Scope())
            let errors = checker.problems.problems.filter { $0.severity == .error }
            let isAccepted = judge.accepts(JSON(table.table), AppFile.schema)
            if document.isExact {
                XCTAssertEqual(errors.isEmpty, isAccepted, "\(document.text): \(errors)")
            } else if AppFile.load(from: TextTree(["iterapp.toml": document.text])).file != nil {
                XCTAssertTrue(isAccepted, document.text)
            }
        }
        XCTAssertGreaterThan(count, 2000)
    }

    func testItDescribesEveryKey() {
        var keys: [(String, JSON)] = []
        func collect(_ schema: JSON, _ path: String) {
            for (name, property) in schema["properties"]?.object ?? [:] {
                keys.append(("\(path).\(name)", property))
                collect(property, "\(path).\(name)")
            }
        }
        collect(AppFile.schema, "")
        for name in Keys.names {
            let found = keys.first { $0.0 == ".\(name)" }
            let description = found?.1["description"]?.string ?? ""
            XCTAssertTrue(description.hasSuffix(".") && description.count > 15, "\(name): \(description)")
        }
        XCTAssertEqual(AppFile.schema["$schema"], "http://json-schema.org/draft-07/schema#")
        XCTAssertEqual(AppFile.schema.prettyText, AppFile.schema.prettyText)
    }

    /// A default that is promised in the editor is what an absent key means.
    func testDefaultsAreWhatAbsentKeysMean() throws {
        var count = 0
        func compare(_ keys: [Key], _ prefix: String, _ rest: String) throws {
            for key in keys {
                if let standard = key.standard {
                    count += 1
                    let text = "\(prefix)\(key.name) = \(standard.text)\n\(rest)"
                    XCTAssertEqual(try load(text), try load(rest), text)
                }
                switch key.shape {
                case .table(let inner): try compare(inner, "\(prefix)\(key.name).", context(of: key))
                case .named(.cronJobs, .table(let inner)): try compare(inner, "cronjobs.a.", context(of: key))
                default: break
                }
            }
        }
        try compare(Keys.all, "", "")
        XCTAssertGreaterThan(count, 25)
    }

    /// What must be there for a table's keys to mean anything.
    private func context(of key: Key) -> String {
        switch key.name {
        case "liveness": "liveness_path = '/'"
        case "redis_lfu_cache", "metrics", "postgres": "[\(key.name)]"
        case "cronjobs": "cronjobs.a.schedule = '@daily'\ncronjobs.a.path = '/'"
        default: ""
        }
    }

    private func load(_ text: String) throws -> AppFile {
        // A dotted key and a header of the same table exclude each other.
        let plain = text.hasPrefix("[") || !text.contains("\n[") ? text : String(text.prefix { $0 != "\n" })
        let (file, problems) = AppFile.load(from: TextTree(["iterapp.toml": plain]))
        return try XCTUnwrap(file, "\(plain): \(problems)")
    }
}

extension Format.Verdict {
    var isWrong: Bool { if case .wrong = self { true } else { false } }
}
