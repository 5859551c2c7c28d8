import AppFile
import Foundation

/// A check as it is shown: secrets are out of it, and what others wrote is harmless.
package struct CheckPage: Sendable, Equatable {
    package struct Annotation: Sendable, Equatable {
        package let path: String
        package let line: Int
        package let column: Int
        package let isWarning: Bool
        package let message: String
    }

    package let mark: CheckMark
    /// Plain text.
    package let title: String
    /// Markdown.
    package let summary: String
    package let annotations: [Annotation]

    /// GitHub takes 65,535 characters.
    static let maxSummaryBytes = 60_000
    /// Of each log.
    static let maxLogLines = 60
    static let maxSuccessfulLogLines = 15
    static let maxLogLineScalars = 400
    static let maxLogBytes = 32 << 10
    /// More logs of a build are not shown.
    static let maxLogs = 20
    static let maxListedProblems = 20
    static let maxListedMessageScalars = 300
    static let maxParagraphScalars = 2_000
    static let maxMessageScalars = 1_000
    /// Of a text that is looked at.
    static let maxTextScalars = 50_000

    /// - Parameter logs: the ends of the logs that the mark asks for, by the names of their applings.
    init(
        _ mark: CheckMark, logs: [(appling: String, end: LogEnd)],
        mask maskOfSecrets: @escaping @Sendable (String) -> String
    ) {
        self.mark = mark
        // What can't be seen may stand within a secret: it is taken out first.
        let mask = { text in maskOfSecrets(CommitMarkdown.line(text, maxScalars: Self.maxTextScalars)) }
        title = CommitMarkdown.line(mask(mark.title), maxScalars: 200)
        annotations = mark.problems.map { problem in
            Annotation(
                path: problem.path, line: max(problem.line, 1), column: max(problem.column, 1),
                isWarning: problem.severity == .warning,
                message: CommitMarkdown.line(mask(problem.message), maxScalars: Self.maxMessageScalars))
        }
        var parts = mark.paragraphs.map {
            CommitMarkdown.paragraph(mask($0), maxScalars: Self.maxParagraphScalars)
        }
        if !mark.problems.isEmpty { parts.append(Self.list(mark.problems, mask)) }
        var room = Self.maxSummaryBytes - parts.reduce(0) { $0 + $1.utf8.count + 2 }
        let isSuccess = mark.state == .completed(.success)
        for (appling, end) in logs.prefix(Self.maxLogs) {
            let most = isSuccess ? Self.maxSuccessfulLogLines : Self.maxLogLines
            guard let part = Self.log(appling, end, maxLines: most, maxBytes: room - 200, maskOfSecrets) else {
                continue
            }
            room -= part.utf8.count + 2
            parts.append(part)
        }
        summary = parts.joined(separator: "\n\n")
    }

    private static func list(_ problems: [Problem], _ mask: (String) -> String) -> String {
        var lines = problems.prefix(maxListedProblems).map { problem in
            let place = "\(problem.path):\(problem.line):\(problem.column)"
            let message = CommitMarkdown.paragraph(mask(problem.message), maxScalars: maxListedMessageScalars)
            let shown = CommitMarkdown.paragraph("`\(place)`", maxScalars: 300)
            return "- \(shown) \(problem.severity.rawValue): \(message)"
        }
        if problems.count > maxListedProblems { lines.append("- … and \(problems.count - maxListedProblems) more") }
        return lines.joined(separator: "\n")
    }

    /// The last lines, as many as fit.
    private static func log(
        _ appling: String, _ end: LogEnd, maxLines: Int, maxBytes: Int, _ mask: (String) -> String
    ) -> String? {
        // The whole text at once: a secret may go over several lines.
        let all = mask(LogText.plain(end.text)).split(whereSeparator: \.isNewline)
        var lines: [String] = []
        var bytes = 0
        for line in all.reversed() {
            let shown = CommitMarkdown.code(String(line), maxScalars: maxLogLineScalars)
            bytes += shown.utf8.count + 1
            guard lines.count < maxLines, bytes <= maxBytes else { break }
            lines.insert(shown, at: 0)
        }
        guard !lines.isEmpty else { return nil }
        let isWhole = lines.count == all.count && !end.isCut
        let whose = appling.isEmpty ? "the log" : "the log of `\(appling)`"
        let heading = isWhole ? whose.prefix(1).uppercased() + whose.dropFirst() : "The last lines of \(whose)"
        return CommitMarkdown.paragraph("\(heading):", maxScalars: 200) + "\n\n" + CommitMarkdown.codeBlock(lines)
    }
}

extension DeploymentMark {
    /// docs.github.com, "REST API endpoints for deployment statuses".
    package static let maxDescriptionCharacters = 140

    /// The description as it is shown: plain text.
    package func shownDescription(mask: (String) -> String) -> String {
        Self.short(mask(CommitMarkdown.line(description, maxScalars: CheckPage.maxTextScalars)))
    }

    package static func short(_ text: String) -> String {
        let line = CommitMarkdown.line(text.replacingEvery("`", with: ""), maxScalars: 1_000)
        // In UTF-16 units, whichever way GitHub counts.
        guard line.utf16.count > maxDescriptionCharacters else { return line }
        var kept = ""
        for character in line where kept.utf16.count + character.utf16.count < maxDescriptionCharacters {
            kept.append(character)
        }
        return kept + "…"
    }
}
