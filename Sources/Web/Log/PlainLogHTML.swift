import Deploys
import Foundation

/// The ends of an operation's logs as HTML, for browsers without scripts. Pure.
struct PlainLogHTML {
    struct Excerpt {
        /// The appling's name; nil for an app without applings.
        let title: String?
        let text: String
        let isCut: Bool
    }

    private let title: String
    private let facts: [String]
    private let content: String
    /// Loads itself again while there is more to come.
    private let refreshes: Bool

    static let refreshSeconds = 3

    /// - Parameters:
    ///   - base: where the page with a script is.
    ///   - mask: also of what an earlier version wrote without one.
    init(_ operation: Deploys.Operation, label: String, base: String, excerpts: [Excerpt], mask: SecretMask) {
        let target = OperationWords.environment(operation).map { " to \($0)" } ?? ""
        title = OperationWords.title(operation, label) + target
        facts = Self.facts(operation).map { LogText.plain(mask.masked($0)) }
        refreshes = !operation.isFinished
        let words = OperationWords(operation: operation, report: nil)
        content = excerpts.isEmpty
            ? "<p>\(HTML.escaped(words.empty))</p>"
            : excerpts.map { Self.section($0, base, mask) }.joined(separator: "\n")
    }

    var text: String {
        """
        \(HTML.head(title, refreshes ? "<meta http-equiv=\"refresh\" content=\"\(Self.refreshSeconds)\">" : ""))
        <body><header class="top"><h1>\(HTML.escaped(title))</h1>
        <p id="facts">\(facts.map { "<span>\(HTML.escaped($0))</span>" }.joined(separator: "\n"))</p></header>
        <main>\(content)</main></body></html>
        """
    }

    private static func facts(_ operation: Deploys.Operation) -> [String] {
        [
            operation.state.rawValue, operation.revision?.text,
            operation.commit.map { "\($0.id.short) \($0.subject)" }, operation.buildNumber.map { "build \($0)" },
            operation.createdAt.formatted(.iso8601),
        ].compactMap { $0 }
    }

    private static func section(_ excerpt: Excerpt, _ base: String, _ mask: SecretMask) -> String {
        let heading = excerpt.title.map { "<h2>\(HTML.escaped($0))</h2>" } ?? ""
        let name = LogPosition.encoded(excerpt.title ?? "")
        let raw = "<a href=\"\(HTML.escaped(base))/raw?appling=\(name)\">All of it as text</a>"
        let cut = excerpt.isCut ? "The beginning is left out. " : ""
        let text = HTML.escaped(LogText.plain(mask.masked(excerpt.text)))
        return "<section>\(heading)<p>\(cut)\(raw)</p><pre tabindex=\"0\">\(text)</pre></section>"
    }
}
