import Foundation

/// Takes what changes something, however it was asked for, for all desks: looks at where it comes from, asks the gate,
/// and writes the operation down.
package struct Intake: Sendable {
    let journal: any Journal
    let gate: any Gate
    let naming: Naming
    let channels: ChannelPolicy
    let signals: Signals
    let room: DiskRoom
    let now: @Sendable () -> Date

    /// - Parameter room: nothing new is taken while there is none.
    package init(
        journal: any Journal, gate: any Gate = OpenGate(), naming: Naming, channels: ChannelPolicy, signals: Signals,
        room: DiskRoom = DiskRoom(), now: @escaping @Sendable () -> Date
    ) {
        self.journal = journal
        self.gate = gate
        self.naming = naming
        self.channels = channels
        self.signals = signals
        self.room = room
        self.now = now
    }

    /// A refusal is on record when it is thrown.
    /// - Returns: whether a second person has to approve it.
    func admit(_ deed: Deed, _ sender: Sender, _ revision: Revision? = nil) async throws(Refusal) -> Bool {
        try requireDisk()
        guard channels.allows(sender.place) else {
            throw await recorded(.wrongChannel(channels.logChannel), of: deed, sender, revision)
        }
        switch await gate.ruling(on: deed, by: sender.person, from: sender.place) {
        case .allowed(let needsApproval): return needsApproval
        case .refused(let sentence): throw await recorded(.notAllowed(sentence), of: deed, sender, revision)
        }
    }

    /// Whoever waits for an answer gets one at once, and not when nobody can tell any more what was done.
    func requireDisk() throws(Refusal) {
        do throws(JournalError) { try journal.requireDisk() } catch { throw .journal(error) }
    }

    /// Writes down that something was not taken, before its sender reads so.
    /// - Returns: the refusal itself, or what kept the journal from writing it down.
    func recorded(
        _ refusal: Refusal, of deed: Deed, _ sender: Sender, _ revision: Revision? = nil
    ) async -> Refusal {
        guard let reason = AuditWords.reason(refusal) else { return refusal }
        do throws(Refusal) { try await record(reason, of: deed, sender, revision) } catch { return error }
        return refusal
    }

    /// The same for what can't be done as things stand: somebody was first, or its time is over.
    /// - Parameter reason: for whoever reads the record, when that is not what the sender reads.
    /// - Returns: what the sender reads.
    func recorded(
        _ answer: Answer, as reason: String? = nil, of deed: Deed, _ sender: Sender, _ revision: Revision? = nil
    ) async throws(Refusal) -> Answer {
        try await record(reason ?? answer.text, of: deed, sender, revision)
        return answer
    }

    private func record(
        _ reason: String, of deed: Deed, _ sender: Sender, _ revision: Revision?
    ) async throws(Refusal) {
        try requireDisk()
        var entry = AuditEntry(
            date: now(), trigger: sender.trigger, place: sender.place, deed: deed, revision: revision,
            decision: .refused, reason: reason, operation: nil)
        entry.delivery = sender.delivery
        do throws(JournalError) { try await journal.write(entry) } catch { throw .journal(error) }
    }

    /// Whether a second person has to approve what a push would deploy there; nil for a push that is only built.
    func holdsPush(to environment: EnvironmentName?, of app: AppID) -> Bool {
        environment.map { gate.holdsPushes(to: $0, of: app) } ?? false
    }

    /// The same as `take`, for a person.
    func accept(_ request: OperationRequest) async throws(Refusal) -> Acceptance {
        do throws(JournalError) { return try await take(request) } catch { throw .journal(error) }
    }

    /// Returns after the operation is on disk, with its first message. A push ends those that it overtakes.
    func take(_ request: OperationRequest) async throws(JournalError) -> Acceptance {
        try room.require()
        let label = naming.label(request.app)
        let acceptance = try await journal.accept(request, at: now()) { operation, ahead in
            [Self.firstNotice(operation, label, ahead: ahead)]
        } superseding: { overtaken, newer in
            [.live(Report(operation: overtaken, appLabel: label, phase: .superseded(by: newer.commit)))]
        }
        signals.work.fire()
        signals.notices.fire()
        return acceptance
    }

    /// What everybody reads of it when it is accepted.
    static func firstNotice(_ operation: Operation, _ label: String, ahead: Int) -> NoticeDraft {
        .live(Report(operation: operation, appLabel: label, phase: .queued(ahead: ahead)).offeringNextSteps())
    }

    func request(
        _ deed: Deed, _ revision: Revision?, _ sender: Sender, needsApproval: Bool
    ) -> OperationRequest {
        var request = OperationRequest(
            kind: deed.operationKind, app: deed.app, environment: deed.environment, revision: revision,
            trigger: sender.trigger, channel: channels.logChannel, deduplicationKey: sender.deduplicationKey)
        request.place = sender.place
        request.delivery = sender.delivery
        request.needsApproval = needsApproval
        return request
    }
}

extension Deed {
    /// Of what it becomes; what is done about an operation becomes nothing of their own.
    fileprivate var operationKind: Operation.Kind {
        switch kind {
        case .register: .register
        case .deregister: .deregister
        case .build: .build
        case .deploy, .approve, .decline, .cancel: .deploy
        }
    }
}
