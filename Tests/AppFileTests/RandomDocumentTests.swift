import Foundation
import TOML
import TestSupport
import XCTest

@testable import AppFile

/// Anything that is TOML is checked, whatever it says.
final class RandomDocumentTests: XCTestCase {
    func testRandomDocuments() {
        let seed = UInt64.random(in: .min ... .max)
        print("RandomDocumentTests seed: \(seed)")
        var kinds = (valid: 0, invalid: 0)
        for round in 0..<1500 {
            var writer = RandomDocument(seed: seed &+ UInt64(round))
            let text = writer.document()
            let errors = TOMLDocument(Array(text.utf8)).errors
            XCTAssertEqual(errors, [], "seed \(seed), round \(round):\n\(text)")
            let files = ["iterapp.toml": text, "a/iterapp.toml": writer.document(), "b/iterapp.toml": ""]
            for app in [nil, "iterate/cats"] {
                let (file, problems) = AppFile.load(from: TextTree(files), app: app)
                XCTAssertEqual(file == nil, problems.contains { $0.severity == .error }, text)
                XCTAssertEqual(problems, problems.sorted(), text)
                if file == nil { kinds.invalid += 1 } else { kinds.valid += 1 }
                for problem in problems { assertPlace(problem, files) }
            }
        }
        // Otherwise the writer makes nothing but nonsense, or nothing wrong.
        XCTAssertGreaterThan(kinds.valid, 20)
        XCTAssertGreaterThan(kinds.invalid, 200)
    }

    private func assertPlace(_ problem: Problem, _ files: [String: String]) {
        let lines = (files[problem.path] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(problem.line - 1) else { return XCTFail("\(problem)") }
        XCTAssertLessThanOrEqual(problem.column, lines[problem.line - 1].unicodeScalars.count + 1, "\(problem)")
        XCTAssertFalse(problem.message.unicodeScalars.contains { $0.value < 0x20 }, "\(problem)")
    }
}

/// Writes valid TOML: mostly keys of the reference with values that are nearly right.
private struct RandomDocument {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func document() -> String {
        var tables = ""
        var pairs = ""
        let isWild = chance(3)
        for key in Keys.all.shuffled(using: &random).prefix(Int.random(in: 0...8, using: &random)) {
            if chance(2), let table = header(key.name, key.shape, isWild) {
                tables += table
            } else {
                pairs += "\(key.name) = \(value(of: key.shape, isWild))\n"
            }
        }
        if isWild { pairs += "\(pick(["unheard_of", "a-b", "0"])) = \(anything(depth: 3))\n" }
        return pairs + tables
    }

    /// `[name]` with what belongs below it; nil for what is no table.
    private mutating func header(_ path: String, _ shape: Key.Shape, _ isWild: Bool) -> String? {
        switch shape {
        case .table(let keys):
            return "[\(path)]\n" + pairs(keys, isWild).joined(separator: "\n") + "\n"
        case .named(let names, let inner):
            let name = self.name(for: names, isWild)
            return header("\(path).\(name)", inner, isWild)
                ?? "[\(path)]\n\(name) = \(value(of: inner, isWild))\n"
        case .tables(let keys, _):
            return (0...Int.random(in: 0...2, using: &random)).map { _ in
                "[[\(path)]]\n" + pairs(keys, isWild).joined(separator: "\n") + "\n"
            }.joined()
        default: return nil
        }
    }

    private mutating func pairs(_ keys: [Key], _ isWild: Bool) -> [String] {
        let chosen = keys.filter { key in (key.isRequired && !isWild) || chance(2) }
        return chosen.map { "\($0.name) = \(value(of: $0.shape, isWild))" }
    }

    private mutating func value(of shape: Key.Shape, _ isWild: Bool) -> String {
        if isWild, chance(4) { return anything(depth: 3) }
        switch shape {
        case .flag: return chance(2) ? "true" : "false"
        case .whole(let range): return "\(Int.random(in: range, using: &random))"
        case .text(let format): return text(format, isWild)
        case .podCount: return pick(["0", "1", "\"30%\"", "\"2\"", "100"])
        case .list(let format, _):
            return "[" + (0..<Int.random(in: 0...2, using: &random)).map { _ in text(format, isWild) }
                .joined(separator: ", ") + "]"
        case .table(let keys): return "{ " + pairs(keys, isWild).joined(separator: ", ") + " }"
        case .tables(let keys, _): return "[{ " + pairs(keys, isWild).joined(separator: ", ") + " }]"
        case .named(let names, let inner): return "{ \(name(for: names, isWild)) = \(value(of: inner, isWild)) }"
        case .variable: return chance(2) ? text(.plain, isWild) : "{ secret = \"a\", key = \"b\" }"
        case .encrypted: return "{ encrypted = \(quoted(sealed())) }"
        }
    }

    private mutating func text(_ format: Format, _ isWild: Bool) -> String {
        if format == .folder { return pick(["\"a\"", "\"b\"", "\"c\""]) }
        let texts = isWild ? format.right + format.wrong : format.right
        return quoted(pick(texts.filter { $0.count < 100 }))
    }

    private mutating func name(for names: Names, _ isWild: Bool) -> String {
        if isWild, chance(2) { return quoted(pick(Names.samples.filter { $0.count < 100 })) }
        let right = ["prod", "test", "common", "snap1", "A", "DATABASE_URL", "token", "job", "5433", "3000", "X-A"]
        return pick(right.filter { names.fault(in: $0) == nil })
    }

    private mutating func sealed() -> String {
        let scope = SealedValue.Scope.allCases.randomElement(using: &random) ?? .common
        let app = pick(["iterate/cats", "iterate/dogs"])
        let value = SealedValue(
            scope: scope, keyID: Array(repeating: 1, count: 8), app: app,
            encapsulatedKey: [4] + Array(repeating: 2, count: 64), ciphertext: Array(repeating: 3, count: 20))
        return chance(4) ? "damaged" : value?.text ?? ""
    }

    /// A value of any type.
    private mutating func anything(depth: Int) -> String {
        switch Int.random(in: 0..<(depth == 0 ? 6 : 8), using: &random) {
        case 0: return quoted(word())
        case 1: return "\(Int.random(in: .min ... .max, using: &random))"
        case 2: return pick(["1.5", "-inf", "nan", "0.0", "1e300"])
        case 3: return pick(["true", "false"])
        case 4: return pick(["2026-01-31", "08:00:00", "2026-01-31T08:00:00Z", "1979-05-27 07:32:00.5-07:00"])
        case 5: return "'''\n\(word())\n'''"
        case 6:
            return "[" + (0..<Int.random(in: 0...3, using: &random)).map { _ in anything(depth: depth - 1) }
                .joined(separator: ", ") + "]"
        default: return "{ \(word()) = \(anything(depth: depth - 1)) }"
        }
    }

    private mutating func word() -> String {
        pick(["x", "unheard_of", "env", "port", "encrypted", "secret", "path", "applings", "a-b", "_", "0"])
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    private mutating func pick(_ texts: [String]) -> String { texts.randomElement(using: &random) ?? "x" }

    private func quoted(_ text: String) -> String { TOMLLiteral.quoted(text) }
}
