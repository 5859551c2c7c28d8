import Crypto
import Deploys
import JSON

/// Branches as the REST API lists them (docs.github.com, "REST API endpoints for Git references"): a request
/// that is answered with "not modified", and costs nothing, as long as no branch moves.
package struct GitHubHeads: BranchHeads {
    private let client: GitHubClient
    private let name: @Sendable (AppID) async -> AppID

    /// A repository with more branches is refused rather than half read.
    static let maxBranches = 20_000

    /// - Parameter name: what an app's repository is called now.
    package init(_ client: GitHubClient, name: @escaping @Sendable (AppID) async -> AppID = { $0 }) {
        self.client = client
        self.name = name
    }

    package func heads(of app: AppID, since tag: String?) async throws(SourceError) -> BranchHeadsAnswer {
        do throws(GitHubError) { return try await ask(await name(app), tag.flatMap(Tag.init)) } catch {
            // So GitHub says that there is no commit yet.
            if case .conflict = error { return .heads([:], tag: nil) }
            throw error.sourceError
        }
    }

    /// One request, also where branches are many: of the references that begin with a name, it comes first.
    package func head(of branch: String, app: AppID) async throws(SourceError) -> CommitID? {
        let app = await name(app)
        let path = branch.split(separator: "/", omittingEmptySubsequences: false)
            .map { GitHubCall.escape(String($0)) }.joined(separator: "/")
        let call = GitHubCall(
            .get, GitHubCall.path(of: app, "git/matching-refs/heads/\(path)"),
            query: [("per_page", String(GitHubClient.itemsPerPage))])
        do throws(GitHubError) {
            let answer = try await client.send(call, of: app, for: .reading)
            return Self.heads(try answer.json().array ?? [])[branch]
        } catch {
            if case .conflict = error { return nil }
            throw error.sourceError
        }
    }

    private func ask(_ app: AppID, _ known: Tag?) async throws(GitHubError) -> BranchHeadsAnswer {
        var call = GitHubCall(
            .get, GitHubCall.path(of: app, "git/matching-refs/heads/"),
            query: [("per_page", String(GitHubClient.itemsPerPage))])
        call.knownTag = known?.entity
        let first = try await client.send(call, of: app, for: .reading)
        if first.isNotModified { return .unchanged }
        var references = first.nextPage == nil ? try first.json().array : nil
        if references == nil {
            call.knownTag = nil
            references = try await client.list(call, of: app, for: .reading, maxItems: Self.maxBranches)
        }
        let heads = Self.heads(references ?? [])
        let found = Tag(heads, entity: first.nextPage == nil ? first.tag : nil)
        return found.digest == known?.digest ? .unchanged : .heads(heads, tag: found.text)
    }

    private static func heads(_ references: [JSON]) -> [String: CommitID] {
        var heads: [String: CommitID] = [:]
        for reference in references {
            guard let name = reference["ref"]?.string, name.hasPrefix("refs/heads/"),
                let sha = reference.at("object", "sha")?.string, let id = CommitID(sha)
            else { continue }
            heads[String(name.dropFirst("refs/heads/".count))] = id
        }
        return heads
    }

    /// What the answers were marked with, and what was in them: the marks change with the token that asks
    /// (RFC 9110, section 12.5.5), what is in them does not.
    private struct Tag {
        let digest: String
        /// Nil when there was more than one page: then each page has its own.
        let entity: String?

        init(_ heads: [String: CommitID], entity: String?) {
            let lines = heads.map { "\($0.value.sha) \($0.key)\n" }.sorted().joined()
            digest = hex(sha256(Array(lines.utf8)))
            self.entity = entity
        }

        init?(_ text: String) {
            let parts = text.split(separator: " ", maxSplits: 1)
            guard let digest = parts.first else { return nil }
            self.digest = String(digest)
            entity = parts.count > 1 ? String(parts[1]) : nil
        }

        var text: String { entity.map { "\(digest) \($0)" } ?? digest }
    }
}
