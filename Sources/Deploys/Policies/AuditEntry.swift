import Foundation

/// One line of the append-only record of who did what, or was not allowed to.
package struct AuditEntry: Hashable, Sendable {
    package enum Decision: String, Codable, Sendable { case accepted, refused }

    package let date: Date
    /// A push has no person of the workspace.
    package let trigger: Trigger
    /// Nil for a push.
    package let place: Place?
    package let deed: Deed
    package let revision: Revision?
    package let decision: Decision
    /// Why it was refused, or what its sender gave as the reason for it.
    package let reason: String?
    /// What it became.
    package let operation: OperationID?
    /// Of the request: one that is delivered again and refused has its line already. Not part of the line.
    package var delivery: String?

    package init(
        date: Date, trigger: Trigger, place: Place?, deed: Deed, revision: Revision?, decision: Decision,
        reason: String?, operation: OperationID?
    ) {
        self.date = date
        self.trigger = trigger
        self.place = place
        self.deed = deed
        self.revision = revision
        self.decision = decision
        self.reason = reason
        self.operation = operation
    }
}
