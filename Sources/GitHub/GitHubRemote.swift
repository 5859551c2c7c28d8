import Deploys
import Foundation

/// How Git reads a repository on GitHub. The token travels in the environment of the Git process (which Git
/// reads as configuration), never in a URL, an argument or a file.
package struct GitHubRemote: Sendable {
    private let address: GitHubAddress
    private let credentials: GitHubCredentials

    package init(_ client: GitHubClient) {
        address = client.address
        credentials = client.credentials
    }

    package func cloneURL(of app: AppID) -> String { address.cloneURL(of: app) }

    package func commitURL(of commit: CommitID, in app: AppID) -> String { address.commitURL(of: commit, in: app) }

    /// Git's configuration by environment (git-config, `GIT_CONFIG_COUNT`): HTTP basic authentication as
    /// GitHub takes it for tokens, sent to this server only. Good for one run of Git: tokens end.
    package func gitEnvironment(for app: AppID) async throws(SourceError) -> [String: String] {
        let token: GitHubSecret
        do throws(GitHubError) { token = try await credentials.authorization(for: app, .reading).secret } catch {
            throw error.sourceError
        }
        let basic = Data("x-access-token:\(token.value)".utf8).base64EncodedString()
        return [
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.\(address.web)/.extraHeader",
            "GIT_CONFIG_VALUE_0": "Authorization: Basic \(basic)",
        ]
    }
}
