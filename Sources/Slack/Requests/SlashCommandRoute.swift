import Deploys
import HTTP
import JSON

/// What somebody types behind `/iterapp` (docs.slack.dev, "Implementing slash commands").
struct SlashCommandRoute: Sendable {
    let parts: SlackParts

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let form = FormFields(request.body) else {
            return .text(400, "The body is no well-formed form.\n")
        }
        // Slack looks at certificates now and then.
        if form["ssl_check"] == "1" { return .nothing }
        guard form["command"] != nil, let user = form["user_id"], let channel = form["channel_id"] else {
            return .text(400, "The form lacks command, user_id or channel_id.\n")
        }
        guard !parts.installation.isForeign(PayloadOrigin(form: form)) else {
            parts.tally.count(.foreign)
            return ephemeral(RequestWords.foreign)
        }
        parts.tally.count(.command)
        let sender = Sender(
            person: Person(id: user, name: form["user_name"] ?? user),
            place: await parts.places.place(id: channel, name: form["channel_name"]),
            // A request that is played back has the same one.
            deduplicationKey: "command:\(form["trigger_id"] ?? request.signatureKey)")
        let text = MessageText.tidied(form["text"] ?? "")
        let work = Task { await parts.commands.answer(text, from: sender) }
        if let answer = await parts.patience.result(of: work) { return ephemeral(answer) }
        return promise(work, to: reply(form, user, channel))
    }

    private func reply(_ form: FormFields, _ user: String, _ channel: String) -> Reply {
        var ways = form["response_url"].map { [Reply.Way.responseURL($0, since: parts.now())] } ?? []
        ways += [.ephemeral(channel: channel, thread: nil), .message(channel: user, thread: nil)]
        return Reply(person: user, ways: ways)
    }

    /// The disk is slow. What was asked for may still be done, so its sender must not read of an error.
    private func promise(_ work: Task<Answer, Never>, to reply: Reply) -> HTTPResponse {
        parts.after.begin { await parts.answers.deliver(await work.value, to: reply) }
        return ephemeral(RequestWords.late)
    }

    private func ephemeral(_ answer: Answer) -> HTTPResponse { .json(AnswerMessage(answer).json) }
}

extension HTTPResponse {
    static func json(_ body: JSON) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json; charset=utf-8"], body: .bytes(body.bytes))
    }
}
