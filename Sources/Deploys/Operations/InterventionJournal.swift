import Foundation

/// What becomes of operations besides running to their end. As with `Journal`, each verb is one transaction, and its
/// closures run inside it and are pure. An operation that a closure is given is in its new state.
package protocol InterventionJournal: Sendable {
    /// Somebody wants it to stop. What waits and has changed nothing ends at once; what runs, or has to be undone, is
    /// marked, and its worker does the rest.
    ///
    /// - Parameters:
    ///   - key: of what is delivered twice: the second time it is about the same operation, whatever `id` says.
    ///   - entry: written with it when that changes something.
    ///   - notices: of what has ended.
    /// - Returns: nil when there is no such operation.
    func cancel(
        _ id: OperationID, by person: Person, at now: Date, key: String?, auditing entry: AuditEntry,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Cancellation?

    /// Puts an operation that runs aside until a second person has approved it: its lane is free meanwhile.
    /// - Returns: who wants it to stop: then nothing was written.
    func hold(
        _ operation: Operation, at now: Date, notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> Person?

    /// A second person's word about an operation that is held: it goes on, or ends.
    /// - Parameters:
    ///   - key: as at `cancel`.
    ///   - entry: written with it when that changes something.
    ///   - notices: `ahead` as at `accept`.
    /// - Returns: nil when there is no such operation.
    func decide(
        _ verdict: Verdict, on id: OperationID, by person: Person, at now: Date, key: String?,
        auditing entry: AuditEntry,
        notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft]
    ) async throws(JournalError) -> Decision?

    /// Ends what has been held since `date` or longer, each with its line of the audit log.
    func lapse(
        heldSince date: Date, at now: Date, auditing entry: @escaping @Sendable (Operation) -> AuditEntry,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> [Operation]

    /// Writes down that its roll-out failed, before what it has changed is undone: after a crash it is undone, and not
    /// tried again.
    /// - Returns: who wants it to stop.
    func recordSetback(
        _ failure: Failure, of operation: Operation
    ) async throws(JournalError) -> Person?
    /// What was written down so.
    func setback(of id: OperationID) async throws(JournalError) -> Failure?

    /// What people were told about it last, with what has become of it since; nil when nobody was told.
    func lastReport(of id: OperationID) async throws(JournalError) -> Report?
    /// What a press became.
    func operation(of press: Press) async throws(JournalError) -> Operation?
    /// What was done when something with this key was delivered before: the operation that it was about.
    func operation(forKey key: String) async throws(JournalError) -> Operation?
    /// Those of an app that have not ended, the oldest first, so many at most.
    func unfinished(of app: AppID, atMost maxCount: Int) async throws(JournalError) -> [Operation]
    /// The one that made the release which an environment serves.
    func liveOperation(of app: AppID, in environment: EnvironmentName) async throws(JournalError) -> Operation?
}

package enum Cancellation: Sendable, Equatable {
    case ended(Operation)
    /// Its worker stops it, and undoes what it has changed.
    case stopping(Operation)
    /// It failed, and what it has changed is being undone already.
    case undoing(Operation)
    /// Somebody was first.
    case stoppingAlready(Operation, by: Person)
    /// It had ended before.
    case tooLate(Operation)
}

package enum Verdict: Sendable { case approved, declined }

package enum Decision: Sendable, Equatable {
    case done(Operation)
    /// It does not wait for anybody's word: it has not come so far, it was approved, it has ended.
    case notHeld(Operation)
}

/// What became of an attempt to end an operation.
package enum Settling: Sendable, Equatable {
    case settled
    /// Somebody wanted it to stop before it came to its end: nothing was written.
    case unwanted(by: Person)
}
