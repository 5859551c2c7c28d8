import Deploys
import Foundation

/// The real journal, whose verbs that write are events of the world, before and after: `begin settle`, `end settle`.
struct ScriptedJournal: Journal {
    let journal: any Journal
    let world: World

    func event<T>(
        _ verb: String, _ body: () async throws(JournalError) -> T
    ) async throws(JournalError) -> T {
        try await happen("begin \(verb)")
        let result = try await body()
        try await happen("end \(verb)")
        return result
    }

    /// A journal's verb is not cancelled: what was begun is written.
    private func happen(_ event: String) async throws(JournalError) {
        do { try await world.happen(event) } catch let error as JournalError { throw error } catch {}
    }

    var requestsArrived: Signal { journal.requestsArrived }
    var waitingRequests: Int { journal.waitingRequests }
    func requireDisk() throws(JournalError) { try journal.requireDisk() }
    func receive(
        _ request: OperationRequest, at now: Date, told: @escaping @Sendable (Result<AppID, JournalError>) -> Void
    ) -> Bool { journal.receive(request, at: now, told: told) }
    func unpack(
        atMost count: Int,
        notices: @escaping @Sendable (_ operation: Deploys.Operation, _ ahead: Int) -> [NoticeDraft]
    ) async throws(JournalError) -> Int { try await journal.unpack(atMost: count, notices: notices) }

    func app(_ id: AppID) async throws(JournalError) -> App? { try await journal.app(id) }
    func apps() async throws(JournalError) -> [App] { try await journal.apps() }
    func operation(_ id: OperationID) async throws(JournalError) -> Deploys.Operation? {
        try await journal.operation(id)
    }
    func finishedBuild(of commit: CommitID, app: AppID) async throws(JournalError) -> Build? {
        try await journal.finishedBuild(of: commit, app: app)
    }
    func build(_ number: Int, of app: AppID) async throws(JournalError) -> Build? {
        try await journal.build(number, of: app)
    }
    func release(_ number: Int, of app: AppID) async throws(JournalError) -> Commit? {
        try await journal.release(number, of: app)
    }
    func keptImage(
        of app: AppID, appling: String?, _ fingerprint: BuildFingerprint
    ) async throws(JournalError) -> KeptImage? {
        try await journal.keptImage(of: app, appling: appling, fingerprint)
    }
    func keep(_ image: KeptImage) async throws(JournalError) {
        try await event("keep image") { () async throws(JournalError) in try await journal.keep(image) }
    }
    func write(_ entry: AuditEntry) async throws(JournalError) { try await journal.write(entry) }
    func audit(
        of app: AppID, atMost count: Int
    ) async throws(JournalError) -> (entries: [AuditEntry], olderCount: Int) {
        try await journal.audit(of: app, atMost: count)
    }
    func statistics() async throws(JournalError) -> JournalStatistics { try await journal.statistics() }

    func currentRelease(of app: AppID, in environment: EnvironmentName) async throws(JournalError) -> Int? {
        try await event("current release") { () async throws(JournalError) in
            try await journal.currentRelease(of: app, in: environment)
        }
    }
    func setDefaultEnvironment(_ environment: EnvironmentName?, of app: AppID) async throws(JournalError) {
        try await event("update app") { () async throws(JournalError) in
            try await journal.setDefaultEnvironment(environment, of: app)
        }
    }
    func accept(
        _ request: OperationRequest, at now: Date,
        notices: @escaping @Sendable (_ operation: Deploys.Operation, _ ahead: Int) -> [NoticeDraft],
        superseding: @escaping @Sendable (_ overtaken: Deploys.Operation, _ by: Deploys.Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Acceptance {
        try await journal.accept(request, at: now, notices: notices, superseding: superseding)
    }
    func deregister(
        _ request: OperationRequest, at now: Date,
        notices: @escaping @Sendable (Deploys.Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Deploys.Operation? {
        try await journal.deregister(request, at: now, notices: notices)
    }
    func claim(at now: Date) async throws(JournalError) -> Deploys.Operation? {
        try await event("claim") { () async throws(JournalError) in try await journal.claim(at: now) }
    }
    func rescue() async throws(JournalError) -> Int {
        try await event("rescue") { () async throws(JournalError) in try await journal.rescue() }
    }
    func putBack(_ operation: Deploys.Operation) async throws(JournalError) {
        try await event("put back") { () async throws(JournalError) in try await journal.putBack(operation) }
    }
    func record(_ operation: Deploys.Operation, notices: [NoticeDraft]) async throws(JournalError) {
        try await event("record") { () async throws(JournalError) in
            try await journal.record(operation, notices: notices)
        }
    }
    func settle(
        _ operation: Deploys.Operation, _ settlement: Settlement, notices: [NoticeDraft]
    ) async throws(JournalError) -> Settling {
        try await event("settle") { () async throws(JournalError) in
            try await journal.settle(operation, settlement, notices: notices)
        }
    }
    func beginBuild(
        of commit: CommitID, for operation: Deploys.Operation, at now: Date
    ) async throws(JournalError) -> Build {
        try await event("begin build") { () async throws(JournalError) in
            try await journal.beginBuild(of: commit, for: operation, at: now)
        }
    }
    func finishBuild(_ build: Build, at now: Date) async throws(JournalError) {
        try await event("finish build") { () async throws(JournalError) in
            try await journal.finishBuild(build, at: now)
        }
    }
    func reserveRelease(
        for operation: Deploys.Operation, plan: ClusterPlan, at now: Date
    ) async throws(JournalError) -> Int {
        try await event("reserve release") { () async throws(JournalError) in
            try await journal.reserveRelease(for: operation, plan: plan, at: now)
        }
    }
    func liveState(of app: AppID, in environment: EnvironmentName) async throws(JournalError) -> DesiredState? {
        try await event("live state") { () async throws(JournalError) in
            try await journal.liveState(of: app, in: environment)
        }
    }
    func desiredState(of app: AppID, in environment: EnvironmentName) async throws(JournalError) -> DesiredState? {
        try await journal.desiredState(of: app, in: environment)
    }
    func desiredState(inNamespace namespace: String) async throws(JournalError) -> DesiredState? {
        try await journal.desiredState(inNamespace: namespace)
    }
}
