import Deploys
import Foundation

/// How Git reads a repository on GitHub. The token travels in the environment of the Git process (which Git reads
/// as configuration), never in a URL, an argument or a file.
package struct GitHubRemote: Sendable {
    private let baseURL: String
    private let token: String?

    /// - Parameter baseURL: `https://github.com`, or a GitHub Enterprise Server's.
    package init(baseURL: String, token: String?) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.token = token
    }

    package func cloneURL(of app: AppID) -> String { "\(baseURL)/\(app.organisation)/\(app.name).git" }

    package func commitURL(of commit: CommitID, in app: AppID) -> String {
        "\(baseURL)/\(app.organisation)/\(app.name)/commit/\(commit.sha)"
    }

    /// Git's configuration by environment (git-config, `GIT_CONFIG_COUNT`): HTTP basic authentication as GitHub
    /// takes it for tokens, sent to this server only.
    package var gitEnvironment: [String: String] {
        guard let token else { return [:] }
        let credentials = Data("x-access-token:\(token)".utf8).base64EncodedString()
        return [
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.\(baseURL)/.extraHeader",
            "GIT_CONFIG_VALUE_0": "Authorization: Basic \(credentials)",
        ]
    }
}
