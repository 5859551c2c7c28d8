import Deploys
import JSON

/// Reads GitHub's repository and delete payloads (docs.github.com, "Webhook events and payloads").
enum RepositoryPayload {
    static func read(_ payload: JSON) throws(WebhookFieldError) -> WebhookOrder {
        let action = try payload.text("action")
        let repository = try payload.sourceRepository()
        switch action {
        case "renamed", "transferred": return .news([.moved(repository, from: former(payload, repository.name))])
        case "archived": return .news([.archived(repository)])
        case "unarchived": return .news([.unarchived(repository)])
        case "deleted": return .news([.deleted(repository)])
        case "edited" where payload.at("changes", "default_branch") != nil:
            guard let branch = Revision(try payload.text("repository.default_branch")) else {
                throw WebhookFieldError(field: "repository.default_branch")
            }
            return .news([.defaultBranch(branch.text, of: repository)])
        default: return .nothing("That changes nothing here.")
        }
    }

    /// Renaming changes the name, transferring the owner, who is a person or an organisation.
    private static func former(_ payload: JSON, _ now: AppID) -> AppID? {
        let owners = payload.at("changes", "owner", "from")
        let owner = owners?.at("user", "login")?.string ?? owners?.at("organization", "login")?.string
        let name = payload.at("changes", "repository", "name", "from")?.string
        let text = "\(owner ?? now.organisation)/\(name ?? now.name)"
        return AppID(parsing: text, defaultOrganisation: "").flatMap { $0 == now ? nil : $0 }
    }

    static func readDelete(_ payload: JSON) throws(WebhookFieldError) -> WebhookOrder {
        guard try payload.text("ref_type") == "branch" else { return .nothing("Only branches are built.") }
        return .branchDeleted(try payload.text("ref"), of: try payload.sourceRepository())
    }
}
