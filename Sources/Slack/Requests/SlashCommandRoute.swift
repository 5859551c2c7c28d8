import Deploys
import HTTP
import JSON

/// What somebody types behind `/iterapp` (docs.slack.dev, "Implementing slash commands").
///
/// A class, for each request's closures hold it.
final class SlashCommandRoute: Sendable {
    private let parts: SlackParts

    init(parts: SlackParts) { self.parts = parts }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let form = FormFields(request.body) else {
            return .text(400, "The body is no well-formed form.\n")
        }
        // Slack looks at certificates now and then.
        if form["ssl_check"] == "1" { return .nothing }
        guard let command = SentCommand(form) else {
            return .text(400, "The form lacks command, user_id or channel_id.\n")
        }
        guard !parts.installation.isForeign(PayloadOrigin(form: form)) else {
            parts.tally.count(.foreign)
            return ephemeral(RequestWords.foreign)
        }
        parts.tally.count(.command)
        let place = await parts.places.place(id: command.channel, name: command.channelName)
        // A request that is played back has the same key.
        let sender = command.sender(in: place, id: request.signatureKey)
        let work = Task { await parts.commands.answer(command.text, from: sender) }
        if let answer = await parts.patience.result(of: work) { return ephemeral(answer) }
        // The disk is slow. What was asked for may still be done, so its sender must not read of an error.
        parts.after.begin { [parts] in
            await parts.answers.deliver(await work.value, to: command.reply(parts: parts))
        }
        return ephemeral(RequestWords.late)
    }

    /// Takes a command whose answer needs nothing but the disk; nil for every other request, about which nothing was
    /// done.
    func takeAtOnce(_ request: HTTPRequest, _ reply: HTTPReply) -> HTTPPromise? {
        guard let form = FormFields(request.body), form["ssl_check"] != "1", let command = SentCommand(form),
            let trigger = command.trigger, !parts.installation.isForeign(PayloadOrigin(form: form)),
            let place = parts.places.placeAtOnce(id: command.channel, name: command.channelName)
        else { return nil }
        let sender = command.sender(in: place, id: trigger)
        let isTaken = parts.commands.takeAtOnce(command.text, from: sender) { [self] in
            send($0, command, reply)
        }
        guard isTaken else { return nil }
        parts.tally.count(.command)
        return HTTPPromise(withinMilliseconds: parts.patience.milliseconds) { [self] in
            ephemeral(RequestWords.late)
        }
    }

    /// As the answer to the request, or behind it when that was late.
    private func send(_ answer: Answer, _ command: SentCommand, _ reply: HTTPReply) {
        guard !reply.send(.json(self.parts.masked(AnswerMessage(answer).json))) else { return }
        parts.after.begin { [parts] in await parts.answers.deliver(answer, to: command.reply(parts: parts)) }
    }

    private func ephemeral(_ answer: Answer) -> HTTPResponse { .json(AnswerMessage(answer).json) }
}

extension HTTPResponse {
    static func json(_ body: JSON) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json; charset=utf-8"], body: .bytes(body.bytes))
    }
}
