import Deploys
import HTTP
import JSON

/// A form that somebody sent (docs.slack.dev, "view_submission payload").
struct SentForm: Sendable {
    let person: Person
    /// Nil when the form is not one that we know.
    let name: ViewName?
    let memory: WindowMemory
    /// The same when the same form is sent twice.
    let id: String
    private let values: [ViewField: String]
    /// Where a sentence about a mistake can be shown: blocks that ask for something.
    private let inputs: [String]

    /// Nil when something is missing that Slack always sends.
    init?(_ payload: JSON, person: Person) {
        guard let view = payload["view"], let id = view["id"]?.string, let name = view["callback_id"]?.string else {
            return nil
        }
        self.person = person
        self.id = id
        self.name = ViewName(rawValue: name)
        memory = view["private_metadata"]?.string.flatMap(WindowMemory.init)
            ?? WindowMemory(place: .home, responseURL: nil, since: .distantPast)
        inputs = (view["blocks"]?.array ?? []).filter { $0["type"] == "input" }.compactMap { $0["block_id"]?.string }
        var values: [ViewField: String] = [:]
        for field in [ViewField.environment, .revision, .note] {
            let state = view.at("state", "values")?[field.rawValue]?.object?.values.first
            values[field] = state?["value"]?.string ?? state?.at("selected_option", "value")?.string
        }
        self.values = values
    }

    /// Without spaces around it; nil when it is empty.
    subscript(field: ViewField) -> String? {
        let text = values[field]?.split { $0.isWhitespace }.joined(separator: " ") ?? ""
        return text.isEmpty ? nil : MessageText.tidied(text)
    }

    /// The block under which a sentence is shown; nil when the form asks for nothing.
    func block(for field: ViewField?) -> String? {
        if let field, inputs.contains(field.rawValue) { return field.rawValue }
        return inputs.last
    }
}

/// What was asked for in a form: done, or refused in the form itself.
struct FormsRoute: Sendable {
    let parts: SlackParts
    let home: HomeTab

    func take(_ form: SentForm) async -> HTTPResponse {
        parts.tally.count(.form)
        let sender: (String) -> Sender = { key in
            Sender(person: form.person, place: form.memory.place, pressedButton: true, deduplicationKey: key)
        }
        switch (form.name, form.memory.control) {
        case (.confirm, .step(let step, let operation)):
            let sender = sender(Press(step, on: operation).deduplicationKey)
            return await answer(form, Task {
                .answer(await parts.presses.press(step, on: operation, note: form[.note], from: sender))
            })
        case (.deployForm, .deployForm(let label)):
            let sender = sender("form:\(form.id)")
            return await answer(form, Task {
                await parts.commands.deploy(
                    label, environment: form[.environment] ?? "", revision: form[.revision] ?? "", note: form[.note],
                    from: sender)
            })
        default: return refusal(RequestWords.closedForm, of: form)
        }
    }

    /// A refusal stays with what was written; anything else closes the form, and is told where the form was opened.
    private func answer(_ form: SentForm, _ work: Task<DeployFormAnswer, Never>) async -> HTTPResponse {
        let reply = form.memory.reply(to: form.person.id)
        switch await parts.patience.result(of: work) {
        case .mistake(let field, let sentence):
            return refusal(Answer(.refused, sentence), at: field == .environment ? .environment : .revision, of: form)
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
        }
    }
}
