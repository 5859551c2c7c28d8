import Deploys
import Foundation

/// Our own bare copy of a repository's branches and tags. Files are checked out of it, so nothing
/// that lies in the repository itself (settings, hooks, work tree) is ever used.
struct GitMirror: Sendable {
    let directory: URL
    let git: GitProgram

    /// A first fetch brings the whole history.
    static let fetchTimeLimit = Duration.seconds(600)
    static let listTimeLimit = Duration.seconds(30)
    static let lookupTimeLimit = Duration.seconds(30)
    static let checkOutTimeLimit = Duration.seconds(300)
    /// Of the names that "did you mean" chooses from.
    static let maxNames = 5000
    /// Enough for the heads of a few commits; the rest of a longer message is not needed.
    private static let maxLookupBytes = 1 << 20

    var exists: Bool { FileManager.default.fileExists(atPath: directory.appending(path: "HEAD").path) }

    private var location: String { "--git-dir=" + directory.path }

    /// Makes branches and tags equal to the remote's, moved and deleted ones included. Only one fetch
    /// per mirror may run at a time; reading meanwhile is safe.
    func fetch(from remote: GitRemote) async throws(SourceError) {
        if !exists { try await create() }
        guard let failure = try await fetchOnce(from: remote) else { return }
        guard failure.isDamagedMirror else { throw failure.sourceError(remote) }
        try fileWork { try FileManager.default.removeItem(at: directory) }
        try await create()
        if let failure = try await fetchOnce(from: remote) { throw failure.sourceError(remote) }
    }

    private func fetchOnce(from remote: GitRemote) async throws(SourceError) -> GitFailure? {
        let result = try await git.run(
            [
                location, "fetch", "--quiet", "--force", "--prune", "--no-tags", "--no-auto-maintenance",
                "--no-write-fetch-head", "--no-recurse-submodules", "--end-of-options", remote.url,
                "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*",
            ], remote: remote, timeLimit: Self.fetchTimeLimit)
        return result.exitCode == 0 ? nil : GitFailure(result)
    }

    /// Made under another name and renamed, so that a crash leaves no half mirror.
    private func create() async throws(SourceError) {
        let draft = directory.deletingLastPathComponent().appending(path: "\(UUID().uuidString).new")
        let result = try await git.run(
            ["init", "--quiet", "--bare", "--template=", "--end-of-options", draft.path],
            timeLimit: Self.lookupTimeLimit)
        guard result.exitCode == 0 else { throw GitFailure(result).sourceError(nil) }
        try fileWork {
            try? FileManager.default.removeItem(at: directory)
            try FileManager.default.moveItem(at: draft, to: directory)
        }
    }

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

    /// Writes the commit's files into `files`.
    ///
    /// `read-tree` refuses names such as `.git` and never writes through a symbolic link of the tree.
    /// - Parameter index: a path that nothing else uses; a file is left there.
    /// - Returns: false when the mirror lacks the commit.
    func checkOut(_ commit: CommitID, into files: URL, index: URL) async throws(SourceError) -> Bool {
        let result = try await git.run(
            [location, "--work-tree=" + files.path, "read-tree", "--reset", "-u", commit.sha],
            extra: ["GIT_INDEX_FILE": index.path], timeLimit: Self.checkOutTimeLimit)
        if result.exitCode == 0 { return true }
        let failure = GitFailure(result)
        if failure.isMissingObject { return false }
        throw failure.sourceError(nil)
    }
}

/// Turns a failure of the file system into words.
func fileWork<T>(_ body: () throws -> T) throws(SourceError) -> T {
    do {
        return try body()
    } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
        throw .diskFull("No space is left for check-outs.")
    } catch {
        throw .broken("The folder for check-outs can't be used: \(error.localizedDescription)")
    }
}
