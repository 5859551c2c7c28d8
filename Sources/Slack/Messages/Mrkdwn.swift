/// Slack's text format (docs.slack.dev, "Formatting text for app surfaces").
enum Mrkdwn {
    /// `&`, `<` and `>` and nothing else.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    static func unescaped(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }

    /// Somebody's words on one line: escaped, shortened, and with nothing that would format the rest.
    static func words(_ text: String, maxCharacters: Int = 120) -> String {
        let line = text.map { $0.isNewline ? " " : $0 }.filter { character in
            !character.unicodeScalars.contains {
                $0.properties.isBidiControl || $0.properties.generalCategory == .control
            }
        }
        let cut = line.count > maxCharacters ? String(line.prefix(maxCharacters - 1)) + "…" : String(line)
        // A zero-width space keeps `*`, `_`, `~` and backticks from pairing up with others.
        return escaped(cut).reduce(into: "") { result, character in
            result.append(character)
            if "*_~`".contains(character) { result.append("\u{200B}") }
        }
    }

    /// Words that can be copied as they are.
    static func code(_ text: String, maxCharacters: Int = 120) -> String {
        "`\(escaped(String(text.filter { $0 != "`" }.prefix(maxCharacters))))`"
    }

    static func link(_ url: String, _ label: String) -> String {
        let target = url.replacing("|", with: "%7C").replacing(">", with: "%3E").replacing("<", with: "%3C")
            .replacing("&", with: "&amp;")
        return "<\(target)|\(words(label))>"
    }
}
