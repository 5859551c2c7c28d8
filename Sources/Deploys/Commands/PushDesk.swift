import Foundation

/// A push as its source reports it.
package struct Push: Sendable {
    package let repository: SourceRepository
    package let branch: String
    /// Where the branch was before; nil for a new one.
    package let before: CommitID?
    package let commit: Commit
    package let defaultBranch: String?
    package let trigger: Trigger
    /// The same push has the same one, however often it is told; nil for one that nobody told of.
    package let deliveryID: String?

    package init(
        repository: SourceRepository, branch: String, before: CommitID?, commit: Commit, defaultBranch: String?,
        trigger: Trigger, deliveryID: String?
    ) {
        self.repository = repository
        self.branch = branch
        self.before = before
        self.commit = commit
        self.defaultBranch = defaultBranch
        self.trigger = trigger
        self.deliveryID = deliveryID
    }
}

/// Takes pushes: a push to a registered repository becomes an operation, and overtakes older ones of its branch
/// that have not begun.
package struct PushDesk: Sendable {
    package enum Decision: Sendable, Equatable {
        case accepted(OperationID)
        /// The push was told before, or its branch was there before.
        case duplicate
        /// Nobody asked us to listen to that repository, or the branch has a name we can't show.
        case ignored
    }

    private let intake: Intake

    package init(_ intake: Intake) { self.intake = intake }

    /// - Returns: after the operation is on disk.
    package func take(_ push: Push) async throws(JournalError) -> Decision {
        guard let app = try await intake.journal.app(of: push.repository), let branch = Revision(push.branch) else {
            return .ignored
        }
        let environment = push.branch == push.defaultBranch ?? app.defaultBranch ? app.defaultEnvironment : nil
        var request = OperationRequest(
            kind: .push, app: app.id, environment: environment, revision: branch,
            trigger: push.trigger, channel: intake.channels.logChannel, commit: push.commit,
            deduplicationKey: push.deliveryID.map { "push:\($0)" })
        request.move = BranchMove(
            branch: push.branch, before: push.before, origin: push.trigger == .look ? .seen : .told)
        request.needsApproval = intake.holdsPush(to: environment, of: app.id)
        let acceptance = try await intake.take(request)
        switch acceptance {
        case .accepted(let operation):
            // Only what is new says how things are now.
            if operation.state != .superseded { try await learn(from: push, of: app) }
            return .accepted(operation.id)
        // A push is no button.
        case .duplicate, .known, .notOffered: return .duplicate
        case .unsettled:
            intake.signals.looks.fire()
            return .duplicate
        }
    }

    private func learn(from push: Push, of app: App) async throws(JournalError) {
        let isKnown = app.repository?.id != nil || push.repository.id == nil
        guard !isKnown || push.defaultBranch ?? app.defaultBranch != app.defaultBranch else { return }
        try await intake.journal.learn(push.repository, defaultBranch: push.defaultBranch, of: app.id)
    }
}
