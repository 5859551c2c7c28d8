import Deploys
import Foundation

extension ScriptedJournal {
    func cancel(
        _ id: OperationID, by person: Person, at now: Date, key: String?, auditing entry: AuditEntry,
        notices: @escaping @Sendable (Deploys.Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Cancellation? {
        try await event("cancel") { () async throws(JournalError) in
            try await journal.cancel(id, by: person, at: now, key: key, auditing: entry, notices: notices)
        }
    }
    func hold(
        _ operation: Deploys.Operation, at now: Date,
        notices: @escaping @Sendable (Deploys.Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Person? {
        try await event("hold") { () async throws(JournalError) in
            try await journal.hold(operation, at: now, notices: notices)
        }
    }
    func decide(
        _ verdict: Verdict, on id: OperationID, by person: Person, at now: Date, key: String?, auditing entry: AuditEntry,
        notices: @escaping @Sendable (_ operation: Deploys.Operation, _ ahead: Int) -> [NoticeDraft]
    ) async throws(JournalError) -> Decision? {
        try await event("decide") { () async throws(JournalError) in
            try await journal.decide(verdict, on: id, by: person, at: now, key: key, auditing: entry, notices: notices)
        }
    }
    func lapse(
        heldSince date: Date, at now: Date, auditing entry: @escaping @Sendable (Deploys.Operation) -> AuditEntry,
        notices: @escaping @Sendable (Deploys.Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> [Deploys.Operation] {
        try await journal.lapse(heldSince: date, at: now, auditing: entry, notices: notices)
    }
    func recordSetback(
        _ failure: Failure, of operation: Deploys.Operation
    ) async throws(JournalError) -> Person? {
        try await event("record setback") { () async throws(JournalError) in
            try await journal.recordSetback(failure, of: operation)
        }
    }
    func setback(of id: OperationID) async throws(JournalError) -> Failure? { try await journal.setback(of: id) }
    func lastReport(of id: OperationID) async throws(JournalError) -> Report? { try await journal.lastReport(of: id) }
    func operation(of press: Press) async throws(JournalError) -> Deploys.Operation? {
        try await journal.operation(of: press)
    }
    func operation(forKey key: String) async throws(JournalError) -> Deploys.Operation? {
        try await journal.operation(forKey: key)
    }
    func unfinished(of app: AppID, atMost maxCount: Int) async throws(JournalError) -> [Deploys.Operation] {
        try await journal.unfinished(of: app, atMost: maxCount)
    }
    func liveOperation(
        of app: AppID, in environment: EnvironmentName
    ) async throws(JournalError) -> Deploys.Operation? {
        try await journal.liveOperation(of: app, in: environment)
    }
}

extension ScriptedJournal {
    func app(of repository: SourceRepository) async throws(JournalError) -> App? {
        try await journal.app(of: repository)
    }
    func knownHeads(of app: AppID) async throws(JournalError) -> KnownHeads { try await journal.knownHeads(of: app) }
    func knownHead(of branch: String, app: AppID) async throws(JournalError) -> KnownHead? {
        try await journal.knownHead(of: branch, app: app)
    }
    func note(_ look: BranchLook, of app: AppID, at now: Date) async throws(JournalError) {
        try await event("note look") { () async throws(JournalError) in
            try await journal.note(look, of: app, at: now)
        }
    }
    func doubtfulPush(on branch: String, of app: AppID) async throws(JournalError) -> Deploys.Operation? {
        try await journal.doubtfulPush(on: branch, of: app)
    }
    func settleDoubt(of push: Deploys.Operation) async throws(JournalError) {
        try await event("believe") { () async throws(JournalError) in
            try await journal.settleDoubt(of: push)
        }
    }
    func lookInFull(at app: AppID) async throws(JournalError) { try await journal.lookInFull(at: app) }
    func overtaken(on branch: String, of app: AppID, by head: CommitID) async throws(JournalError) {
        try await journal.overtaken(on: branch, of: app, by: head)
    }
    func forget(
        _ branch: String, of app: AppID, delivery: String, at now: Date,
        notices: @escaping @Sendable (Deploys.Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> [Deploys.Operation] {
        try await journal.forget(branch, of: app, delivery: delivery, at: now, notices: notices)
    }
    func record(
        _ delivery: RepositoryDelivery, at now: Date,
        reports: @escaping @Sendable ([RepositoryChange]) -> [Report]
    ) async throws(JournalError) -> [Deploys.Operation] {
        try await journal.record(delivery, at: now, reports: reports)
    }
    func learn(_ repository: SourceRepository, defaultBranch: String?, of app: AppID) async throws(JournalError) {
        try await journal.learn(repository, defaultBranch: defaultBranch, of: app)
    }
    func wasStopped(before push: Deploys.Operation) async throws(JournalError) -> Bool {
        try await journal.wasStopped(before: push)
    }
    func operation(
        building commit: CommitID, of app: AppID, on branch: String?
    ) async throws(JournalError) -> Deploys.Operation? {
        try await journal.operation(building: commit, of: app, on: branch)
    }
}
