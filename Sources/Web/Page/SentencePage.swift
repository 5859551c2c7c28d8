import HTTP

/// A page that says one thing, and perhaps where to go from there.
struct SentencePage {
    struct Offer {
        let text: String
        let address: String
    }

    let title: String
    let words: String
    var offer: Offer?

    /// Without scripts.
    static let policy = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"

    func answer(_ status: Int) -> HTTPResponse {
        var headers = PageHeaders.common
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers["Content-Security-Policy"] = offer == nil ? Self.policy : Self.policy + "; script-src 'self'"
        return HTTPResponse(status: status, headers: headers, body: .bytes(Array(text.utf8)))
    }

    private var text: String {
        """
        \(HTML.head(title, offer == nil ? "" : HTML.script(LogAssets.signInScriptPath)))
        <body><header class="top"><h1>\(HTML.escaped(title))</h1></header>
        <main><p>\(HTML.escaped(words))</p>\(offered)</main></body></html>
        """
    }

    private var offered: String {
        guard let offer else { return "" }
        return "<p><a class=\"button\" href=\"\(HTML.escaped(offer.address))\">\(HTML.escaped(offer.text))</a></p>"
    }
}
