import Deploys
import struct Foundation.Date
import SQLite

extension SQLiteJournal {
    package func cancel(
        _ id: OperationID, by person: Person, at now: Date, key: String?, auditing entry: AuditEntry,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Cancellation? {
        try await writer.run { database in
            let operations = OperationTable(database: database)
            let id = try Self.once(key, id, at: now, database)
            guard var operation = try operations.find(id) else { return nil }
            if operation.isFinished { return .tooLate(operation) }
            if let first = operation.cancelledBy { return .stoppingAlready(operation, by: first) }
            if try operations.setback(of: id) != nil { return .undoing(operation) }
            operation.cancelledBy = person
            try operations.setCancelled(by: person, id)
            try AuditTable(database: database).write(entry)
            guard operation.state == .queued, operation.releaseNumber == nil else {
                try ReportTable(database: database).redraw(id, at: now) { $0.stopping(by: person) }
                return .stopping(operation)
            }
            try Self.end(&operation, at: now, notices, database)
            return .ended(operation)
        }
    }

    package func hold(
        _ operation: Operation, at now: Date, notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Person? {
        try await writer.run { database in
            let operations = OperationTable(database: database)
            let known = try operations.get(operation.id)
            try refuseEnded(known)
            if let person = known.cancelledBy { return person }
            try operations.update(operation)
            try operations.setHeld(since: now, operation.id)
            let held = try operations.get(operation.id)
            try NoticeTable(database: database).write(notices(held), about: held, at: now)
            return nil
        }
    }

    package func decide(
        _ verdict: Verdict, on id: OperationID, by person: Person, at now: Date, key: String?,
        auditing entry: AuditEntry,
        notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft]
    ) async throws(JournalError) -> Decision? {
        try await writer.run { database in
            let operations = OperationTable(database: database)
            let id = try Self.once(key, id, at: now, database)
            guard var operation = try operations.find(id) else { return nil }
            guard operation.isHeld else { return .notHeld(operation) }
            try AuditTable(database: database).write(entry)
            switch verdict {
            case .approved:
                operation.approval?.by = person
                try operations.setApproved(by: person, id)
                let ahead = try operations.countAhead(of: operation)
                try NoticeTable(database: database).write(notices(operation, ahead), about: operation, at: now)
            case .declined:
                try Self.end(&operation, at: now, { notices($0, 0) }, database)
            }
            return .done(operation)
        }
    }

    package func lapse(
        heldSince date: Date, at now: Date, auditing entry: @escaping @Sendable (Operation) -> AuditEntry,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> [Operation] {
        try await writer.run { database in
            var lapsed = try OperationTable(database: database).held(since: date)
            for index in lapsed.indices {
                try AuditTable(database: database).write(entry(lapsed[index]))
                try Self.end(&lapsed[index], at: now, notices, database)
            }
            return lapsed
        }
    }

    package func recordSetback(
        _ failure: Failure, of operation: Operation
    ) async throws(JournalError) -> Person? {
        try await writer.run { database in
            let operations = OperationTable(database: database)
            let known = try operations.get(operation.id)
            try refuseEnded(known)
            if let person = known.cancelledBy { return person }
            try operations.setSetback(failure, operation.id)
            return nil
        }
    }

    /// - Returns: the operation that the same delivery was about the first time; this one when it is new.
    private static func once(
        _ key: String?, _ id: OperationID, at now: Date, _ database: Database
    ) throws -> OperationID {
        let keys = DeduplicationTable(database: database)
        if let known = try keys.operation(for: key) { return known }
        if try OperationTable(database: database).find(id) != nil { try keys.remember(key, for: id, at: now) }
        return id
    }

    static func end(
        _ operation: inout Operation, at now: Date, _ notices: (Operation) -> [NoticeDraft], _ database: Database
    ) throws {
        operation.state = .cancelled
        operation.finishedAt = now
        try OperationTable(database: database).setState(.cancelled, finishedAt: now, of: operation.id)
        try NoticeTable(database: database).write(notices(operation), about: operation, at: now)
    }
}

extension SQLiteJournal {
    package func setback(of id: OperationID) async throws(JournalError) -> Failure? {
        try await reader.run { try OperationTable(database: $0).setback(of: id) }
    }

    package func lastReport(of id: OperationID) async throws(JournalError) -> Report? {
        try await reader.run { try ReportTable(database: $0).find(id) }
    }

    package func operation(of press: Press) async throws(JournalError) -> Operation? {
        try await operation(forKey: press.deduplicationKey)
    }

    package func operation(forKey key: String) async throws(JournalError) -> Operation? {
        try await reader.run { database in
            try DeduplicationTable(database: database).operation(for: key).flatMap {
                try OperationTable(database: database).find($0)
            }
        }
    }

    package func unfinished(of app: AppID, atMost maxCount: Int) async throws(JournalError) -> [Operation] {
        try await reader.run { try OperationTable(database: $0).unfinished(of: app, atMost: maxCount) }
    }

    package func liveOperation(
        of app: AppID, in environment: EnvironmentName
    ) async throws(JournalError) -> Operation? {
        try await reader.run { database in
            let releases = ReleaseTable(database: database)
            guard let number = try releases.current(of: app, in: environment),
                let operation = try releases.liveOperation(number, of: app)
            else { return nil }
            return try OperationTable(database: database).find(operation)
        }
    }
}
