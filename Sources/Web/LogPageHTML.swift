import Deploys
import Foundation

/// A log page as HTML. Pure.
struct LogPageHTML {
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

    /// - Parameter mask: also of what an earlier version wrote without one.
    init(_ operation: Deploys.Operation, label: String, excerpts: [Excerpt], mask: SecretMask) {
        title = Self.title(operation, label)
        facts = Self.facts(operation).map(mask.masked)
        refreshes = !operation.isFinished
        content = excerpts.isEmpty
            ? "<p>\(Self.escaped(Self.nothing(operation)))</p>"
            : excerpts.map { Self.section($0, mask) }.joined(separator: "\n")
    }

    private init(title: String, sentence: String) {
        self.title = title
        facts = []
        refreshes = false
        content = "<p>\(Self.escaped(sentence))</p>"
    }

    static func notHere(_ sentence: String) -> LogPageHTML { LogPageHTML(title: "No log here", sentence: sentence) }

    var text: String {
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        \(refreshes ? "<meta http-equiv=\"refresh\" content=\"\(Self.refreshSeconds)\">" : "")
        <title>\(Self.escaped(title))</title><style>\(Self.style)</style></head>
        <body><header><h1>\(Self.escaped(title))</h1>
        <p class="facts">\(facts.map(Self.escaped).joined(separator: " &nbsp;·&nbsp; "))</p></header>
        <main>\(content)</main></body></html>
        """
    }

    private static func title(_ operation: Deploys.Operation, _ label: String) -> String {
        let target = operation.environment.map { " to \($0)" } ?? ""
        return switch operation.kind {
        case .build: "Build of \(label)"
        case .deploy: "Deploy of \(label)\(target)"
        case .push: operation.environment == nil ? "Build of \(label)" : "Deploy of \(label)\(target)"
        case .register: "Registration of \(label)"
        case .deregister: "Deregistration of \(label)"
        case .repair: "Repair of \(label)"
        }
    }

    private static func facts(_ operation: Deploys.Operation) -> [String] {
        [
            operation.state.rawValue, operation.revision?.text,
            operation.commit.map { "\($0.id.short) \($0.subject)" }, operation.buildNumber.map { "build \($0)" },
            operation.createdAt.formatted(.iso8601),
        ].compactMap { $0 }
    }

    private static func nothing(_ operation: Deploys.Operation) -> String {
        if !operation.isFinished { return "Nothing was built yet. This page loads itself again." }
        return operation.buildNumber == nil ? "Nothing was built." : "The log of this build is no longer kept."
    }

    private static func section(_ excerpt: Excerpt, _ mask: SecretMask) -> String {
        let heading = excerpt.title.map { "<h2>\(escaped($0))</h2>" } ?? ""
        let cut = excerpt.isCut ? "<p class=\"facts\">The beginning is left out.</p>" : ""
        let text = escaped(plain(mask.masked(excerpt.text)))
        return "<section>\(heading)\(cut)<pre tabindex=\"0\">\(text)</pre></section>"
    }

    /// Without the sequences that colour a terminal (ECMA-48, section 5.4) and other characters that steer one.
    private static func plain(_ text: String) -> String {
        let uncoloured = text.replacing(#/\u{1B}\[[0-9;?]*[ -\/]*[@-~]/#, with: "")
        return String(String.UnicodeScalarView(uncoloured.unicodeScalars.filter {
            $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control
        }))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static let style = """
        :root{color-scheme:light dark}
        body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1.5rem}
        h1{font-size:1.3rem;margin:0}h2{font-size:1rem;margin:1.5rem 0 .25rem}
        .facts{color:#777;margin:.25rem 0 1rem}
        pre{background:#8881;border-radius:6px;font:13px/1.45 ui-monospace,monospace;margin:0;
        overflow-x:auto;overflow-wrap:anywhere;padding:1rem;white-space:pre-wrap}
        """
}
