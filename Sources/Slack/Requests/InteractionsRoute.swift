import Deploys
import HTTP
import JSON

/// Presses of buttons and menus, and forms (docs.slack.dev, "Handling user interaction").
struct InteractionsRoute: Sendable {
    let parts: SlackParts
    private let forms: FormsRoute
    private let home: HomeTab

    init(parts: SlackParts, home: HomeTab) {
        self.parts = parts
        self.home = home
        forms = FormsRoute(parts: parts, home: home)
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let form = FormFields(request.body), let text = form["payload"],
            let payload = try? JSON.parse(text), let user = payload.at("user", "id")?.string, !user.isEmpty,
            let type = payload["type"]?.string
        else { return .text(400, "The body carries no well-formed payload.\n") }
        let person = Person(
            id: user, name: payload.at("user", "name")?.string ?? payload.at("user", "username")?.string ?? user)
        let isForeign = parts.installation.isForeign(PayloadOrigin(interaction: payload))
        if isForeign { parts.tally.count(.foreign) }
        switch type {
        case "block_actions":
            let read = await Interaction(payload, person: person, places: parts.places, now: parts.now())
            guard let press = read else { return .text(400, "The payload lacks its actions.\n") }
            return isForeign ? refuse(press) : await take(press, request)
        case "view_submission":
            guard let sent = SentForm(payload, person: person) else {
                return .text(400, "The payload lacks its view.\n")
            }
            return isForeign ? forms.refusal(RequestWords.foreign, of: sent) : await forms.take(sent)
        default:
            parts.tally.count(.ignored)
            return .nothing
        }
    }

    /// Our token says nothing in another workspace, but its `response_url` does.
    private func refuse(_ press: Interaction) -> HTTPResponse {
        let ways = press.reply.ways.filter { if case .responseURL = $0 { true } else { false } }
        if !ways.isEmpty { deliver(RequestWords.foreign, Reply(person: press.person.id, ways: ways)) }
        return .nothing
    }

    private func take(_ press: Interaction, _ request: HTTPRequest) async -> HTTPResponse {
        parts.tally.count(.press)
        switch press.pressed {
        case .field, .control(.link): break
        case .unknown: deliver(RequestWords.oldButton, press.reply)
        case .command(let text):
            let key = "button:\(press.trigger ?? request.signatureKey)"
            let sender = press.sender(deduplicationKey: key)
            await answer(press) { .answer(await parts.commands.answer(text, from: sender)) }
        case .control(.ask(let text)):
            let sender = press.sender(deduplicationKey: nil)
            await answer(press) { .answer(await parts.commands.answer(text, from: sender)) }
        case .control(.step(let step, let operation)):
            await answer(press) { await take(step, operation, press) }
        case .control(.deployForm(let label)):
            open(Forms.deploy(label, from: press.memory), for: press)
        }
        return .nothing
    }

    /// What a press comes to.
    private enum Outcome: Sendable {
        case answer(Answer)
        /// A form, to be asked again.
        case window(JSON)
    }

    private func take(_ step: NextStep, _ operation: OperationID, _ press: Interaction) async -> Outcome {
        let sender = press.sender(deduplicationKey: Press(step, on: operation).deduplicationKey)
        switch await parts.presses.preview(step, on: operation, from: sender) {
        case .preview(let preview): return .window(Forms.confirmation(of: preview, from: press.memory))
        case .answer(let answer): return .answer(answer)
        case .unneeded: return .answer(await parts.presses.press(step, on: operation, from: sender))
        }
    }

    /// Slack's answer waits until the press is written down, for as long as Slack waits. An answer in it would show
    /// nothing.
    private func answer(_ press: Interaction, _ work: @escaping @Sendable () async -> Outcome) async {
        let task = Task { await work() }
        _ = await parts.patience.result(of: task)
        parts.after.begin {
            switch await task.value {
            case .answer(let answer):
                await parts.answers.deliver(answer, to: press.reply)
                if press.place == .home, answer.outcome == .accepted { await home.draw(for: press.person) }
            case .window(let view): await show(view, press)
            }
        }
    }

    private func open(_ view: JSON, for press: Interaction) { parts.after.begin { await show(view, press) } }

    private func show(_ view: JSON, _ press: Interaction) async {
        if let trigger = press.trigger,
            await parts.answers.open(view, trigger: trigger, onTopOfWindow: press.isInWindow)
        {
            return
        }
        // The trigger is used up.
        let ways = press.reply.ways.filter { if case .window = $0 { false } else { true } }
        await parts.answers.deliver(RequestWords.noForm, to: Reply(person: press.person.id, ways: ways))
    }

    private func deliver(_ answer: Answer, _ reply: Reply) {
        parts.after.begin { await parts.answers.deliver(answer, to: reply) }
    }
}
