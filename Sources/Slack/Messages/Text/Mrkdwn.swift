import Deploys
import Foundation

/// Slack's text format (docs.slack.dev, "Formatting message text").
enum Mrkdwn {
    /// Names, subjects: what fits a line beside others.
    static let maxWordsUnits = 120
    /// Long enough for every sentence that is written for people; a program's own words may be longer.
    static let maxSentenceUnits = 1_000

    /// `&`, `<` and `>` and nothing else.
    static func escaped(_ text: String) -> String {
        // Most words have none, and to look three times for it costs more than all the rest of an answer.
        guard hasMarkup(text) else { return text }
        return text.replacingEvery("&", with: "&amp;").replacingEvery("<", with: "&lt;")
            .replacingEvery(">", with: "&gt;")
    }

    /// Whether it has any of the three characters that Slack does not take for themselves.
    static func hasMarkup(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }
    }

    static func unescaped(_ text: String) -> String {
        text.replacingEvery("&lt;", with: "<").replacingEvery("&gt;", with: ">")
            .replacingEvery("&amp;", with: "&")
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

    /// The beginning of a text that is mark-up already: never half an entity, half a link or half a piece of code.
    static func cutMarkup(_ text: String, to maxUnits: Int) -> String {
        guard text.utf16.count > maxUnits else { return text }
        var kept = cut(text, to: maxUnits - 1).dropLast()
        for (opening, closing) in [("<", ">"), ("&", ";")] as [(Character, Character)] {
            guard let start = kept.lastIndex(of: opening), !kept[start...].contains(closing) else { continue }
            kept = kept[..<start]
        }
        return kept.count(where: { $0 == "`" }) % 2 == 0 ? "\(kept)…" : "\(kept)…`"
    }

    /// Somebody's words on one line: escaped, shortened, and with nothing that would format the rest or call anybody.
    static func words(_ text: String, maxUnits: Int = maxWordsUnits) -> String {
        unpaired(escaped(uncalling(ForeignText.line(text, maxUnits: maxUnits))))
    }

    /// A sentence for people, by us or by a program that we ran: it may have code and several lines.
    static func sentence(_ text: String, maxUnits: Int = maxSentenceUnits) -> String {
        let shown = ForeignText.lines(text, maxUnits: maxUnits).replacingEvery("```", with: "'''")
        let escaped = cutMarkup(escaped(uncalling(shown)), to: maxUnits)
        return escaped.count(where: { $0 == "`" }) % 2 == 0 ? escaped : "\(escaped)`"
    }

    /// Words that can be copied as they are.
    static func code(_ text: String, maxUnits: Int = maxWordsUnits) -> String {
        let shown = ForeignText.line(text, maxUnits: maxUnits).replacingEvery("`", with: "")
        return shown.isEmpty ? "` `" : "`\(escaped(shown))`"
    }

    static func link(_ url: String, _ label: String) -> String {
        let target = url.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }.map(String.init).joined()
            .replacingEvery("|", with: "%7C").replacingEvery(">", with: "%3E").replacingEvery("<", with: "%3C")
            .replacingEvery("&", with: "&amp;")
        // A link that is cut leads nowhere.
        guard target.utf16.count <= Limits.maxURLUnits / 4 else { return words(label) }
        return "<\(target)|\(words(label))>"
    }

    /// Slack has no escape for what formats, so look-alikes stand for it: they pair up with nothing of ours. An
    /// underscore within a word formats nothing, and stays.
    private static func unpaired(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "*": result.append("∗")
            case "~": result.append("∼")
            case "`": result.append("'")
            case "_":
                let isInside = index > 0 && index + 1 < scalars.count
                    && isOfWord(scalars[index - 1]) && isOfWord(scalars[index + 1])
                result.append(isInside ? "_" : "ˍ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Letters with their marks, and numbers.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    /// `@channel`, `@here` and `@everyone` call nobody: Slack does not look for them where we ask it not to, and some
    /// other reader of the same text might.
    private static func uncalling(_ text: String) -> String {
        guard text.hasBytes(of: "@") else { return text }
        return ["channel", "here", "everyone"].reduce(text) { text, name in
            text.replacingOccurrences(of: "@\(name)", with: "@\u{200B}\(name)", options: [.caseInsensitive, .literal])
        }
    }
}
