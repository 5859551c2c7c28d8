import Deploys

/// A repository that Git can read, and what Git has to know to do so.
package struct GitRemote: Sendable {
    /// An absolute path, or a URL that `git fetch` takes. It is visible in the list of processes and
    /// shown in errors, so it holds no credentials.
    package var url: String

    /// Added to Git's environment, for credentials: an `Authorization` header goes into
    /// `http.extraHeader` through GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0 and GIT_CONFIG_VALUE_0
    /// (git-config(1), ENVIRONMENT).
    package var environment: [String: String]

    /// Asked once when the server refuses `environment`: credentials that ended early. Nil when there are no others.
    package var renewed: @Sendable () async -> [String: String]? = { nil }

    /// Where people read a commit; nil when the source has no pages.
    package var commitURL: @Sendable (CommitID) -> String?

    package init(
        url: String, environment: [String: String] = [:],
        commitURL: @escaping @Sendable (CommitID) -> String? = { _ in nil }
    ) {
        self.url = url
        self.environment = environment
        self.commitURL = commitURL
    }

    /// As errors name it.
    var shownURL: String { redacted(url) }

    /// The text without anything secret: no user information in URLs, no value of `environment`.
    func redacted(_ text: String) -> String {
        var clean = text.replacing(#/://[^\/@\s]*@/#, with: "://")
        for value in environment.values where value.utf8.count >= Self.minSecretBytes {
            clean = clean.replacingEvery(value, with: "***")
        }
        return clean
    }

    /// Shorter values ("1", "http.extraHeader" counts) are no secrets and occur in ordinary words.
    private static let minSecretBytes = 8
}
