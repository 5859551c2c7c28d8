import JSON

/// A reply in the thread: a title, and lines as they were written.
enum Detail {
    /// What the title and the fences leave of a section.
    static let maxExcerptUnits = Limits.maxSectionUnits - 250

    static func blocks(_ title: String, _ lines: [String]) -> [JSON] {
        let excerpt = LogExcerpt(lines, maxUnits: maxExcerptUnits)
        let cut = excerpt.shownCount < excerpt.lineCount
            ? " (the last \(excerpt.shownCount) of \(excerpt.lineCount) lines)" : ""
        // As one text, so that no line of the excerpt is taken for a paragraph of its own.
        return [Blocks.section(["*\(Mrkdwn.words(title))*\(cut)\n```\n\(excerpt.text)\n```"])]
    }
}
