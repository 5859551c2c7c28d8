import JSON
import TestSupport

/// Writes a value in randomly chosen styles of YAML, as a person or a program might.
struct YAMLWriter {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

    mutating func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &random)] }

    // MARK: - Values

    mutating func value(depth: Int = 0) -> JSON {
        switch Int.random(in: 0..<(depth > 3 ? 6 : 10), using: &random) {
        case 0: return pick([.null, true, false])
        case 1: return .int(pick([0, 7, -12, 6443, .max, .min]))
        case 2: return .double(pick([0.5, -1.25, 1e21, 3.0e-9]))
        case 3...5: return .string(text())
        case 6, 7: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth + 1) })
        default:
            let count = Int.random(in: 0...4, using: &random)
            return .object(Dictionary((0..<count).map { _ in (key(), value(depth: depth + 1)) }) { $1 })
        }
    }

    private static let words = [
        "cats", "a b", "", " ", "- x", "x: y", "#c", "a #b", "it's", "\"q\"", "null", "true", "12", "0x1F", "1.5e3",
        "~",
        "{a}", "[b]", "&c", "*d", "!e", "|", ">", "%f", "@g", "`h", "?", "-", ":", "a:", ":a", "a: ", "--- x", "...",
        "grüße", "😀", "\u{2028}", "\u{7}", "tab\there", "back\\slash", "https://kube:6443/x#y",
        "LS0tLS1CRUdJTiBDRVJU==",
        "line one\nline two\n", "\n", "\n\nx", "x\n\n\ny\n\n", "  indented\nless\n", "a\n  b\n\n  c\nd",
        "trail \nx ", "\u{1B}[0m", "<<", "=",
        "1_000", "2026-11-21", "yes", "on", "é\nü", "x\u{85}y", "\u{A0}", "a\rb",
    ]

    private mutating func text() -> String {
        chance(4) ? pick(Self.words) + pick(["", " ", "\n", ", "]) + pick(Self.words) : pick(Self.words)
    }

    private mutating func key() -> String { chance(3) ? text() : pick(["name", "server", "a", "b", "c-d", "users"]) }

    // MARK: - Texts

    mutating func document(_ value: JSON) -> String {
        let marker = chance(4) ? "---\n" : ""
        let body = block(value, indentation: 0, isRoot: true)
        let (start, end) = (chance(5) ? "# comment\n\n" : "", chance(5) ? "\n# end\n" : "\n")
        return start + marker + body.drop { $0 == "\n" || $0 == " " } + end
    }

    /// What comes behind a key's colon or an entry's dash, with the blank or the line break before it.
    private mutating func block(
        _ value: JSON, indentation: Int, isRoot: Bool = false, afterKey: Bool = false
    ) -> String {
        let comment = !isRoot && chance(8) ? " # x: [y" : ""
        switch value {
        case .object(let members) where !members.isEmpty && !chance(5):
            let step = isRoot ? 0 : pick([1, 2, 4])
            let spaces = String(repeating: " ", count: indentation + step)
            let lines = members.sorted { $0.key < $1.key }.map { key, value in
                spaces + implicitKey(key) + ":" + block(value, indentation: indentation + step, afterKey: true)
            }
            return comment + "\n" + lines.joined(separator: chance(6) ? "\n\n" : "\n")
        case .array(let items) where !items.isEmpty && !chance(5):
            let step = isRoot || (afterKey && chance(2)) ? 0 : pick([1, 2, 4])
            let spaces = String(repeating: " ", count: indentation + step)
            let lines = items.map { spaces + "-" + block($0, indentation: indentation + step) }
            return comment + "\n" + lines.joined(separator: "\n")
        case .string(let text) where !isRoot && Self.isLiteral(text) && chance(3):
            return literal(text, indentation: indentation + pick([1, 2]), parent: indentation)
        default:
            return " " + flow(value) + comment
        }
    }

    /// Empty lines at the end are kept out: the writer puts some between members, too.
    private static func isLiteral(_ text: String) -> Bool {
        !text.isEmpty && text != "\n" && !text.hasSuffix("\n\n") && text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || scalar == "\t" || (scalar.value >= 0x20 && scalar.value < 0x7F)
                || (scalar.value > 0xA0 && scalar.value != 0x2028)
        }
    }

    private func literal(_ text: String, indentation: Int, parent: Int) -> String {
        let body = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
        let lines = body.map { $0.isEmpty ? "" : String(repeating: " ", count: indentation) + $0 }
        return " |\(indentation - parent)" + (text.hasSuffix("\n") ? "" : "-") + "\n" + lines.joined(separator: "\n")
    }

    private mutating func implicitKey(_ key: String) -> String {
        isPlain(key) && chance(2) ? key : quoted(key, mayBreak: false)
    }

    private mutating func flow(_ value: JSON) -> String {
        switch value {
        case .object(let members):
            let space = pick(["", " ", "\n  "])
            let sorted = members.sorted { $0.key < $1.key }
            let pairs = sorted.map { quoted($0, mayBreak: false) + ": " + flow($1) }
            return "{" + space + pairs.joined(separator: "," + space) + space + "}"
        case .array(let items):
            let space = pick(["", " ", "\n  "])
            let end = items.isEmpty || chance(2) ? "" : ","
            return "[" + space + items.map { flow($0) }.joined(separator: ", ") + end + space + "]"
        case .string(let text): return isPlain(text) && chance(2) ? text : quoted(text, mayBreak: true)
        default: return value.text
        }
    }

    private func isPlain(_ text: String) -> Bool {
        ["cats", "a b", "it's", "grüße", "https://kube:6443/x#y", "name", "server", "yes", "1_000"].contains(text)
    }

    private mutating func quoted(_ text: String, mayBreak: Bool) -> String {
        let isSimple = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F }
        if isSimple, chance(2) {
            let quoted = "'" + text.replacing("'", with: "''") + "'"
            return mayBreak && chance(3) ? quoted.replacing("a b", with: "a\n    b") : quoted
        }
        return JSON.string(text).text
    }
}
