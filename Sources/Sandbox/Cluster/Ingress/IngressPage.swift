import Deploys
import HTTP

/// What a visitor sees when no app answers.
struct IngressPage {
    let status: Int
    let title: String
    let text: String

    static func noRoute(host: String) -> IngressPage {
        IngressPage(
            status: 404, title: "No app answers here",
            text: "No app is deployed under the name “\(host)”. If it should be, deploy it: its URL is in "
                + "the message that says it is live.")
    }

    static func noPod(app: String) -> IngressPage {
        IngressPage(
            status: 503, title: "\(app) is not ready",
            text: "The app is deployed, but none of its pods is ready at the moment. This page tries again "
                + "by itself.")
    }

    static func broken(app: String) -> IngressPage {
        IngressPage(
            status: 502, title: "\(app) broke off",
            text: "The app was reached but gave no complete answer. Its log may say why.")
    }

    static func silent(app: String) -> IngressPage {
        IngressPage(
            status: 504, title: "\(app) is silent",
            text: "The app took the request but did not answer in time. Its log may say why.")
    }

    /// A page for browsers, a line of text for everything else.
    func response(to request: HTTPRequest) -> HTTPResponse {
        var response: HTTPResponse
        if request.headers["Accept"]?.contains("text/html") == true {
            response = HTTPResponse(
                status: status, headers: ["Content-Type": "text/html; charset=utf-8"],
                body: .bytes(Array(html.utf8)))
        } else {
            response = .text(status, "\(title). \(text)\n")
        }
        response.headers["Cache-Control"] = "no-store"
        if status == 503 { response.headers["Retry-After"] = "1" }
        return response
    }

    private var html: String {
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        \(status == 503 ? "<meta http-equiv=\"refresh\" content=\"2\">" : "")
        <title>\(Self.escape(title))</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}
        h1{font-size:1.4rem}small{color:#777}@media(prefers-color-scheme:dark){body{background:#1a1d21;
        color:#ddd}}</style></head>
        <body><h1>\(Self.escape(title))</h1><p>\(Self.escape(text))</p><small>\(status)</small></body></html>
        """
    }

    private static func escape(_ text: String) -> String {
        text.replacingEvery("&", with: "&amp;").replacingEvery("<", with: "&lt;").replacingEvery(">", with: "&gt;")
            .replacingEvery("\"", with: "&quot;")
    }
}
