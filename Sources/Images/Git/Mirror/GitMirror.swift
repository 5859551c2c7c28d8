import Deploys
import Foundation

/// Our own bare copy of a repository: all commits of its branches and tags, and the files of those commits that were
/// checked out. Files are checked out of it, so nothing that lies in the repository itself (settings, hooks, work tree)
/// is ever used.
///
/// Folders and files of other commits are left at the remote (gitglossary(7), "promisor"). Reading never fetches them
/// by itself: the remote is named to Git only while we fetch, so that an object which is not here is just missing.
struct GitMirror: Sendable {
    let name: String
    let folders: WorkspaceFolders
    let git: GitProgram

    static let listTimeLimit = Duration.seconds(30)
    static let lookupTimeLimit = Duration.seconds(30)
    static let checkOutTimeLimit = Duration.seconds(300)
    /// Of the names that "did you mean" chooses from.
    static let maxNames = 5000
    /// Enough for the heads of a few commits; the rest of a longer message is not needed.
    private static let maxLookupBytes = 1 << 20

    var directory: URL { folders.mirror(named: name) }
    var exists: Bool { FileManager.default.fileExists(atPath: directory.appending(path: "HEAD").path) }

    var location: String { "--git-dir=" + directory.path }

    /// - Parameter names: `refs/heads/main^{commit}`, or digits; without newlines.
    /// - Returns: one answer per name, in their order.
    func commits(_ names: [String]) async throws(SourceError) -> [CommitLookup] {
        // Names come in over standard input: there they can't be options.
        let result = try await git.run(
            [location, "cat-file", "--batch"], input: Array(names.map { $0 + "\n" }.joined().utf8),
            timeLimit: Self.lookupTimeLimit, maxOutputBytes: Self.maxLookupBytes)
        guard result.exitCode == 0 else { throw GitFailure(result).sourceError(nil) }
        return CommitLookup.parse(result.output)
    }

    /// More commits are not counted.
    static let maxCountedCommits = 5_000

    /// The commits that `new` has and `old` has not, newest first, `maxCountedCommits` at most; nil when they can't be
    /// told, because one of the two is not in the mirror.
    func commits(
        from old: CommitID, to new: CommitID, within limit: Duration
    ) async throws(SourceError) -> [CommitID]? {
        let result = try await git.run(
            [location, "rev-list", "--max-count=\(Self.maxCountedCommits)", new.sha, "^\(old.sha)"],
            timeLimit: limit)
        guard result.exitCode == 0 else { return nil }
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n")
            .compactMap { CommitID(String($0)) }
    }

    /// Branches, then tags.
    func names() async throws(SourceError) -> [String] {
        let result = try await git.run(
            [
                location, "for-each-ref", "--count=\(Self.maxNames)", "--format=%(refname:lstrip=2)",
                "refs/heads", "refs/tags",
            ], timeLimit: Self.lookupTimeLimit)
        guard result.exitCode == 0 else { throw GitFailure(result).sourceError(nil) }
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Whether a branch or tag leads to the commit.
    func isNamed(_ commit: CommitID) async throws(SourceError) -> Bool {
        let result = try await git.run(
            [location, "for-each-ref", "--count=1", "--contains=\(commit.sha)"], timeLimit: Self.lookupTimeLimit)
        return result.exitCode == 0 && !result.output.isEmpty
    }

    /// Writes the commit's files into `files`; all of them must be in the mirror.
    ///
    /// `read-tree` refuses names such as `.git` and never writes through a symbolic link of the tree.
    /// - Parameter index: a path that nothing else uses; a file is left there.
    /// - Parameters:
    ///   - settings: further ones for Git.
    ///   - remote: where filters fetch from; nil when there are none.
    /// - Returns: false when the mirror is damaged.
    func write(
        _ commit: CommitID, into files: URL, index: URL, settings: [String] = [], remote: GitRemote? = nil
    ) async throws(SourceError) -> Bool {
        let result = try await git.run(
            [location, "--work-tree=" + files.path] + settings.flatMap { ["-c", $0] }
                + ["read-tree", "--reset", "-u", commit.sha],
            remote: remote, extra: ["GIT_INDEX_FILE": index.path], timeLimit: Self.checkOutTimeLimit)
        if result.exitCode == 0 { return true }
        let failure = GitFailure(result)
        if failure.lacksLFS {
            throw .broken("It is to be read with Git LFS (ITERAPP_GIT_LFS), which needs the package `git-lfs`.")
        }
        if failure.isDamagedMirror || failure.isMissingObject { return false }
        throw failure.sourceError(remote)
    }
}
