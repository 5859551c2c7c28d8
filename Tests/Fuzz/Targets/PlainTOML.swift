import TOML

/// Writes a table in one plain style: inline, with quoted keys and escapes.
enum PlainTOML {
    static func text(_ table: TOMLTable) -> String {
        table.entries.map { "\(quoted($0.name)) = \(text($0.value))\n" }.joined()
    }

    private static func text(_ value: TOMLValue) -> String {
        switch value.content {
        case .string(let text): quoted(text)
        case .integer(let number): "\(number)"
        case .float(let number): number.isNaN ? "nan" : number.isInfinite ? (number < 0 ? "-inf" : "inf") : "\(number)"
        case .boolean(let flag): "\(flag)"
        case .dateTime(let moment): "\(moment)"
        case .date(let date): "\(date)"
        case .time(let time): "\(time)"
        case .array(let values): "[" + values.map(text).joined(separator: ", ") + "]"
        case .table(let table):
            "{" + table.entries.map { "\(quoted($0.name)) = \(text($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.unicodeScalars.map { scalar -> String in
            guard scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\"" || scalar == "\\" else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined() + "\""
    }
}
