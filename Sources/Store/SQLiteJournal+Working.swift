import Deploys
import struct Foundation.Date
import SQLite

extension SQLiteJournal {
    package func claim(at now: Date) async throws(JournalError) -> Operation? {
        try await writer.run { try OperationTable(database: $0).claimOldest(at: now) }
    }

    package func rescue() async throws(JournalError) -> Int {
        try await writer.run { try OperationTable(database: $0).queueAllRunning() }
    }

    package func putBack(_ operation: Operation) async throws(JournalError) {
        try await writer.run { database in
            let operations = OperationTable(database: database)
            try refuseEnded(try operations.get(operation.id))
            try operations.update(operation)
            try operations.setState(.queued, finishedAt: nil, of: operation.id)
        }
    }

    package func record(_ operation: Operation, notices: [NoticeDraft]) async throws(JournalError) {
        let now = now()
        try await writer.run { database in
            try OperationTable(database: database).update(operation)
            try NoticeTable(database: database).write(notices, about: operation, at: now)
        }
    }

    @discardableResult
    package func settle(
        _ operation: Operation, _ settlement: Settlement, notices: [NoticeDraft]
    ) async throws(JournalError) -> Settling {
        guard operation.isFinished else {
            throw .unavailable("operation \(operation.id) can't end as '\(operation.state.rawValue)'")
        }
        let now = now()
        return try await writer.run { database -> (settling: Settling, isNew: Bool) in
            let operations = OperationTable(database: database)
            let known = try operations.get(operation.id)
            // Repeated after an acknowledgement that got lost: all of it is written already.
            if known.state == operation.state { return (.settled, false) }
            try refuseEnded(known)
            // Whoever was told that it stops may count on it.
            if operation.state == .succeeded, let person = known.cancelledBy { return (.unwanted(by: person), false) }
            try operations.update(operation)
            try operations.setState(
                operation.state, finishedAt: operation.finishedAt ?? now, of: operation.id)
            try Self.apply(settlement, of: operation, notices, at: now, database)
            try StatusTable(database: database).settle(operation, settlement, notices: notices)
            try ReleaseTable(database: database).forgetOldPlans(of: operation)
            try NoticeTable(database: database).write(notices, about: operation, at: now)
            try ReportTable(database: database).outlive(by: operation, at: now)
            if case .released = settlement {
                try CommitMarkTable(database: database).replaceRelease(before: operation, at: now)
            }
            return (.settled, true)
        } then: { [memory] in
            if case .registered(let app) = settlement, $0.isNew { memory.register([app.id]) }
        }.settling
    }

    private static func apply(
        _ settlement: Settlement, of operation: Operation, _ notices: [NoticeDraft], at now: Date, _ database: Database
    ) throws {
        switch settlement {
        case .nothing: break
        case .registered(let app): try AppTable(database: database).register(app)
        case .released:
            try ReleaseTable(database: database).markLive(operation)
            try EnvironmentTable(database: database).settle(operation)
            try SiteWatchTable(database: database).settle(operation, notices: notices, at: now)
        case .putBack: try EnvironmentTable(database: database).settleOnLive(operation)
        case .leftInPlace: try EnvironmentTable(database: database).forget(operation)
        }
    }

    package func operation(_ id: OperationID) async throws(JournalError) -> Operation? {
        try await reader.run { try OperationTable(database: $0).find(id) }
    }
}

func refuseEnded(_ operation: Operation) throws {
    guard !operation.isFinished else {
        throw JournalError.unavailable(
            "operation \(operation.id) has ended already, as '\(operation.state.rawValue)'")
    }
}
