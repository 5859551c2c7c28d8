import Deploys
import JSON

/// Reads GitHub's repository and delete payloads (docs.github.com, "Webhook events and payloads").
enum RepositoryPayload {
    static func read(_ payload: JSON) throws(WebhookFieldError) -> WebhookOrder {
        let action = try payload.text("action")
        let repository = try payload.sourceRepository()
        switch action {
        case "renamed", "transferred": return .news([.moved(repository)])
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

    static func readDelete(_ payload: JSON) throws(WebhookFieldError) -> WebhookOrder {
        guard try payload.text("ref_type") == "branch" else { return .nothing("Only branches are built.") }
        return .branchDeleted(try payload.text("ref"), of: try payload.sourceRepository())
    }
}
