import Deploys
import JSON

/// Reads GitHub's installation and installation_repositories payloads (docs.github.com, "Webhook events and payloads"):
/// what our GitHub App may see.
enum InstallationPayload {
    static func read(_ payload: JSON) throws(WebhookFieldError) -> WebhookOrder {
        let action = try payload.text("action")
        switch action {
        case "deleted", "suspend", "unsuspend", "created": break
        default: return .nothing("That changes nothing here.")
        }
        let owner = WebhookText.clipped(try payload.text("installation.account.login"))
        switch action {
        case "deleted": return .news([.accessGivenUp(owner: owner)])
        case "suspend": return .news([.accessSuspended(owner: owner)])
        case "created": return .news(repositories(payload, "repositories").map(RepositoryNews.accessGiven))
        default: return .news([.accessResumed(owner: owner)])
        }
    }

    static func readRepositories(_ payload: JSON) throws(WebhookFieldError) -> WebhookOrder {
        _ = try payload.text("action")
        return .news(
            repositories(payload, "repositories_removed").map(RepositoryNews.accessLost)
                + repositories(payload, "repositories_added").map(RepositoryNews.accessGiven))
    }

    private static func repositories(_ payload: JSON, _ list: String) -> [SourceRepository] {
        (payload[list]?.array ?? []).compactMap { item in
            try? JSON.object(["repository": item]).sourceRepository()
        }
    }
}
