import Foundation
import TOML
import TestSupport

/// Makes settings files out of pieces of the golden ones, some of them spoilt.
struct RandomRepository {
    /// What the goldens say under each key of the top level.
    private let corpus: [(key: String, values: [TOMLValue])]
    var random: SeededRandom

    init(_ tables: [TOMLTable], seed: UInt64) {
        let entries = tables.flatMap(\.entries)
        let names = Set(entries.map(\.name)).sorted()
        corpus = names.map { name in (name, entries.filter { $0.name == name }.map(\.value)) }
        random = SeededRandom(seed: seed)
    }

    /// - Parameter spoilt: of 100 values, so many are replaced by something else.
    mutating func file(spoilt: Int, without hidden: Set<String> = []) -> String {
        var text = ""
        for (key, values) in corpus where !hidden.contains(key) && isChosen(30) {
            guard let value = values.randomElement(using: &random) else { continue }
            text += "\(key) = \(source(of: value, spoilt))\n"
        }
        return text
    }

    private mutating func isChosen(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func source(of value: TOMLValue, _ spoilt: Int) -> String {
        if isChosen(spoilt) { return Self.surprises.randomElement(using: &random) ?? "" }
        switch value.content {
        case .string(let text): return Self.quoted(text)
        case .integer(let number): return "\(number)"
        case .float(let number): return "\(number)"
        case .boolean(let flag): return "\(flag)"
        case .array(let values):
            var sources: [String] = []
            for value in values { sources.append(source(of: value, spoilt)) }
            return "[\(sources.joined(separator: ", "))]"
        case .table(let table):
            var sources: [String] = []
            for entry in table.entries where !isChosen(spoilt) {
                sources.append("\(Self.quoted(entry.name)) = \(source(of: entry.value, spoilt))")
            }
            return "{ \(sources.joined(separator: ", ")) }"
        case .dateTime, .date, .time: return "1979-05-27"
        }
    }

    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            let needsEscape = scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\"" || scalar == "\\"
            return needsEscape ? String(format: "\\u%04X", scalar.value) : String(scalar)
        }
        return "\"\(scalars.joined())\""
    }

    private static let surprises = [
        "0", "-1", "1", "65535", "9223372036854775807", "nan", "-inf", "1e300", "true", "false", "\"\"", "\" \"",
        "\"…\"", "\"\\u0000\"", "\"a\\u0301\"", "\"/\"", "\"//\"", "\"a.b\"", "\"0\"", "\"100%\"", "\"-1%\"", "\"1Gi\"",
        "\"* * * * *\"", "\"@hourly\"", "\"prod\"", "\"GET\"", "1979-05-27T07:32:00Z", "[]", "[[]]", "{}", "{ a = 1 }",
        "\"\(String(repeating: "x", count: 300))\"", "[\"a.example\", \"a.example\"]", "{ secret = \"s\", key = \"k\" }",
        "{ encrypted = \"AQ\" }",
    ]
}
