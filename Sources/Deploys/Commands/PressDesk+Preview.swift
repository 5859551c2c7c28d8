/// What pressing a button comes to, before it is done.
package enum PressPreview: Sendable, Equatable {
    /// Ask again, showing this; `press` follows when the presser still wants it.
    case preview(Preview)
    /// Nothing to ask: `press` at once.
    case unneeded
    /// It is not possible; show this instead.
    case answer(Answer)
}

extension PressDesk {
    /// What a press would change, for a form that asks again: before anything goes to prod, and before an approval that
    /// takes something newer away. Nothing is written down. Takes about a second at most.
    package func preview(_ step: NextStep, on id: OperationID, from sender: Sender) async -> PressPreview {
        do throws(Refusal) {
            guard let pressed = try await operation(id) else { return .answer(Answer(.refused, PressWords.unknown)) }
            return try await preview(step, pressed, sender)
        } catch {
            return .answer(error.answer)
        }
    }

    private func preview(
        _ step: NextStep, _ pressed: Operation, _ sender: Sender
    ) async throws(Refusal) -> PressPreview {
        switch step {
        case .cancel, .decline:
            return .unneeded
        case .approve:
            guard pressed.isHeld, pressed.trigger.person?.id != sender.person.id,
                await interventions.newerRelease(than: pressed) != nil,
                let environment = pressed.environment, let commit = pressed.commit
            else { return .unneeded }
            // What is to change is for those who may decide about it.
            _ = try await interventions.admit(.approve, pressed, sender)
            return .preview(try await preview(step, pressed, environment, .commit(commit), needsApproval: false))
        case .deploy, .rollBack, .retry:
            let (deed, environment) = Self.deed(step, pressed)
            guard deed.kind == .deploy, let environment, environment == .prod else { return .unneeded }
            if let answer = try await obstacle(to: step, pressed, sender) { return .answer(answer) }
            let needsApproval = try await intake.admit(deed, sender)
            guard let target = try await shownTarget(step, pressed) else {
                return .answer(Answer(.refused, PressWords.noLongerOffered))
            }
            return .preview(try await preview(step, pressed, environment, target, needsApproval: needsApproval))
        }
    }

    /// A deploy that failed before its revision was looked up has no commit to try again. Nil when nothing is known.
    private func shownTarget(_ step: NextStep, _ pressed: Operation) async throws(Refusal) -> Preview.Target? {
        let (revision, commit) = try await target(step, pressed)
        if let commit { return .commit(commit) }
        return step == .retry ? revision.map(Preview.Target.revision) : nil
    }

    private func preview(
        _ step: NextStep, _ pressed: Operation, _ environment: EnvironmentName, _ target: Preview.Target,
        needsApproval: Bool
    ) async throws(Refusal) -> Preview {
        try await fromJournal { () async throws(JournalError) in
            try await previewer.preview(
                .step(step, on: pressed.id), of: pressed.app, in: environment, target, needsApproval: needsApproval)
        }
    }
}
