import Deploys
import Foundation

extension GitSource {
    package func checkOut(_ commit: CommitID, of app: AppID) async throws(SourceError) -> Checkout {
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
            let files = try await withRoom(mirror) { () async throws(SourceError) in
                try await write(commit, of: app, from: mirror, into: folder)
            }
            return Checkout(directory: files, onRemove: remove)
        } catch {
            remove()
            throw error
        }
    }

    /// - Returns: the folder with the files, inside of `folder`.
    private func write(
        _ commit: CommitID, of app: AppID, from mirror: GitMirror, into folder: URL
    ) async throws(SourceError) -> URL {
        for isLastTry in [false, true] {
            let bytes = try await complete(commit, of: app, in: mirror)
            try await workspace.reserve(bytes, for: folder)
            let files = folder.appending(path: "files", directoryHint: .isDirectory)
            try fileWork {
                try? FileManager.default.removeItem(at: folder)
                try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
            }
            if try await mirror.write(commit, into: files, index: folder.appending(path: "index")) { return files }
            if !isLastTry { try await repair(mirror, of: try await remote(of: app)) }
        }
        throw .broken("Git could not read what it has just fetched.")
    }

    /// Fetches what the mirror lacks of a commit.
    /// - Returns: what the commit's files take on the disk.
    private func complete(_ commit: CommitID, of app: AppID, in mirror: GitMirror) async throws(SourceError) -> Int64 {
        if case .complete(let bytes) = try await mirror.contents(of: commit, options) { return bytes }
        let remote = try await remote(of: app)
        let (options, maxGrowth) = (options, options.maxCheckOutBytes)
        return try await fetching(mirror, of: remote, growingBy: maxGrowth) { () async throws(SourceError) in
            var lacked: CommitContents?
            // The commit, its folders, its files; or all at once from a remote that can't tell them apart.
            for _ in 0..<Self.maxFetches {
                let lacks = try await mirror.contents(of: commit, options)
                if case .complete(let bytes) = lacks { return bytes }
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
