import Foundation

/// Where people look at commits: GitHub. Every verb may be repeated.
package protocol CommitBoard: Sendable {
    /// Makes an entry for the check.
    func open(_ check: CheckPage, of target: CommitTarget) async throws(CommitBoardError) -> OpenedEntry
    func update(_ id: Int64, to check: CheckPage, of target: CommitTarget) async throws(CommitBoardError)
    /// The entry that was made for the operation, if it was made after all.
    func find(_ check: CheckPage, of target: CommitTarget) async throws(CommitBoardError) -> Int64?

    func open(_ deployment: DeploymentMark, of target: CommitTarget) async throws(CommitBoardError) -> OpenedEntry
    /// - Parameter description: what of the mark is shown.
    func update(
        _ id: Int64, to deployment: DeploymentMark, description: String, of target: CommitTarget
    ) async throws(CommitBoardError)
    func find(_ deployment: DeploymentMark, of target: CommitTarget) async throws(CommitBoardError) -> Int64?
}

/// Whose entries they are, and where they stand.
package struct CommitTarget: Hashable, Sendable {
    package let operation: OperationID
    package let app: AppID
    /// What the app's repository is called now.
    package let repository: AppID
    package let commit: CommitID

    /// - Parameter repository: nil when it is called as the app is.
    package init(operation: OperationID, app: AppID, repository: AppID? = nil, commit: CommitID) {
        self.operation = operation
        self.app = app
        self.repository = repository ?? app
        self.commit = commit
    }
}

package struct OpenedEntry: Sendable, Equatable {
    package let id: Int64
    /// Otherwise an update has to follow.
    package let isComplete: Bool

    package init(id: Int64, isComplete: Bool) {
        self.id = id
        self.isComplete = isComplete
    }
}

package enum CommitBoardError: Error, Sendable, Equatable {
    /// It wants to hear nothing until then.
    case limited(until: Date)
    /// It can't be reached, or is ill: worth another try.
    case outage(String)
    /// Nothing like it is taken for this app until somebody changes something. The sentence says what.
    case refused(String)
    /// This one will never be taken.
    case unacceptable(String)
    /// The entry is no longer there.
    case gone
    case cancelled
}
