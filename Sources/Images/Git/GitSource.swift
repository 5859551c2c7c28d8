import AppFile
import Deploys
import Foundation

/// Repositories that `git` can read, wherever they are.
///
/// Each app has a mirror under the work directory, fetched when something is asked about it. What may
/// be deployed is what branches and tags lead to (or led to when we last looked): other objects of a
/// host, say commits of forks, are not fetched by their digits.
///
/// Check-outs hold what the commit holds. Symbolic links are kept as links, also those that point
/// outside: readers must not follow them blindly, as `DirectoryTree` and Docker's build context don't.
/// Submodules stay empty folders, Git LFS files stay pointers: getting them would need programs or
/// addresses that the repository's authors choose.
package struct GitSource: SourceHost {
    private let remotes: @Sendable (AppID) async throws(SourceError) -> GitRemote?
    let git: GitProgram
    private let mirrors: URL
    private let checkOuts: URL
    private let fetches = Turnstile()

    /// - Parameters:
    ///   - workDirectory: for mirrors and check-outs, made if absent; used by one process at a time.
    ///     Check-outs that an earlier process left there are removed.
    ///   - environment: where PATH, HOME and proxies are taken from; nothing else of it reaches Git.
    ///   - remotes: nil when there is no such repository.
    /// - Throws: when the work directory can't be made.
    package init(
        workDirectory: URL, environment: [String: String],
        remotes: @escaping @Sendable (AppID) async throws(SourceError) -> GitRemote?
    ) throws(SourceError) {
        self.remotes = remotes
        let root = workDirectory.absoluteURL.standardizedFileURL
        mirrors = root.appending(path: "mirrors", directoryHint: .isDirectory)
        checkOuts = root.appending(path: "check-outs", directoryHint: .isDirectory)
        let configuration = root.appending(path: "gitconfig")
        git = GitProgram(environment: environment, configuration: configuration)
        try fileWork { [mirrors, checkOuts] in
            let files = FileManager.default
            // Repositories may be private.
            let ownerOnly: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            for folder in [root, mirrors] {
                try files.createDirectory(
                    at: folder, withIntermediateDirectories: true, attributes: ownerOnly)
            }
            if files.fileExists(atPath: checkOuts.path) { try files.removeItem(at: checkOuts) }
            try files.createDirectory(
                at: checkOuts, withIntermediateDirectories: false, attributes: ownerOnly)
            try Data(GitProgram.settings.utf8).write(to: configuration, options: .atomic)
        }
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
        var candidates: [String]
        if let id = CommitID(revision.text) {
            // The digits may also be an annotated tag's own, as a push of one tells them.
            candidates = [id.sha + "^{commit}"]
            if mirror.exists, let object = try await first(of: candidates, in: mirror) {
                return commit(object, remote)
            }
        } else {
            candidates = ["heads", "tags"].map { "refs/\($0)/\(revision.text)^{commit}" }
            // Without `^{commit}`, which would make Git call ambiguous digits missing.
            if revision.couldBeCommit { candidates.append(revision.text.lowercased()) }
        }
        try await fetch(mirror, remote, app)
        if let object = try await first(of: candidates, in: mirror) { return commit(object, remote) }
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

    package func checkOut(_ commit: CommitID, of app: AppID) async throws(SourceError) -> Checkout {
        guard isPlausible(app) else { throw .noSuchRepository }
        let mirror = mirror(of: app)
        let folder = checkOuts.appending(path: UUID().uuidString, directoryHint: .isDirectory)
        let files = folder.appending(path: "files", directoryHint: .isDirectory)
        let index = folder.appending(path: "index")
        try fileWork { try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true) }
        do throws(SourceError) {
            var isDone = mirror.exists
            if isDone { isDone = try await mirror.checkOut(commit, into: files, index: index) }
            if !isDone {
                try await fetch(mirror, try await remote(of: app), app)
                isDone = try await mirror.checkOut(commit, into: files, index: index)
            }
            if !isDone { throw .noSuchRevision(nearest: nil) }
        } catch {
            Self.remove(folder)
            throw error
        }
        return Checkout(directory: files) { Self.remove(folder) }
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
    private func isPlausible(_ app: AppID) -> Bool {
        AppID(parsing: "\(app.organisation)/\(app.name)", defaultOrganisation: "") == app
    }

    func mirror(of app: AppID) -> GitMirror {
        GitMirror(
            directory: mirrors.appending(
                path: app.key.replacing("/", with: "+") + ".git", directoryHint: .isDirectory), git: git)
    }

    private func fetch(_ mirror: GitMirror, _ remote: GitRemote, _ app: AppID) async throws(SourceError) {
        do { try await fetches.enter(app.key) } catch { throw .cancelled }
        do {
            try await mirror.fetch(from: remote)
        } catch {
            await fetches.leave(app.key)
            throw error
        }
        await fetches.leave(app.key)
    }

    /// In the background: a large tree takes a while.
    private static func remove(_ folder: URL) {
        DispatchQueue.global(qos: .utility).async { try? FileManager.default.removeItem(at: folder) }
    }
}
