import GitHub
import Kubernetes

extension Settings {
    /// What must never be read in a message, on a page or in a log.
    var secrets: [String] {
        let known = [slack.signingSecret, slack.botToken, slack.client?.secret, github.webhookSecret, gitHubToken]
        return known.compactMap { $0 } + clusterTokens + databases.passwords + (nats?.secrets ?? [])
    }

    private var gitHubToken: String? {
        if case .token(let token) = github.identity { token.value } else { nil }
    }

    /// The others are read while the service runs, and have the shape of tokens.
    private var clusterTokens: [String] {
        if case .token(let token) = cluster.connection.credential { [token] } else { [] }
    }
}
