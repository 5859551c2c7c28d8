import Deploys
import struct Foundation.Date

extension SQLiteJournal {
    package func accept(
        _ request: OperationRequest, at now: Date,
        notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft],
        superseding: @escaping @Sendable (_ overtaken: Operation, _ by: Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Acceptance {
        try await writer.run { database in
            let operations = OperationTable(database: database)
            let outbox = NoticeTable(database: database)
            let keys = DeduplicationTable(database: database)
            let key = request.press?.deduplicationKey ?? request.deduplicationKey
            if let known = try keys.operation(for: key) { return .duplicate(of: known) }
            try operations.refuseWhenFull()
            let operation = try operations.insert(request, as: .queued, at: now)
            try keys.remember(key, for: operation.id, at: now)
            try AuditTable(database: database).write(accepting: request, as: operation.id, at: now)
            if let press = request.press, let person = request.trigger.person {
                try ReportTable(database: database).redraw(press.operation, at: now) {
                    $0.pressed(press.step, by: person)
                }
            }
            if operation.kind == .push {
                for var overtaken in try operations.overtaken(by: operation) {
                    overtaken.state = .superseded
                    overtaken.finishedAt = now
                    try operations.setState(.superseded, finishedAt: now, of: overtaken.id)
                    // Nobody was told of it yet, so nobody misses its end.
                    if try outbox.withdraw(overtaken.id) { continue }
                    try outbox.write(superseding(overtaken, operation), about: overtaken, at: now)
                }
            }
            let ahead = try operations.countAhead(of: operation)
            try outbox.write(notices(operation, ahead), about: operation, at: now)
            return .accepted(operation)
        }
    }

    /// Asked again with the same key, it answers with the same operation and writes nothing.
    package func deregister(
        _ request: OperationRequest, at now: Date,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Operation? {
        try await writer.run { database in
            let operations = OperationTable(database: database)
            let keys = DeduplicationTable(database: database)
            if let known = try keys.operation(for: request.deduplicationKey) {
                return try operations.find(known)
            }
            guard try AppTable(database: database).deregister(request.app) else { return nil }
            // Who registers it again in a year wants nothing of today back before the next deploy.
            try EnvironmentTable(database: database).forget(request.app)
            try SiteWatchTable(database: database).forget(request.app)
            try StatusTable(database: database).forgetSites(of: request.app)
            let operation = try operations.insert(request, as: .succeeded, at: now)
            try keys.remember(request.deduplicationKey, for: operation.id, at: now)
            try AuditTable(database: database).write(accepting: request, as: operation.id, at: now)
            try NoticeTable(database: database).write(notices(operation), about: operation, at: now)
            return operation
        }
    }
}
