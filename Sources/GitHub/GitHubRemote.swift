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

    /// What lets Git read the repository.
    package struct Access: Sendable {
        /// For one run of Git: tokens end.
        package let environment: [String: String]
        /// Another one when GitHub does not take the first; nil when there is none.
        package let renewed: @Sendable () async -> [String: String]?
    }

    package func access(to app: AppID) async throws(SourceError) -> Access {
        let authorization: GitHubAuthorization
        do throws(GitHubError) { authorization = try await credentials.authorization(for: app, .reading) } catch {
            throw error.sourceError
        }
        return Access(environment: environment(authorization.secret)) {
            guard await credentials.refused(authorization) else { return nil }
            return try? await environment(credentials.authorization(for: app, .reading).secret)
        }
    }

    /// Git's configuration by environment (git-config, `GIT_CONFIG_COUNT`): HTTP basic authentication as GitHub
    /// takes it for tokens, sent to this server only.
    private func environment(_ token: GitHubSecret) -> [String: String] {
        let basic = Data("x-access-token:\(token.value)".utf8).base64EncodedString()
        return [
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.\(address.web)/.extraHeader",
            "GIT_CONFIG_VALUE_0": "Authorization: Basic \(basic)",
        ]
    }
}
