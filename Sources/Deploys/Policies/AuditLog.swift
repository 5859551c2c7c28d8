import Foundation

/// The record of who did what, or was not allowed to. Nothing in it is ever changed or removed. What becomes an
/// operation is written by the journal's own verbs, in the same transaction.
package protocol AuditLog: Sendable {
    /// On disk when it returns.
    func write(_ entry: AuditEntry) async throws(JournalError)
    /// The newest lines about an app, newest first, and how many older ones there are.
    func audit(of app: AppID, atMost count: Int) async throws(JournalError) -> (entries: [AuditEntry], olderCount: Int)
}

extension AuditEntry {
    /// What Iterapp itself ended.
    package static func ended(_ operation: Operation, because reason: String, at date: Date) -> AuditEntry {
        AuditEntry(
            date: date, trigger: .watch, place: nil, deed: Deed(.cancel, operation.app, operation.environment),
            revision: operation.revision, decision: .accepted, reason: reason, operation: operation.id)
    }

    /// What was held when its app was deregistered.
    package static func ended(
        _ operation: Operation, byDeregistering request: OperationRequest, at date: Date
    ) -> AuditEntry {
        AuditEntry(
            date: date, trigger: request.trigger, place: request.place,
            deed: Deed(.cancel, operation.app, operation.environment), revision: operation.revision,
            decision: .accepted, reason: AuditWords.deregistered, operation: operation.id)
    }

    /// Of what becomes an operation. Nil for what nobody asked for: a repair.
    package init?(accepting request: OperationRequest, as operation: OperationID, at date: Date) {
        let kind: Deed.Kind
        switch request.kind {
        case .register: kind = .register
        case .deregister: kind = .deregister
        case .build: kind = .build
        case .deploy: kind = .deploy
        case .push: kind = request.environment == nil ? .build : .deploy
        case .repair, .repository: return nil
        }
        self.init(
            date: date, trigger: request.trigger, place: request.place,
            deed: Deed(kind, request.app, request.environment), revision: request.revision, decision: .accepted,
            reason: request.note, operation: operation)
        delivery = request.delivery
    }
}
