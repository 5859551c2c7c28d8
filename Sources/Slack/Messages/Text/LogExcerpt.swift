import Deploys

/// The end of a log, for a message: whole lines, without secrets and what was meant for a terminal.
struct LogExcerpt {
    static let maxLineUnits = 400

    /// Escaped, ready to stand between two fences.
    let text: String
    let shownCount: Int
    let lineCount: Int

    init(_ lines: [String], maxUnits: Int) {
        lineCount = lines.count
        var kept: [String] = []
        var units = 0
        // The end of a log tells more than its beginning.
        for line in LineMask.masked(lines, by: .shapes).reversed() {
            let shown = Self.shown(line)
            units += shown.utf16.count + 1
            guard units <= maxUnits else { break }
            kept.append(shown)
        }
        shownCount = kept.count
        text = kept.reversed().joined(separator: "\n")
    }

    private static func shown(_ line: String) -> String {
        let visible = Terminal.visible(line).replacing("\t", with: "    ")
        let cut = ForeignText.log(visible, maxUnits: maxLineUnits)
        return Mrkdwn.escaped(cut.replacingEvery("```", with: "'''"))
    }
}
