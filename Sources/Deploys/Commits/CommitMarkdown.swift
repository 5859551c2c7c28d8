/// Text of anybody, made harmless in GitHub Flavored Markdown (github.github.com/gfm): it mentions nobody, loads
/// nothing, and looks like text.
enum CommitMarkdown {
    /// One paragraph. What stands between two backticks becomes code, as in our own sentences; in the text of others
    /// that is harmless, too.
    static func paragraph(_ text: String, maxScalars: Int) -> String {
        let pieces = line(text, maxScalars: maxScalars).split(separator: "`", omittingEmptySubsequences: false)
        var result = ""
        for (index, piece) in pieces.enumerated() {
            if index % 2 == 1, index < pieces.count - 1, piece.contains(where: { $0 != " " }) {
                // Two backticks beside each other would mean something else.
                result += (result.hasSuffix("`") ? " " : "") + "`\(piece)`"
            } else {
                // A backtick without its second one, or with nothing in between, is left out.
                result += escaped(piece)
            }
        }
        return result
    }

    /// A fence longer than any in the lines keeps them together (section 4.5).
    static func codeBlock(_ lines: [String]) -> String {
        let longest = lines.flatMap { $0.split { $0 != "`" }.map(\.count) }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return ([fence + "text"] + lines + [fence]).joined(separator: "\n")
    }

    /// On one line, without what can't be seen or turns the direction of the rest.
    static func line(_ text: String, maxScalars: Int) -> String {
        var kept = String.UnicodeScalarView()
        var count = 0
        for scalar in LogText.plain(text).unicodeScalars {
            guard count < maxScalars else {
                kept.append("…")
                break
            }
            if scalar.properties.isWhitespace {
                if kept.last == " " { continue }
                kept.append(" ")
            } else if isVisible(scalar) {
                kept.append(scalar)
            } else { continue }
            count += 1
        }
        return String(kept)
    }

    /// One line of a log: blanks stay as they are.
    static func code(_ text: String, maxScalars: Int) -> String {
        let visible = text.unicodeScalars.lazy.filter { $0 == "\t" || isVisible($0) }
        let kept = visible.prefix(maxScalars + 1)
        let isCut = kept.count > maxScalars
        return String(String.UnicodeScalarView(kept.prefix(maxScalars))) + (isCut ? "…" : "")
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        // Emoji and several scripts are made with joiners.
        if scalar.value == 0x200C || scalar.value == 0x200D || (0xFE00...0xFE0F).contains(scalar.value) { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// Any ASCII punctuation may be escaped (section 2.4); `@` and `#` lead to people and issues even then, unless
    /// something stands behind them.
    private static func escaped(_ text: some StringProtocol) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "*", "_", "~", "[", "]", "<", ">", "&", "|", "!", "$", "{", "}", "^", "(", ")", "`", "+", "=",
                "-":
                result.append("\\")
                result.append(scalar)
            case "@":
                result.append("@")
                result.append("\u{200B}")
            case "#":
                result.append("\\")
                result.append("#")
                result.append("\u{200B}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
