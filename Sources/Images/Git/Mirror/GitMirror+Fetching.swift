import Deploys
import Foundation
import Subprocess

/// Only one of these may run at a time for a mirror; reading meanwhile is safe.
extension GitMirror {
    /// A first fetch brings all commits.
    static let fetchTimeLimit = Duration.seconds(600)

    private enum Filter: String {
        /// Commits and tags: what names, digits and "what would change" need.
        case commits = "tree:0"
        /// Folders as well.
        case folders = "blob:none"
    }

    /// Makes branches and tags equal to the remote's, moved and deleted ones included.
    ///
    /// No `transfer.fsckObjects`: many real histories hold something that it refuses (dates, addresses, modes written
    /// by old tools), and one such commit would stop all deploys of its repository. What could do harm is the tree that
    /// is checked out, and that is looked at then. Git verifies the digest of every object in any case.
    func fetchHistory(from remote: GitRemote) async throws(SourceError) {
        if !exists { try await create(isWhole: try await isPlain(remote)) }
        guard let failure = try await fetchNames(from: remote) else { return }
        guard failure.isDamagedMirror else { throw failure.sourceError(remote) }
        // Nobody else writes here, so a lock is one that a killed program has left.
        Leftovers.remove(from: directory)
        if try await fetchNames(from: remote) == nil { return }
        try await beginAnew(from: remote)
    }

    /// Throws away what is here and fetches again.
    func beginAnew(from remote: GitRemote) async throws(SourceError) {
        try await create(isWhole: try await isPlain(remote))
        if let failure = try await fetchNames(from: remote) { throw failure.sourceError(remote) }
    }

    /// Whether it is a web server that knows nothing of Git (gitprotocol-http(5), "dumb"). From such a one nothing may
    /// be left behind: Git 2.39 would look for each object that is missing by another fetch, which does the same, and
    /// so on without an end.
    private func isPlain(_ remote: GitRemote) async throws(SourceError) -> Bool {
        guard remote.url.lowercased().hasPrefix("http") else { return false }
        let result = try await git.run(
            ["ls-remote", "--end-of-options", remote.url, "HEAD"], remote: remote,
            extra: ["GIT_TRACE_PACKET": "1"], timeLimit: Self.listTimeLimit)
        guard result.exitCode == 0 else { throw GitFailure(result).sourceError(remote) }
        // Git servers speak in packets (git(1), GIT_TRACE_PACKET).
        return result.errorOutput.firstRange(of: Array("packet:".utf8)) == nil
    }

    private func fetchNames(from remote: GitRemote) async throws(SourceError) -> GitFailure? {
        try await fetch(
            ["--force", "--prune", "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"],
            isWhole ? nil : .commits, from: remote)
    }

    /// One commit that no branch leads to any more, without a name.
    /// - Returns: false when the remote does not have it, or does not give it away.
    func fetchCommit(_ commit: CommitID, from remote: GitRemote) async throws(SourceError) -> Bool {
        guard let failure = try await fetch([commit.sha], isWhole ? nil : .commits, from: remote) else { return true }
        if failure.isRefusedObject { return false }
        throw failure.sourceError(remote)
    }

    /// A commit's folder with all folders below it, of which Git must not believe that we have them because we have
    /// the commit.
    /// - Returns: false when the remote gives no objects by their digits.
    func fetchFolders(_ tree: String, from remote: GitRemote) async throws(SourceError) -> Bool {
        try await fetchObjects([tree], from: remote)
    }

    /// - Returns: false when the remote gives no objects by their digits.
    func fetchFiles(_ blobs: [String], from remote: GitRemote) async throws(SourceError) -> Bool {
        try await fetchObjects(blobs, from: remote)
    }

    private func fetchObjects(_ objects: [String], from remote: GitRemote) async throws(SourceError) -> Bool {
        let input = Array(objects.map { $0 + "\n" }.joined().utf8)
        guard let failure = try await fetch(["--stdin"], .folders, input: input, from: remote) else { return true }
        if failure.isRefusedObject { return false }
        throw failure.sourceError(remote)
    }

    /// For remotes that give no objects by their digits: the mirror gets all there is, now and later.
    func fetchEverything(from remote: GitRemote) async throws(SourceError) {
        try await create(isWhole: true)
        if let failure = try await fetchNames(from: remote) { throw failure.sourceError(remote) }
    }

    private var wholeMark: String { "whole" }
    private var isWhole: Bool { FileManager.default.fileExists(atPath: directory.appending(path: wholeMark).path) }

    private func fetch(
        _ arguments: [String], _ filter: Filter?, input: [UInt8] = [], from remote: GitRemote
    ) async throws(SourceError) -> GitFailure? {
        let options = arguments.filter { $0.hasPrefix("--") }
        // Said here and not in the mirror's configuration: see the type's comment. Without haves the remote
        // can't conclude that we have what our commits contain.
        var settings = ["remote.origin.url=\(remote.url)"]
        if filter != nil {
            settings += ["remote.origin.promisor=true", "remote.origin.partialCloneFilter=\(Filter.commits.rawValue)"]
        }
        if filter == .folders { settings.append("fetch.negotiationAlgorithm=noop") }
        let result = try await git.run(
            [location] + settings.flatMap { ["-c", $0] } + [
                "fetch", "--quiet", "--no-tags", "--no-auto-maintenance", "--no-write-fetch-head",
                "--no-recurse-submodules", filter.map { "--filter=\($0.rawValue)" } ?? "--no-filter",
            ] + options + ["--end-of-options", "origin"] + arguments.filter { !$0.hasPrefix("--") },
            remote: remote, input: input, timeLimit: Self.fetchTimeLimit)
        return result.exitCode == 0 ? nil : GitFailure(result)
    }

    /// Makes an empty mirror, in place of the one that may be there. Made under another name and renamed, so that a
    /// crash leaves no half mirror.
    private func create(isWhole: Bool) async throws(SourceError) {
        let draft = folders.draft()
        let result = try await git.run(
            ["init", "--quiet", "--bare", "--template=", "--end-of-options", draft.path],
            timeLimit: Self.lookupTimeLimit)
        guard result.exitCode == 0 else { throw GitFailure(result).sourceError(nil) }
        let delete = exists ? folders.discard(directory) : nil
        try fileWork {
            if isWhole { try Data().write(to: draft.appending(path: wholeMark)) }
            try FileManager.default.moveItem(at: draft, to: directory)
        }
        if let delete { DispatchQueue.global(qos: .utility).async(execute: delete) }
    }

    /// Joins packs when there are many. That it failed is no reason to stop a deploy.
    func joinPacks(of remote: GitRemote, whenMoreThan maxPacks: Int) async throws(SourceError) {
        let packs = directory.appending(path: "objects/pack").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: packs)) ?? []
        guard names.count(where: { $0.hasSuffix(".pack") }) > maxPacks else { return }
        let promisor = isWhole ? [] : ["-c", "remote.origin.promisor=true", "-c", "remote.origin.url=\(remote.url)"]
        _ = try await git.run(
            [location] + promisor + ["repack", "-a", "-d", "--quiet", "--no-write-bitmap-index"],
            timeLimit: Self.fetchTimeLimit)
    }
}
