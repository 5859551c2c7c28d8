import AppFile
import Deploys
import Foundation

/// Repositories that `git` can read, wherever they are.
///
/// Each app has a mirror under the work directory, fetched when something is asked about it. What may
/// be deployed is what branches and tags lead to (or led to when we last looked): other objects of a
/// host, say commits of forks, are not found by their digits.
///
/// Check-outs hold what the commit holds. Symbolic links are kept as links, also those that point
/// outside: readers must not follow them blindly, as `DirectoryTree` and Docker's build context don't.
/// Submodules stay empty folders and Git LFS files pointers, unless the operator wants them: getting them
/// involves addresses that the repository's authors choose, and another program.
package struct GitSource: SourceHost {
    private let remotes: @Sendable (AppID) async throws(SourceError) -> GitRemote?
    let git: GitProgram
    let options: GitOptions
    let workspace: GitWorkspace
    /// One fetch at a time per mirror.
    let fetches = Turnstile()

    /// - Parameters:
    ///   - workDirectory: for mirrors and check-outs, made if absent; used by one process at a time.
    ///     Check-outs that an earlier process left there are removed, and programs it left running ended.
    ///   - environment: where PATH, HOME and proxies are taken from; nothing else of it reaches Git.
    ///   - now: tells which mirrors were not used for the longest time.
    ///   - remotes: nil when there is no such repository.
    /// - Throws: when the work directory can't be made.
    package init(
        workDirectory: URL, environment: [String: String], options: GitOptions = GitOptions(),
        now: @escaping @Sendable () -> Date = { Date() },
        remotes: @escaping @Sendable (AppID) async throws(SourceError) -> GitRemote?
    ) throws(SourceError) {
        self.remotes = remotes
        self.options = options
        let folders = WorkspaceFolders(workDirectory)
        try folders.open()
        git = GitProgram(environment: environment, configuration: folders.configuration)
        workspace = GitWorkspace(folders, maxBytes: options.maxWorkspaceBytes, now: now)
    }

    package func defaultBranch(of app: AppID) async throws(SourceError) -> String {
        let remote = try await remote(of: app)
        let result = try await git.run(
            ["ls-remote", "--symref", "--end-of-options", remote.url, "HEAD", "refs/heads/*"],
            remote: remote, timeLimit: GitMirror.listTimeLimit)
        guard result.exitCode == 0 else { throw GitFailure(result).sourceError(remote) }
        let heads = RemoteHeads(String(decoding: result.output, as: UTF8.self))
        if let branch = heads.defaultBranch { return branch }
        if heads.branches.isEmpty { throw .empty }
        throw .broken("\(remote.shownURL) has no default branch: its HEAD names a branch that doesn't exist.")
    }

    /// Looks at the remote first, so a branch that has just moved is seen. 40 digits always mean the
    /// commit; fewer only when no branch or tag is called that.
    package func resolve(_ revision: Revision, of app: AppID) async throws(SourceError) -> Commit {
        let remote = try await remote(of: app)
        let mirror = mirror(of: app)
        return try await withRoom(mirror) { () async throws(SourceError) in
            commit(try await look(up: revision, in: mirror, of: remote), remote)
        }
    }

    private func look(
        up revision: Revision, in mirror: GitMirror, of remote: GitRemote
    ) async throws(SourceError) -> CommitObject {
        var candidates: [String]
        if let id = CommitID(revision.text) {
            // The digits may also be an annotated tag's own, as a push of one tells them.
            candidates = [id.sha + "^{commit}"]
            if mirror.exists, let object = try await first(of: candidates, in: mirror) { return object }
        } else {
            candidates = ["heads", "tags"].map { "refs/\($0)/\(revision.text)^{commit}" }
            // Without `^{commit}`, which would make Git call ambiguous digits missing.
            if revision.couldBeCommit { candidates.append(revision.text.lowercased()) }
        }
        try await fetching(mirror, of: remote) { () async throws(SourceError) in
            try await mirror.fetchHistory(from: remote)
        }
        if let object = try await first(of: candidates, in: mirror) { return object }
        let names = try await mirror.names()
        if names.isEmpty { throw .empty }
        throw .noSuchRevision(nearest: nearest(to: revision.text, in: names))
    }

    private func first(of names: [String], in mirror: GitMirror) async throws(SourceError) -> CommitObject? {
        for lookup in try await mirror.commits(names) {
            switch lookup {
            case .found(let object): return object
            case .ambiguous: throw .ambiguousRevision
            case .missing: continue
            }
        }
        return nil
    }

    func commit(_ object: CommitObject, _ remote: GitRemote) -> Commit {
        Commit(
            id: object.id, subject: object.subject, author: object.author, url: remote.commitURL(object.id))
    }

    func remote(of app: AppID) async throws(SourceError) -> GitRemote {
        guard isPlausible(app), let remote = try await remotes(app) else { throw .noSuchRepository }
        return remote
    }

    /// Names come from people; as paths and options they must be harmless.
    func isPlausible(_ app: AppID) -> Bool {
        AppID(parsing: "\(app.organisation)/\(app.name)", defaultOrganisation: "") == app
    }

    func mirror(of app: AppID) -> GitMirror {
        GitMirror(name: app.key.replacing("/", with: "+"), folders: workspace.folders, git: git)
    }
}
