import Deploys
import Foundation
import GitHub
import Images

/// Where repositories are read from, as the settings say.
struct SourceParts: Sendable {
    let repositories: GitSource
    let heads: any BranchHeads

    init(_ basics: Basics) throws {
        let work = basics.state.appending(path: "git", directoryHint: .isDirectory)
        let (environment, options) = (basics.settings.programEnvironment, basics.settings.git)
        switch basics.settings.source {
        case .directory(let path):
            let remotes = DirectoryRemotes(
                root: URL(filePath: path, directoryHint: .isDirectory),
                defaultOrganisation: basics.naming.defaultOrganisation)
            repositories = try GitSource(workDirectory: work, environment: environment, options: options) {
                remotes.remote(of: $0)
            }
            heads = repositories
        case .github:
            let name = Self.presentName(basics)
            // The settings have none when they are made by hand; then there is no repository.
            let remote = basics.gitHub.map(GitHubRemote.init)
            repositories = try GitSource(workDirectory: work, environment: environment, options: options) {
                (app: AppID) async throws(SourceError) -> GitRemote? in
                guard let remote else { return nil }
                return try await Self.remote(remote, await name(app))
            }
            heads = basics.gitHub.map { GitHubHeads($0, name: name) } ?? repositories
        }
    }

    private static func remote(_ remote: GitHubRemote, _ name: AppID) async throws(SourceError) -> GitRemote {
        let access = try await remote.access(to: name)
        var found = GitRemote(
            url: remote.cloneURL(of: name), environment: access.environment,
            commitURL: { remote.commitURL(of: $0, in: name) })
        found.renewed = access.renewed
        return found
    }

    /// What an app's repository is called now. GitHub leads former names there, until another repository has one.
    private static func presentName(_ basics: Basics) -> @Sendable (AppID) async -> AppID {
        let journal = basics.journal
        return { id in
            // A journal that can't be read stops all else, too.
            guard let app = try? await journal.app(id) else { return id }
            return app.repositoryName
        }
    }
}
