import Deploys
import Foundation
import Subprocess
import Synchronization

/// What of a commit is in the mirror.
enum CommitContents: Equatable, Sendable {
    case noCommit
    /// What is there can't be read.
    case damaged
    /// The digits of the folder that is missing.
    case noFolders(String)
    /// Digits of the contents that are missing.
    case noFiles([String])
    /// What its files take on the disk.
    case complete(bytes: Int64, submodules: [GitLink])
}

extension GitMirror {
    /// Looks only at the mirror.
    /// - Throws: also when the commit holds more than may be checked out.
    func contents(of commit: CommitID, _ options: GitOptions) async throws(SourceError) -> CommitContents {
        let (tree, listing): (String, TreeListing)
        guard exists else { return .noCommit }
        switch try await top(of: commit) {
        case .listed(let found): tree = found
        case .missing: return .noCommit
        case .damaged: return .damaged
        }
        switch try await list(tree, maxFiles: options.maxCheckOutFiles) {
        case .listed(let found): listing = found
        case .missing: return .noFolders(tree)
        case .damaged: return .damaged
        }
        if let problem = listing.problem { throw .broken(problem) }
        let sizes = try await sizes(of: Array(listing.blobs.keys))
        let bytes = listing.bytes(sizes)
        let limit = options.maxCheckOutBytes
        guard bytes <= limit else {
            throw .broken("Its files take \(bytes.asBytes); ITERAPP_GIT_CHECKOUT_MIB allows \(limit.asBytes).")
        }
        let missing = listing.blobs.keys.filter { sizes[$0] == nil }
        guard missing.isEmpty else { return .noFiles(missing) }
        return .complete(
            bytes: bytes + Int64(listing.fileCount) * Self.nodeBytes, submodules: listing.submodules)
    }

    /// What a small file takes on the disk beside its bytes, roughly.
    private static let nodeBytes: Int64 = 4096

    private enum Listed<Found> { case listed(Found), missing, damaged }

    /// Digits of the commit's top folder.
    private func top(of commit: CommitID) async throws(SourceError) -> Listed<String> {
        let result = try await git.run(
            [location, "cat-file", "commit", commit.sha], timeLimit: Self.lookupTimeLimit, maxOutputBytes: 4096)
        let head = String(decoding: result.output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        if result.exitCode == 0, head.hasPrefix("tree "), let tree = CommitID(String(head.dropFirst(5))) {
            return .listed(tree.sha)
        }
        return GitFailure(result).isDamagedMirror ? .damaged : .missing
    }

    /// Stops at the first problem: a tree of a few kilobytes can list files without
    /// an end.
    private func list(_ tree: String, maxFiles: Int) async throws(SourceError) -> Listed<TreeListing> {
        let listing = Shared(TreeListing(maxFiles: maxFiles))
        let (problems, problem) = AsyncStream.makeStream(of: Never.self)
        let (location, git) = (location, git)
        let result = try await unless {
            for await _ in problems {}
            return Task.isCancelled ? nil : listing.value.withLock { $0.problem }.map(SourceError.broken)
        } _: { () async throws(SourceError) in
            try await git.run(
                [location, "ls-tree", "-r", "--full-tree", tree], timeLimit: Self.checkOutTimeLimit,
                maxOutputBytes: 64 << 10
            ) { line in
                let hasProblem = listing.value.withLock { listing in
                    listing.take(line)
                    return listing.problem != nil
                }
                if hasProblem { problem.finish() }
            }
        }
        if result.exitCode == 0 { return .listed(listing.value.withLock { $0 }) }
        // A folder in a folder in a folder …: Git goes down without looking at how deep it is.
        if result.exitCode > 128 { throw .broken("Its folders lie too deep in one another.") }
        let failure = GitFailure(result)
        if failure.isMissingObject { return .missing }
        if failure.isDamagedMirror { return .damaged }
        throw failure.sourceError(nil)
    }

    /// Of those that are here, by their digits.
    private func sizes(of objects: [String]) async throws(SourceError) -> [String: Int64] {
        let bytesPerAnswer = 80
        let result = try await git.run(
            [location, "cat-file", "--buffer", "--batch-check=%(objectname) %(objectsize)"],
            input: Array(objects.map { $0 + "\n" }.joined().utf8), timeLimit: Self.checkOutTimeLimit,
            maxOutputBytes: (objects.count + 1) * bytesPerAnswer)
        guard result.exitCode == 0 else { throw GitFailure(result).sourceError(nil) }
        var sizes: [String: Int64] = [:]
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let size = Int64(words[1]) { sizes[String(words[0])] = size }
        }
        return sizes
    }
}

/// A value that closures share.
private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
}
