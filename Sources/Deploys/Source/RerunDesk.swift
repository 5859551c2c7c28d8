import Foundation

/// Somebody asked, where the source shows a commit, to build it again.
package struct Rerun: Sendable, Hashable {
    package let repository: SourceRepository
    package let commit: CommitID
    package let branch: String?
    /// The operation whose result was shown there; nil when all of the commit is meant.
    package let operation: OperationID?
    package let by: String
    package let deliveryID: String

    package init(
        repository: SourceRepository, commit: CommitID, branch: String?, operation: OperationID?, by: String,
        deliveryID: String
    ) {
        self.repository = repository
        self.commit = commit
        self.branch = branch
        self.operation = operation
        self.by = by
        self.deliveryID = deliveryID
    }
}

/// Builds a commit again, even though it is built, and deploys it where its push would have: with the rights of a push.
package struct RerunDesk: Sendable {
    private let intake: Intake

    package init(_ intake: Intake) { self.intake = intake }

    /// - Returns: after the operation is on disk. `.ignored` for a commit that we never built.
    package func take(_ rerun: Rerun) async throws(JournalError) -> PushDesk.Decision {
        guard let app = try await intake.journal.app(of: rerun.repository),
            let original = try await original(rerun, app.id)
        else { return .ignored }
        var request = self.request(for: original, app, rerun)
        request.needsApproval = request.kind == .push && intake.holdsPush(to: request.environment, of: app.id)
        switch try await intake.take(request) {
        case .accepted(let operation): return .accepted(operation.id)
        case .duplicate, .known, .unsettled, .notOffered: return .duplicate
        }
    }

    private func original(_ rerun: Rerun, _ app: AppID) async throws(JournalError) -> Operation? {
        if let id = rerun.operation {
            let known = try await intake.journal.operation(id)
            guard let known, known.app == app, known.commit?.id == rerun.commit else { return nil }
            return known
        }
        if let branch = rerun.branch,
            let known = try await intake.journal.operation(building: rerun.commit, of: app, on: branch)
        {
            return known
        }
        return try await intake.journal.operation(building: rerun.commit, of: app, on: nil)
    }

    /// A push is repeated as a push. What somebody asked for in the chat is only built: deploying it is theirs to ask.
    private func request(for original: Operation, _ app: App, _ rerun: Rerun) -> OperationRequest {
        let isPush = original.kind == .push
        let isDefault = original.revision?.text == app.defaultBranch
        return OperationRequest(
            kind: isPush ? .push : .build, app: app.id,
            environment: isPush ? (isDefault ? app.defaultEnvironment : nil) : original.environment,
            revision: original.revision, trigger: .rerun(by: rerun.by), channel: intake.channels.logChannel,
            commit: original.commit, deduplicationKey: "rerun:\(rerun.deliveryID)")
    }
}
