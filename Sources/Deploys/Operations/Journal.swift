import Foundation

/// The durable record of what was asked for and how far it got. Each verb is one transaction, on
/// disk when it returns; notices given to a verb are written in the same transaction.
package protocol Journal: Inbox, AuditLog, InterventionJournal, SourceJournal, ImageMemory {
    // MARK: Apps

    func app(_ id: AppID) async throws(JournalError) -> App?
    /// Ordered by key. Deregistered ones are left out.
    func apps() async throws(JournalError) -> [App]
    /// Writes where pushes to an app's default branch go, as a build taught; nothing happens when it is not registered.
    /// - Parameter environment: nil when they are only built.
    func setDefaultEnvironment(_ environment: EnvironmentName?, of app: AppID) async throws(JournalError)

    // MARK: Accepting

    /// Writes the operation as queued, with what `notices` makes of it. A push settles the pushes to the
    /// same app and branch that have not begun as superseded, with what `superseding` makes of each.
    ///
    /// A push to where its branch is known to be writes nothing. One that came before another one of its branch, though
    /// it was told later, is written as superseded.
    ///
    /// One that a button was pressed for acts once, as long as the message with the button offers it; the message
    /// loses it then.
    ///
    /// Both closures run inside the transaction and are pure. `ahead` counts the unfinished
    /// operations of the same lane that came before.
    func accept(
        _ request: OperationRequest, at now: Date,
        notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft],
        superseding: @escaping @Sendable (_ overtaken: Operation, _ by: Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Acceptance

    /// Forgets the app (running deployments stay), writes a finished `deregister` operation, and ends what of the app
    /// is held for approval. `notices` is asked about each of them, in its new state.
    /// Nil when the app was not registered.
    func deregister(
        _ request: OperationRequest, at now: Date,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Operation?

    // MARK: Working

    /// Takes the oldest queued operation whose lane is free, and marks it as running.
    func claim(at now: Date) async throws(JournalError) -> Operation?
    /// Puts every running operation back into the queue; how many there were. For the start, when nothing runs.
    func rescue() async throws(JournalError) -> Int
    /// Puts one operation back: the service stops, or the operation must wait in another lane.
    func putBack(_ operation: Operation) async throws(JournalError)
    /// Writes what a step found out (`environment`, `commit`, `buildNumber`), with its notices.
    func record(_ operation: Operation, notices: [NoticeDraft]) async throws(JournalError)
    /// Ends the operation with the state it carries and its notices; what `settlement` says happens in the same
    /// transaction. One that somebody wants to stop does not succeed.
    @discardableResult
    func settle(
        _ operation: Operation, _ settlement: Settlement, notices: [NoticeDraft]
    ) async throws(JournalError) -> Settling
    func operation(_ id: OperationID) async throws(JournalError) -> Operation?

    // MARK: Builds and releases

    /// The newest successful build of a commit.
    func finishedBuild(of commit: CommitID, app: AppID) async throws(JournalError) -> Build?
    /// Starts the next numbered build and records its number in the operation, with its notices.
    func beginBuild(
        of commit: CommitID, for operation: Operation, at now: Date
    ) async throws(JournalError) -> Build
    func build(_ number: Int, of app: AppID) async throws(JournalError) -> Build?
    /// Records the images of a build that succeeded.
    func finishBuild(_ build: Build, at now: Date) async throws(JournalError)
    /// Takes the number for the release that this operation is about to make, and keeps what the cluster is given for
    /// it. The same number when asked again.
    func reserveRelease(
        for operation: Operation, plan: ClusterPlan, at now: Date
    ) async throws(JournalError) -> Int
    /// The number of the release that an environment serves; nil before the first one.
    func currentRelease(of app: AppID, in environment: EnvironmentName) async throws(JournalError) -> Int?
    /// The newest release of a registered app that went live in an environment, as it was put there; nil when there is
    /// none, or nobody kept how it was.
    func liveState(of app: AppID, in environment: EnvironmentName) async throws(JournalError) -> DesiredState?
    /// What a registered app's environment shall be like; nil before its first release.
    func desiredState(of app: AppID, in environment: EnvironmentName) async throws(JournalError) -> DesiredState?
    /// The same, for whose plan has this namespace.
    func desiredState(inNamespace namespace: String) async throws(JournalError) -> DesiredState?
    /// The commit of `#number`, when that release went live.
    func release(_ number: Int, of app: AppID) async throws(JournalError) -> Commit?

    /// Figures for `/metrics`.
    func statistics() async throws(JournalError) -> JournalStatistics
}

package enum Acceptance: Sendable, Equatable {
    case accepted(Operation)
    /// The key was seen before; nothing was written.
    case duplicate(of: OperationID)
    /// Something was done about the branch at that commit before, or it was moved since; nothing was written.
    case known
    /// As `known`, but the branch may be back at that commit: the next look, in full, takes it then.
    case unsettled
    /// The message whose button was pressed does not offer it any more, as it says; nothing was written.
    case notOffered(Report?)
}

/// What becomes true together with the end of an operation.
package enum Settlement: Sendable {
    case nothing
    case registered(App)
    /// The reserved release is live, and its plan is what the environment shall be like from now on.
    case released
    /// The reserved release failed, and the newest live one is in place again.
    case putBack
    /// The reserved release failed and was left in place: until the next deploy, nothing is put right there.
    case leftInPlace
}

package enum JournalError: Error, Sendable, Equatable, CustomStringConvertible {
    case diskFull
    /// A write has not ended for so long that nobody knows whether it will.
    case stalled
    /// A clause for the operator: what is wrong, and what to do.
    case unavailable(String)

    package var description: String {
        switch self {
        case .diskFull: "the disk is full; make space where the state directory is"
        case .stalled: "the disk where the state directory is does not answer"
        case .unavailable(let clause): clause
        }
    }
}

package struct JournalStatistics: Sendable, Equatable {
    package var apps = 0
    /// Operations by state.
    package var operations: [Operation.State: Int] = [:]
    package var outbox = OutboxStatistics()
    package var commits = CommitStatistics()
    package var undeliveredNotices: Int { outbox.posts + outbox.edits + outbox.parked }
    /// When the oldest notice that waits was written.
    package var oldestUndelivered: Date?
    package init() {}
}
