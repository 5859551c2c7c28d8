import Deploys
import Foundation
import JSON

/// The log page as HTML, before its script fills it. Pure.
struct LogPageHTML {
    let title: String
    let environment: String?
    /// Where the page is, below which its other parts are.
    let base: String
    let view: JSON
    /// Who is signed in; nil for whoever came by a link.
    let person: String?

    private var withoutScript: String {
        "<noscript><meta http-equiv=\"refresh\" content=\"0; url=\(HTML.escaped(base))?plain\"></noscript>"
    }

    var text: String {
        """
        \(HTML.head(fullTitle, withoutScript, HTML.script(LogAssets.scriptPath)))
        <body data-base="\(HTML.escaped(base))" data-title="\(HTML.escaped(fullTitle))" \
        data-state="\(HTML.escaped(view["state"]?.string ?? ""))">
        <header class="top">
        \(signedIn)
        <h1><span>\(HTML.escaped(title))</span>\(badge)</h1>
        <p class="status"><span id="state" role="status">\(HTML.escaped(view["words"]?.string ?? ""))</span>
        <span id="elapsed"></span> <span id="live"></span> <span id="sites"></span></p>
        <p id="detail" hidden></p>
        <p id="facts"></p>
        </header>
        <main>
        \(Self.bar)
        <p id="notice" role="status" hidden></p>
        <p id="empty">Loading the log…</p>
        <div id="logs"></div>
        <noscript><p><a href="\(HTML.escaped(base))?plain">Read the log without JavaScript</a></p></noscript>
        </main>
        <button type="button" id="jump" class="button" hidden title="Key G">Jump to the end ↓</button>
        <script type="application/json" id="view">\(embedded)</script>
        </body>
        </html>
        """
    }

    private var fullTitle: String { title + (environment.map { " to \($0)" } ?? "") }

    private var badge: String {
        guard let environment else { return "" }
        let isProd = environment.lowercased() == "prod"
        let shown = isProd ? "PROD" : environment
        return "<span class=\"badge\(isProd ? " prod" : "")\">\(HTML.escaped(shown))</span>"
    }

    private var signedIn: String {
        guard let person else { return "" }
        return """
            <div class="person">\(HTML.escaped(person))<form method="post" action="/slack/sign-out">\
            <button type="submit">Sign out</button></form></div>
            """
    }

    /// No end of a script stands in it, whatever the values are (WHATWG HTML, section 4.12.1.3).
    private var embedded: String { view.text.replacingEvery("<", with: "\\u003c") }

    private static let bar = """
        <div id="bar" hidden>
        <div id="short" hidden aria-hidden="true"><strong id="short-title"></strong> <span id="short-state"></span></div>
        <div id="tabs" role="tablist" aria-label="Applings" hidden></div>
        <label class="unseen" for="search">Search in the log</label>
        <input id="search" type="search" placeholder="Search ( / )" autocomplete="off" spellcheck="false" maxlength="200">
        <button type="button" id="previous" class="button" disabled title="Previous match: N, Shift+Enter" \
        aria-label="Previous match">↑</button>
        <button type="button" id="next" class="button" disabled title="Next match: n, Enter" aria-label="Next match">↓</button>
        <span id="count" role="status"></span>
        <span class="space"></span>
        <button type="button" id="fold" class="button" title="Key e">Fold<span class="wide"> or unfold all</span></button>
        <a id="raw" class="button" href="#">Raw</a>
        <a id="raw-colours" class="button wide" href="#">Raw with colours</a>
        </div>
        """
}
