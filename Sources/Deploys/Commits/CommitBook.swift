import Foundation

/// What commits' pages were told, on disk: an entry for each part of an operation, which is behind as long as it was
/// told something else than what follows from the operation's newest report.
package protocol CommitBook: Sendable {
    /// The lanes with something to tell, the one that waits longest first.
    func commitLanes(atMost maxCount: Int) async throws(JournalError) -> [CommitLane]
    /// What a lane has to tell next: the state of its oldest operation that is behind, as it is now.
    func nextCommitNews(in lane: CommitLane) async throws(JournalError) -> CommitNews?
    /// Remembers that an entry is being made, so that a crash leaves one to look for.
    func begin(_ news: CommitNews) async throws(JournalError)
    /// An entry was made, or found.
    func opened(_ news: CommitNews, as id: Int64) async throws(JournalError)
    /// It says what the news says. What came meanwhile is still to be told.
    func told(_ news: CommitNews) async throws(JournalError)
    /// Its entry is no longer there.
    func forgetEntry(of news: CommitNews) async throws(JournalError)
    /// It is put aside until there is something else to tell, or until `retryRefusedCommits`.
    func putAside(_ news: CommitNews, reason: String) async throws(JournalError)
    func retryRefusedCommits() async throws(JournalError)
    /// What has waited since before `date` is never told: nobody looks for it any more.
    func giveUpCommits(before date: Date) async throws(JournalError)
}

/// What is told one after the other: checks, or deployments, of one app.
package struct CommitLane: Hashable, Sendable {
    package let app: AppID
    package let kind: CommitPart.Kind

    package init(app: AppID, kind: CommitPart.Kind) {
        self.app = app
        self.kind = kind
    }
}

package struct CommitNews: Sendable, Equatable {
    package let target: CommitTarget
    /// Nil when nothing can be said any more, as of a report that another version wrote.
    package let part: CommitPart?
    package let kind: CommitPart.Kind
    /// Of the entry, if there is one.
    package let id: Int64?
    /// An entry may have been made, by a try whose end nobody knows.
    package let isBegun: Bool
    /// Of what is told, as the book keeps it.
    package let digest: Int64

    package init(
        target: CommitTarget, part: CommitPart?, kind: CommitPart.Kind, id: Int64?, isBegun: Bool, digest: Int64
    ) {
        self.target = target
        self.part = part
        self.kind = kind
        self.id = id
        self.isBegun = isBegun
        self.digest = digest
    }
}

/// The book in figures.
package struct CommitStatistics: Sendable, Equatable {
    package var behind = 0
    package var putAside = 0
    /// Since when the oldest one that is behind is so.
    package var oldest: Date?
    package init() {}
}
