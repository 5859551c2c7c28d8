import JSON

extension FuzzTarget {
    private static let words = [
        "null", "true", "false", "\\u0000", "\\ud83d\\ude00", "\\udfff", "\\\"", "e+", "E-", "1e309", "-0", "-0.0",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "0.1e-400", "[[[[", "{\"a\":", "\u{FEFF}",
        "\u{2028}", "\u{85}", "e\u{301}", "\u{E9}", "\"a\":\"b\"",
    ]

    /// A value that was read is written, and read as the same again.
    static let json = FuzzTarget("json", words: words) { bytes in
        let value: JSON
        do throws(JSONError) { value = try JSON.parse(bytes) } catch {
            try require(!error.description.isEmpty, "an error without words")
            return
        }
        for text in [value.text, value.prettyText] {
            let again: JSON
            do { again = try JSON.parse(text) } catch { throw Complaint("\(error) in what was written: \(text)") }
            try requireEqual(value, again, "written and read again, it is another: \(text)")
            try requireEqual(value.text, again.text, "written twice, it is another")
        }
        try requireEqual(try JSON.parse(value.text, maxDepth: JSON.deepestNesting), value, "a deeper limit")
    }

    private static let selection: JSONSelection = [
        "a": .scalar, "b": ["a": .scalar, "b": .items(.scalar, maxCount: 2)], "é": .items(["a": .scalar], maxCount: 3),
    ]

    /// What is selected is what `parse` reads of it, and the same texts are refused.
    static let selectedJSON = FuzzTarget("json-selection", words: words + ["\"a\":", "\"b\":", "\"é\":", "\"e\u{301}\":"]) { bytes in
        let whole: JSON
        let selected = try? JSON.parse(bytes, only: selection)
        do throws(JSONError) { whole = try JSON.parse(bytes) } catch {
            // Beside the selection, a number may be as large as it wants.
            return try require(selected == nil || error.reason == "a number too large", "taken, in spite of \(error)")
        }
        guard let selected else { throw Complaint("refused: \(whole.text)") }
        try requireEqual(selected, chosen(whole, selection) ?? .null, "not what was selected of \(whole.text)")
    }

    /// The meaning of a selection, told again.
    private static func chosen(_ value: JSON, _ selection: JSONSelection) -> JSON? {
        switch (selection, value) {
        case (.scalar, .array), (.scalar, .object): return nil
        case (.scalar, _): return value
        case (.members(let wanted), .object(let members)):
            var kept: [String: JSON] = [:]
            for (name, inner) in wanted {
                if let member = members[name] { kept[name] = chosen(member, inner) }
            }
            return .object(kept)
        case (.items(let inner, let maxCount), .array(let items)):
            return .array(items.prefix(maxCount).map { chosen($0, inner) ?? .null })
        default: return nil
        }
    }
}
