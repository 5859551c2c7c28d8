import Foundation

/// Stops operations, and lets held ones go on or ends them: for commands and for buttons.
struct Interventions: Sendable {
    let intake: Intake
    private var journal: any Journal { intake.journal }

    func cancel(_ operation: Operation, _ sender: Sender) async throws(Refusal) -> Answer {
        guard operation.canBeCancelled else {
            let answer = Answer(.refused, PressWords.cannotBeCancelled)
            return try await recorded(answer, of: Self.deed(.cancel, operation), operation, sender)
        }
        let entry = try await admit(.cancel, operation, sender)
        let person = sender.person
        let label = intake.naming.label(operation.app)
        let cancellation: Cancellation?
        do throws(JournalError) {
            cancellation = try await journal.cancel(
                operation.id, by: person, at: entry.date, key: Self.key(of: sender), auditing: entry
            ) { operation in
                let phase = Phase.cancelled(by: person, aftermath: LifecycleWords.nothingChanged)
                return [.live(Report(operation: operation, appLabel: label, phase: phase).offeringNextSteps())]
            }
        } catch { throw .journal(error) }
        guard let cancellation else { return Answer(.refused, PressWords.unknown) }
        if case .stopping(let operation) = cancellation {
            intake.signals.cancellations.cancel(operation.id, by: person)
        }
        intake.signals.work.fire()
        intake.signals.notices.fire()
        let answer = PressWords.answer(cancellation, label, intake.channels.logChannel)
        if answer.outcome == .accepted { return answer }
        return try await recorded(answer, of: entry.deed, operation, sender)
    }

    func decide(_ verdict: Verdict, _ operation: Operation, _ sender: Sender) async throws(Refusal) -> Answer {
        let kind: Deed.Kind = verdict == .approved ? .approve : .decline
        guard operation.isHeld else {
            let answer = PressWords.notHeld(operation)
            return try await recorded(answer, of: Self.deed(kind, operation), operation, sender)
        }
        let entry = try await admit(kind, operation, sender)
        // Whatever the gate says: a second person is another one.
        if verdict == .approved, operation.trigger.person?.id == sender.person.id {
            throw await intake.recorded(.notAllowed(PressWords.ownRequest), of: entry.deed, sender, entry.revision)
        }
        if verdict == .approved { try await refuseUnregistered(operation, entry.deed, sender) }
        let overtaking = verdict == .approved ? await newerRelease(than: operation) : nil
        let person = sender.person
        let label = intake.naming.label(operation.app)
        let decision: Decision?
        do throws(JournalError) {
            decision = try await journal.decide(
                verdict, on: operation.id, by: person, at: entry.date, key: Self.key(of: sender), auditing: entry
            ) { operation, ahead in
                let phase: Phase = verdict == .approved ? .queued(ahead: ahead) : .declined(by: person)
                return [.live(Report(operation: operation, appLabel: label, phase: phase).offeringNextSteps())]
            }
        } catch { throw .journal(error) }
        intake.signals.work.fire()
        intake.signals.notices.fire()
        switch decision {
        case nil: return Answer(.refused, PressWords.unknown)
        case .notHeld(let operation)?:
            return try await recorded(PressWords.notHeld(operation), of: entry.deed, operation, sender)
        case .done(let operation)?: return PressWords.decided(verdict, operation, label, over: overtaking)
        }
    }

    /// A button is about one operation, which is in one state only: pressed twice, it does nothing twice.
    private static func key(of sender: Sender) -> String? { sender.pressedButton ? nil : sender.deduplicationKey }

    private func recorded(
        _ answer: Answer, of deed: Deed, _ operation: Operation, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        try await intake.recorded(answer, of: deed, sender, operation.revision)
    }

    private func refuseUnregistered(
        _ operation: Operation, _ deed: Deed, _ sender: Sender
    ) async throws(Refusal) {
        let app: App?
        do throws(JournalError) { app = try await journal.app(operation.app) } catch { throw .journal(error) }
        guard app == nil else { return }
        let refusal = Refusal.notRegistered(intake.naming.label(operation.app), nearest: nil)
        throw await intake.recorded(refusal, of: deed, sender, operation.revision)
    }

    /// What went live in its environment after it had been asked for: approving it takes that away again.
    func newerRelease(than operation: Operation) async -> LiveRelease? {
        guard let environment = operation.environment,
            let live = try? await journal.liveOperation(of: operation.app, in: environment),
            let release = LiveRelease(live), release.since > operation.createdAt
        else { return nil }
        return release
    }

    /// - Returns: the line of the audit log that is written with the deed.
    func admit(
        _ kind: Deed.Kind, _ operation: Operation, _ sender: Sender
    ) async throws(Refusal) -> AuditEntry {
        let deed = Self.deed(kind, operation)
        _ = try await intake.admit(deed, sender, operation.revision)
        var entry = AuditEntry(
            date: intake.now(), trigger: sender.trigger, place: sender.place, deed: deed,
            revision: operation.revision, decision: .accepted, reason: nil, operation: operation.id)
        entry.delivery = sender.delivery
        return entry
    }

    private static func deed(_ kind: Deed.Kind, _ operation: Operation) -> Deed {
        // What is only built concerns no environment.
        let environment = operation.kind == .build ? nil : operation.environment
        return Deed(kind, operation.app, environment, askedBy: operation.trigger.person?.id)
    }
}

extension LiveRelease {
    /// Of the operation that made it; nil when it made none.
    init?(_ operation: Operation) {
        guard let number = operation.releaseNumber, let commit = operation.commit else { return nil }
        self.init(
            number: number, commit: commit, buildNumber: operation.buildNumber, revision: operation.revision,
            since: operation.finishedAt ?? operation.createdAt, trigger: operation.trigger)
    }
}
