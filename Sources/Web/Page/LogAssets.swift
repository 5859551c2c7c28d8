import Crypto
import HTTP

/// The page's script and style: each version has an address of its own, and so may be kept for as long as one likes.
enum LogAssets {
    static let scriptPath = path("log.js", LogScript.text, in: folder)
    static let stylePath = path("log.css", LogStyle.text, in: folder)
    static let signInScriptPath = path("sign-in.js", SignInScript.text, in: folder)
    private static let folder = "/operations/assets/"

    /// Nil for a path that is none of theirs.
    static func answer(_ path: String) -> HTTPResponse? {
        switch path {
        case scriptPath: file(LogScript.text, "text/javascript; charset=utf-8")
        case signInScriptPath: file(SignInScript.text, "text/javascript; charset=utf-8")
        case stylePath: file(LogStyle.text, "text/css; charset=utf-8")
        case _ where path.hasPrefix(folder): outdated
        default: nil
        }
    }

    static let outdated = HTTPResponse.text(404, "This version of the page is no longer here. Load the page again.\n")

    static func path(_ name: String, _ text: String, in folder: String) -> String {
        folder + hex(Array(sha256(Array(text.utf8)).prefix(8))) + "/" + name
    }

    static func file(_ text: String, _ type: String) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": type, "Cache-Control": "public, max-age=31536000, immutable",
                "X-Content-Type-Options": "nosniff",
            ], body: .bytes(Array(text.utf8)))
    }
}
