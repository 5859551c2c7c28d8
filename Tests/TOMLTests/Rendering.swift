import TOML

/// A value as one line that shows its type, to be compared with.
func rendered(_ value: TOMLValue) -> String {
    switch value.content {
    case .string(let text): "\"" + text.unicodeScalars.map(visible).joined() + "\""
    case .integer(let number): "\(number)"
    case .float(let number): "float \(number)"
    case .boolean(let flag): "\(flag)"
    case .dateTime(let moment): (moment.offsetMinutes == nil ? "local " : "moment ") + "\(moment)"
    case .date(let date): "date \(date)"
    case .time(let time): "time \(time)"
    case .array(let values): "[" + values.map(rendered).joined(separator: ", ") + "]"
    case .table(let table): rendered(table)
    }
}

func rendered(_ table: TOMLTable) -> String {
    let members = table.entries.map { "\($0.name): \(rendered($0.value))" }
    return "{" + members.joined(separator: ", ") + "}"
}

/// What a document holds, or its mistakes.
func rendered(_ text: String) -> String {
    let document = TOMLDocument(Array(text.utf8))
    return document.errors.isEmpty
        ? rendered(document.table) : document.errors.map(\.description).joined(separator: "\n")
}

private func visible(_ scalar: Unicode.Scalar) -> String {
    scalar.value < 0x20 || scalar.value == 0x7F
        ? "<\(String(scalar.value, radix: 16))>" : String(scalar)
}
