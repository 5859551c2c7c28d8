import Deploys

/// Looks repositories up by name.
package struct GitHubLookup: RepositoryLookup {
    private let client: GitHubClient

    package init(_ client: GitHubClient) { self.client = client }

    package func repository(_ name: AppID) async throws(SourceError) -> SourceRepository {
        do throws(GitHubError) {
            let found = try await client.repository(name)
            return SourceRepository(id: Int64(found.id), name: found.name)
        } catch { throw error.sourceError }
    }
}
