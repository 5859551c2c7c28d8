import TOML

/// How mistakes in values are put into words.
enum Sentences {
    /// - Parameter name: how the value is called, such as "`port`".
    static func wrong(
        _ value: TOMLValue, _ shape: Key.Shape, _ name: String, _ advice: String?
    ) -> String {
        let sentence = "\(name) must be \(shape.expectation), not \(described(value, shape))"
        guard let hint = advice ?? hint(value, shape, name) else { return sentence }
        return sentence + "; " + hint
    }

    /// What stands there instead. What may be confidential is not repeated.
    private static func described(_ value: TOMLValue, _ shape: Key.Shape) -> String {
        switch (value.content, shape) {
        case (.string, .variable), (.string, .encrypted): return "another text"
        case (.string, .text) where shape.isConfidential: return "this text"
        case (.integer, _) where shape.isConfidential: return "a number"
        case (.float, _) where shape.isConfidential: return "a number"
        case (.string(let text), _): return "the text \"\(TOMLText.plain(text))\""
        case (.integer(let number), _): return "the number \(number)"
        case (.float(let number), _): return "the number \(number)"
        case (.boolean(let flag), _): return "`\(flag)`"
        case (.dateTime, _), (.date, _), (.time, _): return "a date or time"
        case (.array, _): return "a list"
        case (.table, _): return "a table"
        }
    }

    private static func hint(_ value: TOMLValue, _ shape: Key.Shape, _ name: String) -> String? {
        let path = name.filter { $0 != "`" }
        return switch (shape, value.content) {
        case (.table, .boolean(true)):
            "write the header `[\(path)]` instead"
        case (.tables, .table(let table)) where table.form == .header:
            "write two brackets on either side: `[[\(path)]]`"
        case (.named(_, .tables), .array):
            "name the environment: `[[\(path).common]]`"
        case (.table, .array(let values)) where values.first?.table?.form == .header,
            (.named, .array(let values)) where values.first?.table?.form == .header:
            "write one bracket on either side: `[\(path)]`"
        case (.whole, .string(let text)) where Int(text) != nil,
            (.flag, .string(let text)) where text == "true" || text == "false":
            "leave out the quotes"
        case (.text, .integer(let number)) where !shape.isConfidential:
            "put it in quotes: \"\(number)\""
        case (.text, .integer), (.variable, .integer), (.variable, .float), (.variable, .boolean),
            (.variable, .date), (.variable, .dateTime), (.variable, .time):
            "put it in quotes"
        case (.list, .string(let text)):
            "put it in brackets: [\"\(TOMLText.plain(text))\"]"
        default:
            nil
        }
    }
}
