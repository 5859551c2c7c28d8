import Foundation

/// Where repositories live: GitHub, or a folder of local ones.
package protocol SourceHost: Sendable {
    /// The repository exists, we may read it, and this is its default branch.
    func defaultBranch(of app: AppID) async throws(SourceError) -> String

    /// The commit behind a branch, a tag or the digits of a commit; a branch wins over a tag of its name.
    func resolve(_ revision: Revision, of app: AppID) async throws(SourceError) -> Commit

    /// A fresh folder with the commit's files, never the repository's work tree. Whoever asked removes it.
    func checkOut(_ commit: CommitID, of app: AppID) async throws(SourceError) -> Checkout

    /// The commits that `new` has and `old` has not, as far as is known without asking the repository's host.
    /// - Parameters:
    ///   - maxCount: so many of them are told, the newest first.
    ///   - limit: `.unreachable` is thrown when it would take longer.
    func commits(
        from old: CommitID, to new: CommitID, of app: AppID, atMost maxCount: Int, within limit: Duration
    ) async throws(SourceError) -> CommitRange
}

/// Commits between two others.
package struct CommitRange: Hashable, Sendable {
    package let newest: [Commit]
    /// How many there are; nil for too many to count.
    package let count: Int?
    package init(newest: [Commit], count: Int?) {
        self.newest = newest
        self.count = count
    }
}

/// A commit's files in a folder of their own.
package struct Checkout: Sendable {
    package let directory: URL
    private let onRemove: @Sendable () -> Void

    package init(directory: URL, onRemove: @escaping @Sendable () -> Void) {
        self.directory = directory
        self.onRemove = onRemove
    }

    package func remove() { onRemove() }
}

package enum SourceError: Error, Sendable, Equatable {
    case noSuchRepository
    /// `nearest` is the most similar branch or tag, if one is similar.
    case noSuchRevision(nearest: String?)
    /// Digits that more than one commit begins with.
    case ambiguousRevision
    /// The repository has no commit yet.
    case empty
    case accessDenied(String)
    /// Worth another try; the sentence says what was tried.
    case unreachable(String)
    case diskFull(String)
    case broken(String)
    case cancelled
}
