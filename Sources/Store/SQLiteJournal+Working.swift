import Deploys
import struct Foundation.Date

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

    package func settle(
        _ operation: Operation, _ settlement: Settlement, notices: [NoticeDraft]
    ) async throws(JournalError) {
        guard operation.isFinished else {
            throw .unavailable("operation \(operation.id) can't end as '\(operation.state.rawValue)'")
        }
        let now = now()
        try await writer.run { database in
            let operations = OperationTable(database: database)
            let known = try operations.get(operation.id)
            // Repeated after an acknowledgement that got lost: all of it is written already.
            if known.state == operation.state { return }
            try refuseEnded(known)
            try operations.update(operation)
            try operations.setState(
                operation.state, finishedAt: operation.finishedAt ?? now, of: operation.id)
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
            try StatusTable(database: database).settle(operation, settlement, notices: notices)
            try ReleaseTable(database: database).forgetOldPlans(of: operation)
            try NoticeTable(database: database).write(notices, about: operation, at: now)
        }
    }

    package func operation(_ id: OperationID) async throws(JournalError) -> Operation? {
        try await reader.run { try OperationTable(database: $0).find(id) }
    }
}

private func refuseEnded(_ operation: Operation) throws {
    guard !operation.isFinished else {
        throw JournalError.unavailable(
            "operation \(operation.id) has ended already, as '\(operation.state.rawValue)'")
    }
}
