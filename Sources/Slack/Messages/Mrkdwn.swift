/// Slack's text format (docs.slack.dev, "Formatting text for app surfaces").
enum Mrkdwn {
    /// `&`, `<` and `>` and nothing else.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    static func unescaped(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }

    /// The beginning of a text. Slack counts UTF-16 units, and what people see as one character can be thousands.
    static func cut(_ text: String, to maxUnits: Int) -> String {
        guard text.utf16.count > maxUnits else { return text }
        var kept = String.UnicodeScalarView()
        var units = 0
        for scalar in text.unicodeScalars {
            units += UTF16.width(scalar)
            if units >= maxUnits { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }

    /// Somebody's words on one line: escaped, shortened, and with nothing that would format the rest.
    static func words(_ text: String, maxUnits: Int = 120) -> String {
        let line = text.map { $0.isNewline ? " " : $0 }.filter { character in
            !character.unicodeScalars.contains {
                $0.properties.isBidiControl || $0.properties.generalCategory == .control
            }
        }
        // A zero-width space keeps `*`, `_`, `~` and backticks from pairing up with others.
        return escaped(cut(String(line), to: maxUnits)).reduce(into: "") { result, character in
            result.append(character)
            if "*_~`".contains(character) { result.append("\u{200B}") }
        }
    }

    /// Words that can be copied as they are.
    static func code(_ text: String, maxUnits: Int = 120) -> String {
        "`\(escaped(cut(text.filter { $0 != "`" }, to: maxUnits)))`"
    }

    static func link(_ url: String, _ label: String) -> String {
        let target = url.replacing("|", with: "%7C").replacing(">", with: "%3E").replacing("<", with: "%3C")
            .replacing("&", with: "&amp;")
        return "<\(target)|\(words(label))>"
    }
}
