import Deploys
import struct Foundation.Date
import SQLite

extension SQLiteJournal {
    package func accept(
        _ request: OperationRequest, at now: Date,
        notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft],
        superseding: @escaping @Sendable (_ overtaken: Operation, _ by: Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Acceptance {
        let limit = OperationTable.Limit(operations: maxUnfinishedOperations, requests: memory.count)
        return try await writer.run { [memory] database in
            let acceptance = try Self.accept(request, at: now, limit: limit, notices, superseding, database)
            memory.unfinishedOperations = try OperationTable(database: database).unfinishedCount()
            return acceptance
        }
    }

    /// - Parameter limit: how many operations may be unfinished; nil for what was acknowledged and must be taken.
    static func accept(
        _ request: OperationRequest, at now: Date, limit: OperationTable.Limit?,
        _ notices: (_ operation: Operation, _ ahead: Int) -> [NoticeDraft],
        _ superseding: (_ overtaken: Operation, _ by: Operation) -> [NoticeDraft], _ database: Database
    ) throws -> Acceptance {
        let key = request.press?.deduplicationKey ?? request.deduplicationKey
        if let known = try DeduplicationTable(database: database).operation(for: key) { return .duplicate(of: known) }
        // Between the desk's look and this, somebody else may have taken another step.
        if let press = request.press {
            let report = try ReportTable(database: database).find(press.operation)
            guard report?.steps?.contains(press.step) == true else { return .notOffered(report) }
        }
        let arrival = try Self.arrival(request, database)
        if case .known = arrival { return try Self.know(request, at: now, database) }
        if case .unsettled = arrival {
            try BranchHeadTable(database: database).forgetTag(of: request.app)
            _ = try Self.know(request, at: now, database)
            return .unsettled
        }
        if let limit { try OperationTable(database: database).refuseWhenFull(limit) }
        if case .older(let newer) = arrival {
            return try Self.acceptLate(request, overtakenBy: newer, at: now, superseding, database)
        }
        return .accepted(try Self.queue(request, key, arrival, at: now, notices, superseding, database))
    }

    /// Writes down the operation that a request becomes, with all that follows from it.
    private static func queue(
        _ request: OperationRequest, _ key: String?, _ arrival: BranchHeadTable.Arrival, at now: Date,
        _ notices: (_ operation: Operation, _ ahead: Int) -> [NoticeDraft],
        _ superseding: (_ overtaken: Operation, _ by: Operation) -> [NoticeDraft], _ database: Database
    ) throws -> Operation {
        let operations = OperationTable(database: database)
        var operation = try operations.insert(request, as: .queued, at: now)
        try DeduplicationTable(database: database).remember(key, for: operation.id, at: now)
        try AuditTable(database: database).write(accepting: request, as: operation.id, at: now)
        if let press = request.press, let person = request.trigger.person {
            try ReportTable(database: database).redraw(press.operation, at: now) {
                $0.pressed(press.step, by: person, needsApproval: request.needsApproval)
            }
        }
        var untold = 0
        switch arrival {
        case .next:
            try Self.move(request, database)
            untold = try Self.overtake(operation, at: now, superseding, database)
        case .doubtful(let doubt):
            try operations.setDoubt(doubt, of: operation.id)
            operation.doubt = doubt
        case .aside, .known, .older, .unsettled: break
        }
        let ahead = try operations.countAhead(of: operation)
        let drafts = notices(operation, ahead).map { $0.counting(untold) }
        try NoticeTable(database: database).write(drafts, about: operation, at: now)
        return operation
    }

    /// Ends the pushes that a push overtakes.
    /// - Returns: how many of them nobody was told of, and nobody will be.
    private static func overtake(
        _ push: Operation, at now: Date, _ superseding: (_ overtaken: Operation, _ by: Operation) -> [NoticeDraft],
        _ database: Database
    ) throws -> Int {
        let operations = OperationTable(database: database)
        let outbox = NoticeTable(database: database)
        var untold = 0
        for var overtaken in try operations.overtaken(by: push) {
            overtaken.state = .superseded
            overtaken.finishedAt = now
            try operations.setState(.superseded, finishedAt: now, of: overtaken.id)
            let told = try ReportTable(database: database).find(overtaken.id)?.overtakenCount ?? 0
            let drafts = superseding(overtaken, push)
            // Nobody was told of it yet, so nobody misses its end; but its commit has a page of its own.
            if try outbox.withdraw(overtaken.id) {
                untold += 1 + told
                for draft in drafts { try ReportTable(database: database).keep(draft, of: overtaken.id, at: now) }
            } else {
                try outbox.write(drafts, about: overtaken, at: now)
            }
        }
        return untold
    }

    private static func arrival(
        _ request: OperationRequest, _ database: Database
    ) throws -> BranchHeadTable.Arrival {
        // What was known once stays known, wherever its branch is now.
        if try DeliveryTable(database: database).has(request.deduplicationKey) { return .known }
        guard let move = request.move, let commit = request.commit else {
            // Whoever wants an old commit again does not mean that newer ones are not wanted.
            if case .rerun = request.trigger { return .aside }
            return request.kind == .push ? .next : .aside
        }
        return try BranchHeadTable(database: database).arrival(move, at: commit.id, of: request.app)
    }

    /// What a push teaches about its repository.
    private static func move(_ request: OperationRequest, _ database: Database) throws {
        guard let move = request.move, let commit = request.commit else { return }
        let heads = BranchHeadTable(database: database)
        try heads.set(move.branch, of: request.app, to: commit.id, before: move.before)
        if move.origin == .told { try heads.forgetTag(of: request.app) }
    }

    /// A push that changes nothing: its delivery is on record with the operation that was there before.
    private static func know(
        _ request: OperationRequest, at now: Date, _ database: Database
    ) throws -> Acceptance {
        guard let key = request.deduplicationKey, let commit = request.commit else { return .known }
        let deliveries = DeliveryTable(database: database)
        guard try deliveries.insert(key, at: now) else { return .known }
        let cause = try OperationTable(database: database)
            .newest(building: commit.id, of: request.app, on: request.move?.branch)
        if let cause { try deliveries.note(cause.id, causedBy: key) }
        return .known
    }

    /// A push that was told after the one that followed it: it is on record, and nobody has to read of it.
    private static func acceptLate(
        _ request: OperationRequest, overtakenBy newer: CommitID, at now: Date,
        _ superseding: (_ overtaken: Operation, _ by: Operation) -> [NoticeDraft], _ database: Database
    ) throws -> Acceptance {
        let operations = OperationTable(database: database)
        guard let next = try operations.newest(building: newer, of: request.app, on: request.move?.branch) else {
            return try know(request, at: now, database)
        }
        let late = try operations.insert(request, as: .superseded, at: now)
        try DeduplicationTable(database: database).remember(request.deduplicationKey, for: late.id, at: now)
        try AuditTable(database: database).write(accepting: request, as: late.id, at: now)
        for draft in superseding(late, next) {
            try ReportTable(database: database).keep(draft, of: late.id, at: now)
        }
        return .accepted(late)
    }

    /// Asked again with the same key, it answers with the same operation and writes nothing.
    package func deregister(
        _ request: OperationRequest, at now: Date,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Operation? {
        try await writer.run { database -> (operation: Operation?, isNew: Bool) in
            let operations = OperationTable(database: database)
            let keys = DeduplicationTable(database: database)
            if let known = try keys.operation(for: request.deduplicationKey) {
                return (try operations.find(known), false)
            }
            guard try AppTable(database: database).deregister(request.app) else { return (nil, false) }
            // Who registers it again in a year wants nothing of today back before the next deploy.
            try EnvironmentTable(database: database).forget(request.app)
            try SiteWatchTable(database: database).forget(request.app)
            try StatusTable(database: database).forgetSites(of: request.app)
            try BranchHeadTable(database: database).forgetAll(of: request.app)
            let operation = try operations.insert(request, as: .succeeded, at: now)
            try keys.remember(request.deduplicationKey, for: operation.id, at: now)
            try AuditTable(database: database).write(accepting: request, as: operation.id, at: now)
            try NoticeTable(database: database).write(notices(operation), about: operation, at: now)
            try Self.endHeld(request, at: now, notices, database)
            return (operation, true)
        } then: { [memory] in
            if $0.isNew { memory.deregister(request.app) }
        }.operation
    }

    /// Nobody can approve them any more.
    private static func endHeld(
        _ request: OperationRequest, at now: Date, _ notices: (Operation) -> [NoticeDraft], _ database: Database
    ) throws {
        let operations = OperationTable(database: database)
        for var held in try operations.unfinished(of: request.app, atMost: .max) where held.isHeld {
            if let person = request.trigger.person {
                held.cancelledBy = person
                try operations.setCancelled(by: person, held.id)
            }
            try AuditTable(database: database).write(.ended(held, byDeregistering: request, at: now))
            try Self.end(&held, at: now, notices, database)
        }
    }
}

extension NoticeDraft {
    /// The same, with the pushes that it alone tells of.
    fileprivate func counting(_ overtaken: Int) -> NoticeDraft {
        guard overtaken > 0, case .live(var report) = self else { return self }
        report.overtakenCount = overtaken
        return .live(report)
    }
}
