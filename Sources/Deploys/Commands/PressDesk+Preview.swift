import Foundation

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
    /// Listed in a preview.
    static let maxListedCommits = 10
    /// Whoever has pressed a button waits for the form.
    static let maxCommitWait = Duration.seconds(1)

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
        case .cancel, .decline, .retry:
            return .unneeded
        case .approve:
            guard pressed.isHeld, pressed.trigger.person?.id != sender.person.id,
                await interventions.newerRelease(than: pressed) != nil,
                let environment = pressed.environment, let commit = pressed.commit
            else { return .unneeded }
            // What is to change is for those who may decide about it.
            _ = try await interventions.admit(.approve, pressed, sender)
            return .preview(await preview(step, pressed, environment, commit, needsApproval: false))
        case .deploy, .rollBack:
            let (deed, environment) = Self.deed(step, pressed)
            guard let environment, environment == .prod else { return .unneeded }
            if let answer = try await obstacle(to: step, pressed, sender) { return .answer(answer) }
            let needsApproval = try await intake.admit(deed, sender)
            guard let commit = try await target(step, pressed).1 else {
                return .answer(Answer(.refused, PressWords.noLongerOffered))
            }
            return .preview(await preview(step, pressed, environment, commit, needsApproval: needsApproval))
        }
    }

    private func preview(
        _ step: NextStep, _ pressed: Operation, _ environment: EnvironmentName, _ commit: Commit, needsApproval: Bool
    ) async -> Preview {
        let live = try? await journal.liveOperation(of: pressed.app, in: environment)
        let current = live.flatMap { $0 }.flatMap(LiveRelease.init)
        let changes = await changes(step, from: current?.commit, to: commit, of: pressed.app)
        return Preview(
            step: step, operation: pressed, label: intake.naming.label(pressed.app), environment: environment,
            current: current, commit: commit, changes: changes?.newest ?? [], changeCount: changes?.count,
            needsApproval: needsApproval)
    }

    /// Nil when it can't be found out at once.
    private func changes(
        _ step: NextStep, from current: Commit?, to commit: Commit, of app: AppID
    ) async -> CommitRange? {
        guard let current else { return nil }
        let isBack = if case .rollBack = step { true } else { false }
        let (old, new) = isBack ? (commit.id, current.id) : (current.id, commit.id)
        return try? await source.commits(
            from: old, to: new, of: app, atMost: Self.maxListedCommits, within: Self.maxCommitWait)
    }
}
