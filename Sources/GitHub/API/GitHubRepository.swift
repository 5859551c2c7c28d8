import Deploys
import JSON

/// A repository as GitHub knows it.
package struct GitHubRepository: Sendable, Equatable {
    /// Stays the same when the repository is renamed or transferred.
    package let id: Int
    /// What it is called now.
    package let name: AppID
    package let defaultBranch: String
    package let isArchived: Bool

    /// Reads a repository of the REST API or of a webhook.
    package init(_ json: JSON) throws(GitHubError) {
        guard let id = json["id"]?.int, let full = json["full_name"]?.string,
            let name = AppID(parsing: full, defaultOrganisation: ""), !name.organisation.isEmpty,
            let branch = json["default_branch"]?.string, !branch.isEmpty
        else { throw .malformed("a repository without a well-formed `id`, `full_name` or `default_branch`") }
        self.id = id
        self.name = name
        defaultBranch = branch
        isArchived = json["archived"]?.bool ?? false
    }
}

extension GitHubClient {
    /// Also by a name that the repository no longer has: GitHub redirects.
    package func repository(_ name: AppID) async throws(GitHubError) -> GitHubRepository {
        let call = GitHubCall(.get, GitHubCall.path(of: name))
        return try GitHubRepository(try await send(call, of: name, for: .reading).json())
    }
}
