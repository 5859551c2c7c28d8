import Foundation

/// Takes presses of the buttons that messages offer: looks again at whether the step makes sense and whether the
/// presser may take it, writes down what it becomes, answers. The answer goes to the presser only.
package struct PressDesk: Sendable {
    let intake: Intake
    let previewer: Previewer
    let interventions: Interventions
    var journal: any Journal { intake.journal }

    /// - Parameter source: asked for the commits that a preview lists.
    package init(_ intake: Intake, source: any SourceHost) {
        self.intake = intake
        previewer = Previewer(journal: intake.journal, source: source, naming: intake.naming)
        interventions = Interventions(intake: intake)
    }

    /// - Parameter note: why the presser wants it, in the presser's words.
    /// - Returns: only after what was asked for is on disk, or was refused.
    package func press(
        _ step: NextStep, on id: OperationID, note: String? = nil, from sender: Sender
    ) async -> Answer {
        do throws(Refusal) {
            guard let pressed = try await operation(id) else { return Answer(.refused, PressWords.unknown) }
            switch step {
            case .cancel: return try await interventions.cancel(pressed, sender)
            case .approve: return try await interventions.decide(.approved, pressed, sender)
            case .decline: return try await interventions.decide(.declined, pressed, sender)
            case .retry, .deploy, .rollBack: return try await goOn(step, pressed, note, sender)
            }
        } catch {
            return error.answer
        }
    }

    /// A new operation comes of it: once, whoever presses and however often.
    private func goOn(
        _ step: NextStep, _ pressed: Operation, _ note: String?, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        if let answer = try await obstacle(to: step, pressed, sender) { return answer }
        var request = try await request(step, pressed, sender)
        request.note = note.map { String($0.trimmed.prefix(Self.maxNoteCharacters)) }.flatMap { $0.isEmpty ? nil : $0 }
        switch try await intake.accept(request) {
        case .accepted:
            return PressWords.accepted(step, request, intake.naming.label(request.app), intake.channels.logChannel)
        // A press moves no branch.
        case .known, .unsettled:
            return Answer(.information, PressWords.noLongerOffered)
        case .duplicate(let id):
            guard let known = try await operation(id) else {
                return try await recorded(
                    Answer(.information, PressWords.noLongerOffered), of: step, pressed, sender)
            }
            return try await done(known, step, pressed, sender)
        case .notOffered(let report):
            return try await recorded(PressWords.noLongerOffered(report), of: step, pressed, sender)
        }
    }

    private func done(
        _ known: Operation, _ step: NextStep, _ pressed: Operation, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        try await recorded(
            PressWords.done(known, by: sender.person), as: PressWords.done(known, by: nil).text, of: step, pressed,
            sender)
    }

    private func recorded(
        _ answer: Answer, as reason: String? = nil, of step: NextStep, _ pressed: Operation, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        let revision = if case .rollBack(let number) = step { Revision("#\(number)") } else { pressed.revision }
        return try await intake.recorded(answer, as: reason, of: Self.deed(step, pressed).0, sender, revision)
    }

    static let maxNoteCharacters = 500

    /// Why the step can't be taken any more, if so: somebody was first, or its time is over. It is on record then.
    func obstacle(to step: NextStep, _ pressed: Operation, _ sender: Sender) async throws(Refusal) -> Answer? {
        let press = Press(step, on: pressed.id)
        let known = try await fromJournal { () async throws(JournalError) in
            try await journal.operation(of: press)
        }
        if let known { return try await done(known, step, pressed, sender) }
        let report = try await fromJournal { () async throws(JournalError) in
            try await journal.lastReport(of: pressed.id)
        }
        guard report?.steps?.contains(step) == true else {
            return try await recorded(PressWords.noLongerOffered(report), of: step, pressed, sender)
        }
        guard let answer = try await newerRelease(insteadOf: step, pressed) else { return nil }
        return try await recorded(answer, of: step, pressed, sender)
    }

    /// What went live after it was asked for is not taken away by a retry.
    private func newerRelease(
        insteadOf step: NextStep, _ pressed: Operation
    ) async throws(Refusal) -> Answer? {
        let (deed, environment) = Self.deed(step, pressed)
        guard step == .retry, deed.kind == .deploy, let environment else { return nil }
        let live = try await fromJournal { () async throws(JournalError) in
            try await journal.liveOperation(of: pressed.app, in: environment)
        }
        guard let live, live.id > pressed.id, let number = live.releaseNumber else { return nil }
        return PressWords.replaced(by: number)
    }

    private func request(
        _ step: NextStep, _ pressed: Operation, _ sender: Sender
    ) async throws(Refusal) -> OperationRequest {
        let (deed, environment) = Self.deed(step, pressed)
        let (revision, commit) = try await target(step, pressed)
        let needsApproval = try await intake.admit(deed, sender, revision)
        if deed.kind != .register { try await refuseUnregistered(deed, sender, revision) }
        var request = OperationRequest(
            kind: Self.kind(of: deed), app: pressed.app, environment: environment, revision: revision,
            trigger: .button(sender.person), channel: intake.channels.logChannel, commit: commit,
            deduplicationKey: nil)
        request.place = sender.place
        request.delivery = sender.delivery
        request.needsApproval = needsApproval
        request.press = Press(step, on: pressed.id)
        return request
    }

    /// What the presser has to be allowed to do, and the environment of what it becomes. The retry of a push deploys to
    /// where the push went, and nowhere else: that is what the gate was asked about.
    static func deed(_ step: NextStep, _ pressed: Operation) -> (Deed, EnvironmentName?) {
        let app = pressed.app
        switch (step, pressed.kind) {
        case (.deploy(let environment), _): return (Deed(.deploy, app, environment), environment)
        case (.rollBack, _): return (Deed(.deploy, app, pressed.environment), pressed.environment)
        case (_, .register), (_, .deregister): return (Deed(.register, app), nil)
        case (_, .repository): return (Deed(.register, app), nil)
        case (_, .build): return (Deed(.build, app), pressed.environment)
        case (_, .push) where pressed.environment == nil: return (Deed(.build, app), nil)
        case (_, .deploy), (_, .push), (_, .repair):
            return (Deed(.deploy, app, pressed.environment), pressed.environment)
        }
    }

    private static func kind(of deed: Deed) -> Operation.Kind {
        switch deed.kind {
        case .register, .deregister: .register
        case .build: .build
        case .deploy, .approve, .decline, .cancel: .deploy
        }
    }

    /// The same commit as before, wherever its branch went.
    func target(_ step: NextStep, _ pressed: Operation) async throws(Refusal) -> (Revision?, Commit?) {
        guard case .rollBack(let number) = step else { return (pressed.revision, pressed.commit) }
        let commit = try await fromJournal { () async throws(JournalError) in
            try await journal.release(number, of: pressed.app)
        }
        return (Revision("#\(number)"), commit)
    }

    private func refuseUnregistered(
        _ deed: Deed, _ sender: Sender, _ revision: Revision?
    ) async throws(Refusal) {
        let known = try await fromJournal { () async throws(JournalError) in try await journal.app(deed.app) }
        guard known == nil else { return }
        let refusal = Refusal.notRegistered(intake.naming.label(deed.app), nearest: nil)
        throw await intake.recorded(refusal, of: deed, sender, revision)
    }

    func operation(_ id: OperationID) async throws(Refusal) -> Operation? {
        try await fromJournal { () async throws(JournalError) in try await journal.operation(id) }
    }

    func fromJournal<T: Sendable>(
        _ body: () async throws(JournalError) -> T
    ) async throws(Refusal) -> T {
        do throws(JournalError) { return try await body() } catch { throw .journal(error) }
    }
}
