import Deploys
import Foundation

/// Where a commit wants another repository's commit.
struct GitLink: Equatable, Sendable {
    /// In quotation marks when it has unusual characters.
    let path: String
    let commit: CommitID
}

/// The files of a commit, as `git ls-tree -r` lists them: one line each, `mode type digits<TAB>path`. Unusual
/// characters of paths are escaped (git-config(1), core.quotePath), so that a line is a line.
struct TreeListing: Sendable {
    /// Digits of the contents of files and links, and in how many places they are.
    private(set) var blobs: [String: Int] = [:]
    private(set) var fileCount = 0
    private(set) var submodules: [GitLink] = []
    /// Why the commit won't be checked out.
    private(set) var problem: String?

    private let maxFiles: Int
    /// The system takes 4096 bytes for a whole path (limits.h, PATH_MAX), and builders put something before it.
    static let maxPathBytes = 2_000
    /// What file systems take for one name (limits.h, NAME_MAX).
    static let maxNameBytes = 255

    init(maxFiles: Int) { self.maxFiles = maxFiles }

    mutating func take(_ line: String) {
        guard problem == nil else { return }
        let parts = line.split(separator: "\t", maxSplits: 1)
        let words = parts.first?.split(separator: " ") ?? []
        guard parts.count == 2, words.count == 3 else {
            problem = "One of its paths is too long to be written."
            return
        }
        fileCount += 1
        if fileCount > maxFiles {
            problem = "It has more than \(maxFiles) files, which is the most that is checked out."
        } else if !Self.fits(parts[1]) {
            problem = "The path \(parts[1].prefix(100))… is too long to be written."
        } else if words[1] == "blob" {
            blobs[String(words[2]), default: 0] += 1
        } else if let commit = CommitID(String(words[2])) {
            submodules.append(GitLink(path: String(parts[1]), commit: commit))
        }
    }

    /// Escaped bytes make a path look longer, but not by so much that an ordinary one is refused.
    private static func fits(_ path: Substring) -> Bool {
        let unescaped = path.hasPrefix("\"") ? path.replacing(#/\\([0-7]{3}|.)/#, with: "_")[...] : path
        return unescaped.utf8.count <= maxPathBytes
            && unescaped.split(separator: "/").allSatisfy { $0.utf8.count <= maxNameBytes }
    }

    /// - Parameter sizes: of the contents, by their digits.
    func bytes(_ sizes: [String: Int64]) -> Int64 {
        blobs.reduce(0) { sum, blob in
            let (product, overflow) = (sizes[blob.key] ?? 0).multipliedReportingOverflow(by: Int64(blob.value))
            let (total, beyond) = sum.addingReportingOverflow(overflow ? .max : product)
            return beyond ? .max : total
        }
    }
}
