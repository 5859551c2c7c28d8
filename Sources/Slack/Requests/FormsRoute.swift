import Deploys
import HTTP
import JSON

/// What was asked for in a form: done, or refused in the form itself.
struct FormsRoute: Sendable {
    let parts: SlackParts
    let home: HomeTab

    func take(_ form: SentForm) async -> HTTPResponse {
        parts.tally.count(.form)
        let sender: (String) -> Sender = { key in
            Sender(
                person: form.person, place: form.memory.place, pressedButton: true, deduplicationKey: key,
                delivery: form.trigger.map { "form:\($0)" })
        }
        switch (form.name, form.memory.control, form.memory.wish) {
        case (.confirm, .step(let step, let operation), nil):
            let sender = sender(Press(step, on: operation).deduplicationKey)
            return await answer(form, Task {
                .answer(await parts.presses.press(step, on: operation, note: form[.note], from: sender))
            })
        case (.confirm, nil, let wish?):
            let sender = sender("form:\(form.id)")
            return await answer(form, Task {
                .answer(await parts.forms.deploy(confirmed: wish, note: form[.note], from: sender))
            })
        case (.deployForm, .deployForm(let label), nil):
            // Of the window that takes its place, too: one form is one deploy.
            let sender = sender("form:\(form.id)")
            return await answer(form, Task {
                await parts.forms.deploy(
                    label, environment: form[.environment] ?? "", revision: form[.revision] ?? "", note: form[.note],
                    from: sender)
            })
        default: return refusal(RequestWords.closedForm, of: form)
        }
    }

    /// A refusal stays with what was written, and what is to be confirmed takes the form's place (docs.slack.dev,
    /// "Modals", "Update a view via response_action"); anything else closes the form, and is told where the form was
    /// opened.
    private func answer(_ form: SentForm, _ work: Task<DeployFormAnswer, Never>) async -> HTTPResponse {
        let reply = form.memory.reply(to: form.person.id)
        switch await parts.patience.result(of: work) {
        case .mistake(let field, let sentence):
            return refusal(Answer(.refused, sentence), at: field == .environment ? .environment : .revision, of: form)
        case .confirm(let preview):
            let view = Forms.confirmation(of: preview, note: form[.note], from: form.memory)
            return .json(["response_action": "update", "view": view])
        case .answer(let answer):
            if answer.outcome == .refused || answer.outcome == .unavailable { return refusal(answer, of: form) }
            parts.after.begin {
                await parts.answers.deliver(answer, to: reply)
                if form.memory.place == .home { await home.draw(for: form.person) }
            }
        case nil:
            parts.after.begin { await parts.answers.deliver(await work.value.plain, to: reply) }
        }
        return .json(["response_action": "clear"])
    }

    /// Nothing was done, and what was written stays: the sentence stands beneath a field, or, when only formatted text
    /// says it, in a window on top (docs.slack.dev, "Modals", "Displaying errors in views").
    func refusal(_ answer: Answer, at field: ViewField? = nil, of form: SentForm) -> HTTPResponse {
        guard let block = form.block(for: field), !answer.mustBeFormatted else {
            return .json(["response_action": "push", "view": Forms.answer(answer, from: form.memory)])
        }
        let plain = Mrkdwn.cut(answer.text.filter { $0 != "`" && $0 != "*" }, to: Self.maxErrorUnits)
        return .json(["response_action": "errors", "errors": [block: .string(plain)]])
    }

    /// More than that is hardly read beneath a field.
    private static let maxErrorUnits = 500
}

extension DeployFormAnswer {
    fileprivate var plain: Answer {
        switch self {
        case .answer(let answer): answer
        case .mistake(_, let sentence): Answer(.refused, sentence)
        // The form is closed already.
        case .confirm: RequestWords.slowForm
        }
    }
}
