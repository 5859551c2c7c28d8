import Foundation
import JSON

@testable import AppFile
@testable import TOML
@testable import YAML

extension FuzzTarget {
    // MARK: TOML

    private static let tomlWords = [
        "[a]", "[[a]]", "a.b.\"c\" = ", "= 1\n", "\"\"\"", "'''", "\\u00E9", "\\U0001F600", "\\\n", "0x1F", "0o17", "0b11", "1_000",
        "1e-9", "-inf", "nan", "1979-05-27T07:32:00.999999-07:00", "1979-05-27 07:32:00Z", "07:32:60", "1979-05-27", "{a = 1}",
        "true", "false", "9223372036854775808", "\r\n", "\u{FEFF}",
    ]

    /// A document that was read is written in one plain style, and read as the same again. Mistakes are told with places
    /// that exist.
    static let toml = FuzzTarget("toml", words: tomlWords) { bytes in
        let document = TOMLDocument(bytes)
        try require(document.errors.count <= TOMLDocument.maxErrors, "\(document.errors.count) mistakes")
        let lines = lineLengths(bytes)
        for error in document.errors {
            try require(!error.message.isEmpty, "a mistake without words")
            try require(
                error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "a control character in: \(error.message)")
            try checkPlace(error.position.line, error.position.column, lines)
        }
        guard document.errors.isEmpty else { return }
        try checkPlaces(document.table, lines)
        let text = PlainTOML.text(document.table)
        let again = TOMLDocument(Array(text.utf8))
        try require(again.errors.isEmpty, "\(again.errors.first.map(\.description) ?? "") in what was written: \(text)")
        try requireEqual(PlainTOML.text(again.table), text, "written and read again, it is another")
    }

    /// In scalars.
    private static func lineLengths(_ bytes: [UInt8]) -> [Int] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in line.count { $0 & 0xC0 != 0x80 } }
    }

    private static func checkPlace(_ line: Int, _ column: Int, _ lines: [Int]) throws {
        try require(
            line >= 1 && line <= lines.count && column >= 1 && column <= lines[line - 1] + 1,
            "\(line):\(column) is outside of the text")
    }

    private static func checkPlaces(_ table: TOMLTable, _ lines: [Int]) throws {
        for entry in table.entries {
            try checkPlace(entry.position.line, entry.position.column, lines)
            try checkPlace(entry.value.position.line, entry.value.position.column, lines)
            if let inner = entry.value.table { try checkPlaces(inner, lines) }
        }
    }

    // MARK: iterapp.toml

    private struct OneFile: FileTree {
        let bytes: [UInt8]
        func read(_ path: String) -> [UInt8]? { path.hasSuffix(AppFile.fileName) ? bytes : nil }
        func isFolder(_ path: String) -> Bool { true }
    }

    private static let keyWords =
        Keys.all.map { $0.name + " = " } + [
            "applings = [\"web\"]\n", "[env.prod]\n", "[[cron]]\n", "[[files.common]]\n", "secret = ", "= \"@daily\"", "\"100Mi\"", "\"25m\"",
            "[hosts]\n", "[postgres]\n", "name = ", "path = \"/a\"\n",
        ]

    /// Problems have words and places; without an error there are settings.
    static let appFile = FuzzTarget("app-file", words: tomlWords + keyWords) { bytes in
        let (file, problems) = AppFile.load(from: OneFile(bytes: bytes), app: "iterate/cats")
        try requireEqual(file == nil, problems.contains { $0.severity == .error }, "settings in spite of an error, or neither")
        let lines = lineLengths(bytes)
        for problem in problems {
            try checkPlace(problem.line, problem.column, lines)
            try require(!problem.message.isEmpty, "a problem without words")
            try require(
                problem.message.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "a control character in: \(problem.message)")
        }
        try requireEqual(problems, problems.sorted(), "the problems are in no order")
    }

    // MARK: YAML

    private static let yamlWords = [
        "---\n", "- ", ": ", "? ", "|\n", ">-\n", "|2+\n", "&a", "*a", "!!str", "{a: b}", "[a, b]", "\"\\x41\"", "'it''s'", "# c\n",
        "%YAML 1.2\n", "...\n", "0x1F", "0o17", ".inf", ".nan", "~", "null", "1e3", "\t", "\u{85}", "\u{2028}", "\u{FEFF}", "\r\n",
        "  ", "\n\n",
    ]

    /// What was read is JSON, which is YAML: written as such, it is read as the same again.
    static let yaml = FuzzTarget("yaml", words: yamlWords) { bytes in
        let value: JSON
        do throws(YAMLError) { value = try YAML.parse(bytes) } catch { return }
        let text = value.text
        let again: JSON
        do { again = try YAML.parse(text) } catch {
            // What JSON puts on one line, YAML allows for keys up to a length.
            if longestKeyBytes(value) > YAML.maxKeyBytes / 6 { return }
            throw Complaint("\(error) in what was written: \(text)")
        }
        try requireEqual(again, value, "written and read again, it is another: \(text)")
        try requireEqual(try JSON.parse(text), value, "as JSON, it is another: \(text)")
    }

    private static func longestKeyBytes(_ value: JSON) -> Int {
        switch value {
        case .array(let items): items.map(longestKeyBytes).max() ?? 0
        case .object(let members): members.map { max($0.key.utf8.count, longestKeyBytes($0.value)) }.max() ?? 0
        default: 0
        }
    }

    // MARK: Parts of iterapp.toml

    /// A value is the same as text, whole or made whole by its checksum; and only one text stands for it.
    static let sealedValue = FuzzTarget("sealed-value", maxInputBytes: 500) { bytes in
        let texts = [String(decoding: bytes, as: UTF8.self), Base64URL.encode(bytes), Base64URL.encode(bytes + checksum(bytes))]
        for text in texts {
            if let decoded = Base64URL.decode(text) { try requireEqual(Base64URL.encode(decoded), text, "two texts of the same bytes") }
            let value: SealedValue
            do throws(SealedValueError) { value = try SealedValue(text) } catch { continue }
            try requireEqual(value.text, text, "the value has another text")
            try requireEqual(try? SealedValue(value.text), value, "read again, it is another")
        }
        try requireEqual(Base64URL.decode(texts[1]), bytes, "encoded and decoded, the bytes are others")
    }

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        let sum = CRC32.checksum(bytes)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
    }

    /// A schedule has one plain text; its next time is later, and in whole minutes.
    static let schedule = FuzzTarget(
        "schedule", maxInputBytes: 200,
        words: ["*/", "* * * * *", "@daily", "@reboot", "TZ=", "jan", "SUN", "1-5/2", "L", "?", "29 2", "30 2", "99999999999999999999"]
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let schedule = CronSchedule(text) else { return }
        try requireEqual(CronSchedule(schedule.text)?.text, schedule.text, "its text is another schedule")
        var date = Date(timeIntervalSince1970: Double(bytes.count) * 86_400 * 300)
        for _ in 0..<4 {
            guard let next = schedule.next(after: date) else { throw Complaint("it never comes: \(schedule.text)") }
            try require(next > date && next.timeIntervalSince1970.remainder(dividingBy: 60) == 0, "\(next) after \(date)")
            try requireEqual(CronSchedule(schedule.text)?.next(after: date), next, "its text comes at another time")
            date = next
        }
    }
}
