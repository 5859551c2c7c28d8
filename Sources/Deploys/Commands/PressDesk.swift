import Foundation

/// Takes presses of the buttons that messages offer: looks again at whether the step makes sense and whether the
/// presser may take it, writes down what it becomes, answers. The answer goes to the presser only.
package struct PressDesk: Sendable {
    let intake: Intake
    let source: any SourceHost
    private var journal: any Journal { intake.journal }

    /// - Parameter source: asked for the commits that a preview lists.
    package init(_ intake: Intake, source: any SourceHost) {
        self.intake = intake
        self.source = source
    }

    /// - Parameter note: why the presser wants it, in the presser's words.
    /// - Returns: only after what was asked for is on disk, or was refused.
    package func press(
        _ step: NextStep, on id: OperationID, note: String? = nil, from sender: Sender
    ) async -> Answer {
        do throws(Refusal) {
            guard let pressed = try await operation(id) else {
                return Answer(.refused, "I don't know the operation of that button any more.")
            }
            return try await again(step, pressed, note, sender)
        } catch {
            return error.answer
        }
    }

    /// What a press would change, for a form that asks again. Nothing is written down. Takes about a second at most.
    package func preview(_ step: NextStep, on id: OperationID, from sender: Sender) async -> PressPreview {
        .unneeded
    }

    private func again(
        _ step: NextStep, _ pressed: Operation, _ note: String?, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        let deed = Deed(.deploy, pressed.app, pressed.environment)
        let needsApproval = try await intake.admit(deed, sender)
        var request = intake.request(deed, pressed.revision, sender, needsApproval: needsApproval)
        request.note = note
        request.press = Press(step, on: pressed.id)
        return switch try await intake.accept(request) {
        case .accepted: Answer(.accepted, "Done.")
        case .duplicate: Answer(.information, "Somebody did that already.")
        }
    }

    private func operation(_ id: OperationID) async throws(Refusal) -> Operation? {
        do throws(JournalError) { return try await journal.operation(id) } catch { throw .journal(error) }
    }
}

/// What pressing a button comes to, before it is done.
package enum PressPreview: Sendable, Equatable {
    /// Ask again, showing this; `press` follows when the presser still wants it.
    case preview(Preview)
    /// Nothing to ask: `press` at once.
    case unneeded
    /// It is not possible; show this instead.
    case answer(Answer)
}
