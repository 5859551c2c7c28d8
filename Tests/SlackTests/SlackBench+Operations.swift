import Deploys
import Foundation
import XCTest

/// Operations that have a message already, so that its buttons can be pressed.
extension SlackBench {
    private static let commit = Commit(id: CommitID(String(repeating: "ab12", count: 10))!, subject: "x", author: "y")

    /// Takes a deploy to its end, and keeps its message with these steps.
    func end(
        _ phase: Phase, as state: Deploys.Operation.State = .failed, in environment: EnvironmentName = .test,
        offering steps: [NextStep]
    ) async throws -> OperationID {
        let request = OperationRequest(
            kind: .deploy, app: AppID(organisation: "iterate", name: "cats"), environment: environment,
            revision: Revision("main"), trigger: .command(Person(id: "U1", name: "ada")), channel: "#iterapp-logs",
            commit: Self.commit, deduplicationKey: nil)
        _ = try await journal.accept(request, at: Self.now, notices: { _, _ in [] }, superseding: { _, _ in [] })
        let claimed = try await journal.claim(at: Self.now)
        var operation = try XCTUnwrap(claimed)
        operation.commit = Self.commit
        operation.state = state
        operation.finishedAt = Self.now
        var report = Report(operation: operation, appLabel: "cats", phase: phase)
        report.steps = steps
        try await journal.settle(operation, .nothing, notices: [.live(report)])
        return operation.id
    }
}
