@testable import AppFile

/// Files with one value each, made of the list of keys: right ones, and all that is nearly right.
struct SampleDocuments {
    let text: String
    /// Whether the schema must refuse it when the checker does.
    let isExact: Bool

    static let all: [SampleDocuments] = documents(of: Keys.all) { $0 }

    private static func documents(of keys: [Key], _ around: (String) -> String) -> [SampleDocuments] {
        keys.flatMap { key -> [SampleDocuments] in
            let others = keys.filter { $0.isRequired && $0.name != key.name }.map { "\($0.name) = \(right($0.shape))" }
            func inside(_ value: String) -> String {
                around("{ " + (["\(key.name) = \(value)"] + others).joined(separator: ", ") + " }")
            }
            let missing = key.isRequired ? [around("{ " + others.joined(separator: ", ") + " }")] : []
            return missing.map { SampleDocuments(text: whole($0), isExact: true) } + documents(of: key.shape, inside)
        } + [SampleDocuments(text: whole(around("{ unheard_of = 1 }")), isExact: true)]
    }

    /// - Parameter around: puts a value into its file.
    private static func documents(of shape: Key.Shape, _ around: (String) -> String) -> [SampleDocuments] {
        let own = values(of: shape).map { around($0) }
        let exact = isExact(shape)
        let found = (own + anything.map(around)).map { SampleDocuments(text: whole($0), isExact: exact) }
        switch shape {
        case .table(let keys): return found + documents(of: keys, around)
        case .tables(let keys, _): return found + documents(of: keys) { around("[\($0)]") }
        case .named(let names, let inner):
            guard let name = Names.samples.first(where: { names.fault(in: $0) == nil }) else { return found }
            let named = Names.samples.prefix(400).map { name in
                SampleDocuments(text: whole(around("{ \(quoted(name)) = \(right(inner)) }")), isExact: true)
            }
            return found + named + documents(of: inner) { around("{ \(quoted(name)) = \($0) }") }
        case .variable: return found + documents(of: Keys.reference, around) + documents(of: Keys.sealed, around)
        case .encrypted: return found + documents(of: Keys.sealed, around)
        default: return found
        }
    }

    private static func isExact(_ shape: Key.Shape) -> Bool {
        switch shape {
        case .text(let format), .list(let format, _): format.isExact
        default: true
        }
    }

    /// The file of an inline table: its pairs, one a line at the top.
    private static func whole(_ inline: String) -> String { String(inline.dropFirst(2).dropLast(2)) }

    private static func right(_ shape: Key.Shape) -> String {
        switch shape {
        case .flag: "true"
        case .whole(let range): "\(range.lowerBound)"
        case .text(let format): quoted(format.right[0])
        case .podCount: "1"
        case .list, .tables: "[]"
        case .table(let keys):
            "{ " + keys.filter(\.isRequired).map { "\($0.name) = \(right($0.shape))" }.joined(separator: ", ") + " }"
        case .named: "{}"
        case .variable: "\"x\""
        case .encrypted: "{ encrypted = \"AQA\" }"
        }
    }

    private static func values(of shape: Key.Shape) -> [String] {
        switch shape {
        case .whole(let range):
            [range.lowerBound - 1, range.lowerBound, range.upperBound, range.upperBound + 1].map { "\($0)" }
        case .text(let format): (format.right + format.wrong).filter { $0.count < 300 }.map(quoted)
        case .podCount:
            ["-1", "0", "100", "101", "'30%'", "'100%'", "'101%'", "'5'", "'05'", "'%'", "''", "'1.5%'", "'-1%'"]
        case .list(let format, let maxCount):
            (format.right + format.wrong).filter { $0.count < 300 }.map { "[\(quoted($0))]" }
                + [maxCount, maxCount + 1].map { count in
                    "[" + Array(repeating: quoted(format.right[0]), count: count).joined(separator: ", ") + "]"
                }
        case .tables(let keys, let maxCount):
            [maxCount, maxCount + 1].map { count in
                "[" + Array(repeating: right(.table(keys)), count: count).joined(separator: ", ") + "]"
            }
        default: []
        }
    }

    /// Values of every type.
    private static let anything = [
        "true", "false", "0", "1", "-9223372036854775808", "1.5", "-inf", "nan", "\"\"", "\"x\"", "[]", "[[]]", "[1]",
        "[\"\", 1]", "[{}]", "{}", "{ x = 1 }", "{ secret = \"a\" }", "2026-01-31", "08:00:00", "2026-01-31T08:00:00Z",
    ]

    private static func quoted(_ text: String) -> String { TOMLLiteral.quoted(text) }
}

enum TOMLLiteral {
    /// As a basic string.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
