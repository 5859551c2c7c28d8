import Deploys
import Foundation

extension GitSource {
    package func checkOut(_ commit: CommitID, of app: AppID) async throws(SourceError) -> Checkout {
        var allowance = SubmoduleAllowance(options)
        return try await checkOut(commit, of: app, &allowance)
    }

    func checkOut(
        _ commit: CommitID, of app: AppID, _ allowance: inout SubmoduleAllowance
    ) async throws(SourceError) -> Checkout {
        guard isPlausible(app) else { throw .noSuchRepository }
        let mirror = mirror(of: app)
        let workspace = workspace
        let folder = workspace.folders.checkOuts.appending(path: UUID().uuidString, directoryHint: .isDirectory)
        let remove: @Sendable () -> Void = {
            let delete = workspace.folders.discard(folder)
            DispatchQueue.global(qos: .utility).async {
                delete()
                Task { await workspace.release(folder) }
            }
        }
        do throws(SourceError) {
            let written = try await withRoom(mirror) { () async throws(SourceError) in
                try await write(commit, of: app, from: mirror, into: folder)
            }
            try allowance.take(written.bytes)
            if !written.submodules.isEmpty {
                let more = try await addSubmodules(written.submodules, to: written.files, of: app, &allowance)
                try await workspace.reserve(written.bytes + more, for: folder)
            }
            return Checkout(directory: written.files, onRemove: remove)
        } catch {
            remove()
            throw error
        }
    }

    private struct Written: Sendable {
        /// Inside of the check-out's own folder.
        let files: URL
        let bytes: Int64
        let submodules: [Submodule]
    }

    private func write(
        _ commit: CommitID, of app: AppID, from mirror: GitMirror, into folder: URL
    ) async throws(SourceError) -> Written {
        for isLastTry in [false, true] {
            let (bytes, links) = try await complete(commit, of: app, in: mirror)
            try await workspace.reserve(bytes, for: folder)
            let files = folder.appending(path: "files", directoryHint: .isDirectory)
            try fileWork {
                try? FileManager.default.removeItem(at: folder)
                try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
            }
            let index = folder.appending(path: "index")
            if options.includesLFS {
                let remote = try await remote(of: app)
                let size = try await writeWithLFS(commit, of: remote, from: mirror, into: files, index: index)
                if let size {
                    try await workspace.reserve(size, for: folder)
                    let submodules = try await submodules(links, of: commit, in: mirror)
                    return Written(files: files, bytes: size, submodules: submodules)
                }
            } else if try await mirror.write(commit, into: files, index: index) {
                let submodules = try await submodules(links, of: commit, in: mirror)
                return Written(files: files, bytes: bytes, submodules: submodules)
            }
            if !isLastTry { try await repair(mirror, of: try await remote(of: app)) }
        }
        throw .broken("Git could not read what it has just fetched.")
    }

    private func submodules(
        _ links: [GitLink], of commit: CommitID, in mirror: GitMirror
    ) async throws(SourceError) -> [Submodule] {
        guard options.includesSubmodules, !links.isEmpty else { return [] }
        return try await mirror.submodules(links, of: commit)
    }

    /// Fetches what the mirror lacks of a commit.
    /// - Returns: what the commit's files take on the disk, and its submodules.
    private func complete(
        _ commit: CommitID, of app: AppID, in mirror: GitMirror
    ) async throws(SourceError) -> (Int64, [GitLink]) {
        if case .complete(let bytes, let links) = try await mirror.contents(of: commit, options) {
            return (bytes, links)
        }
        let remote = try await remote(of: app)
        let (options, maxGrowth) = (options, options.maxCheckOutBytes)
        return try await fetching(mirror, of: remote, growingBy: maxGrowth) { () async throws(SourceError) in
            var lacked: CommitContents?
            // The commit, its folders, its files; or all at once from a remote that can't tell them apart.
            for _ in 0..<Self.maxFetches {
                let lacks = try await mirror.contents(of: commit, options)
                if case .complete(let bytes, let links) = lacks { return (bytes, links) }
                try await Self.fetch(lacks, isAgain: lacks == lacked, of: commit, into: mirror, from: remote)
                lacked = lacks
            }
            throw .broken("\(remote.shownURL) does not give all that the commit \(commit.short) needs.")
        }
    }

    /// - Parameter isAgain: the same was fetched just before, and yet is not there.
    private static func fetch(
        _ lacks: CommitContents, isAgain: Bool, of commit: CommitID, into mirror: GitMirror, from remote: GitRemote
    ) async throws(SourceError) {
        let isGiven: Bool
        switch lacks {
        case .complete: return
        case .noCommit where !isAgain: return try await mirror.fetchHistory(from: remote)
        case .noCommit:
            // Somebody looked it up before the branch was deleted or pushed over.
            guard try await mirror.fetchCommit(commit, from: remote) else { throw .noSuchRevision(nearest: nil) }
            return
        case .noFolders(let tree) where !isAgain: isGiven = try await mirror.fetchFolders(tree, from: remote)
        case .noFiles(let blobs) where !isAgain: isGiven = try await mirror.fetchFiles(blobs, from: remote)
        case .damaged, .noFolders, .noFiles: return try await mirror.beginAnew(from: remote)
        }
        if isGiven { return }
        // What no branch leads to any more may be gone there.
        try await mirror.fetchHistory(from: remote)
        guard try await mirror.isNamed(commit) else { throw .noSuchRevision(nearest: nil) }
        try await mirror.fetchEverything(from: remote)
    }

    private static let maxFetches = 8

    private func repair(_ mirror: GitMirror, of remote: GitRemote) async throws(SourceError) {
        try await fetching(mirror, of: remote) { () async throws(SourceError) in
            try await mirror.beginAnew(from: remote)
        }
    }
}
