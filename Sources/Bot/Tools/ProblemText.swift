import AppFile
import JSON

/// Problems as people, editors and programs read them.
package struct ProblemText: Sendable {
    private let terminal: Terminal
    /// Of each file, for a terminal.
    private let lines: [String: [ArraySlice<UInt8>]]

    /// - Parameter sources: the files that the problems are in, by path.
    package init(sources: [String: [UInt8]], for terminal: Terminal) {
        self.terminal = terminal
        lines = terminal.isInteractive
            ? sources.mapValues { $0.split(separator: 0x0A, omittingEmptySubsequences: false) } : [:]
    }

    /// One line each; in a terminal, followed by the line of the source with a mark below the place.
    package func text(_ problems: [Problem]) -> String {
        problems.map { heading($0) + "\n" + (terminal.isInteractive ? excerpt($0) : "") }.joined()
    }

    /// An array of objects with `path`, `line`, `column`, `severity` and `message`.
    package static func json(_ problems: [Problem]) -> String {
        let items = problems.map { problem -> JSON in
            [
                "path": .string(problem.path), "line": .int(problem.line), "column": .int(problem.column),
                "severity": .string(problem.severity.rawValue), "message": .string(problem.message),
            ]
        }
        return JSON.array(items).prettyText + "\n"
    }

    private func heading(_ problem: Problem) -> String {
        let place = "\(problem.path):\(problem.line):\(problem.column):"
        let severity = "\(problem.severity.rawValue):"
        guard terminal.hasColours else { return "\(place) \(severity) \(problem.message)" }
        let colour = problem.severity == .error ? Style.red : Style.yellow
        return "\(Style.bold)\(place) \(colour)\(severity)\(Style.end) \(problem.message)"
    }

    private func excerpt(_ problem: Problem) -> String {
        guard let lines = lines[problem.path], lines.indices.contains(problem.line - 1),
            let excerpt = SourceExcerpt(of: lines[problem.line - 1], column: problem.column)
        else { return "" }
        let number = String(problem.line)
        let margin = String(repeating: " ", count: number.utf8.count)
        let mark = terminal.hasColours ? "\(Style.green)^\(Style.end)" : "^"
        return " \(number) | \(excerpt.text)\n \(margin) | \(excerpt.indentation)\(mark)\n"
    }

    /// ECMA-48, section 8.3.117.
    private enum Style {
        static let end = "\u{1B}[0m"
        static let bold = "\u{1B}[1m"
        static let red = "\u{1B}[31m"
        static let green = "\u{1B}[1;32m"
        static let yellow = "\u{1B}[33m"
    }
}
