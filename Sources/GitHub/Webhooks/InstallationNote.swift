import Deploys
import JSON

extension GitHubCredentials {
    /// Takes from a webhook where the App is installed, or that what is known of an installation no longer holds. A
    /// delivery can be an old one: it is a hint, and what it leads to is looked up again where it does not fit.
    func learn(from payload: JSON, of event: WebhookEvent) async {
        // Webhooks of a repository or an organisation have no installation.
        guard let installation = payload.at("installation", "id")?.int else { return }
        switch event {
        case .installation, .installationRepositories: await forget(installation: installation)
        default:
            guard let repository = try? payload.sourceRepository(), let id = repository.id else { return }
            await note(installation: installation, repositoryID: Int(id), of: repository.name)
        }
    }
}
