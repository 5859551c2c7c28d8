import Deploys
import Foundation

/// Where a GitHub is: its pages and repositories, and its REST API.
package struct GitHubAddress: Sendable, Equatable {
    /// `https://github.com`, or an Enterprise Server's; without a slash at its end.
    package let web: String
    /// `https://api.github.com` or `https://HOST/api/v3`; without a slash at its end.
    package let api: String

    /// - Parameter api: nil derives it from `web`: github.com and GHE.com have a host of their own for it
    ///   (docs.github.com, "Getting started with the REST API"), an Enterprise Server has a path.
    package init(web: String = "https://github.com", api: String? = nil) {
        self.web = Self.trimmed(web)
        self.api = Self.trimmed(api ?? Self.api(of: self.web))
    }

    package func cloneURL(of app: AppID) -> String { "\(web)/\(app.organisation)/\(app.name).git" }

    package func commitURL(of commit: CommitID, in app: AppID) -> String {
        "\(web)/\(app.organisation)/\(app.name)/commit/\(commit.sha)"
    }

    /// Whether a token that is meant for the API may be sent there: same scheme, host and port (RFC 6454),
    /// and below the same path.
    func isOurs(_ url: String) -> Bool {
        guard let ours = URL(string: api), let theirs = URL(string: url), let host = theirs.host() else { return false }
        let path = ours.path()
        return host.lowercased() == ours.host()?.lowercased() && theirs.scheme == ours.scheme
            && Self.port(theirs) == Self.port(ours) && theirs.user() == nil && theirs.password() == nil
            && (path.isEmpty || theirs.path().hasPrefix(path + "/"))
    }

    private static func api(of web: String) -> String {
        guard let url = URL(string: web), let host = url.host()?.lowercased() else { return web }
        if host == "github.com" || host.hasSuffix(".ghe.com") { return web.replacing("://", with: "://api.") }
        return web + "/api/v3"
    }

    private static func port(_ url: URL) -> Int { url.port ?? (url.scheme == "http" ? 80 : 443) }

    private static func trimmed(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}
