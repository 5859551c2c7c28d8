import Deploys
import Foundation
import HTTP
import JSON

/// The three URLs that Slack calls. Each verifies the signature, then parses, then hands over to the domain,
/// and answers.
package struct SlackRoutes: Sendable {
    let signature: SlackSignature
    let desk: CommandDesk
    let responses: ResponseURLs
    let now: @Sendable () -> Date

    package init(
        signingSecret: String, desk: CommandDesk, responses: ResponseURLs,
        now: @escaping @Sendable () -> Date
    ) {
        signature = SlackSignature(signingSecret: signingSecret)
        self.desk = desk
        self.responses = responses
        self.now = now
    }

    /// Slack's own requests stay far below it. A megabyte of text, each byte of it percent-encoded, still fits, so
    /// that its sender reads a sentence and not a bare 413.
    package static let maxBodyBytes = 4 << 20

    /// Nil for a path that is not Slack's.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        guard request.path.hasPrefix("/slack/") else { return nil }
        let route: (HTTPRequest) async -> HTTPResponse
        switch request.path {
        case "/slack/commands": route = command
        case "/slack/interactions": route = interaction
        case "/slack/events": route = event
        default: return nil
        }
        guard request.method == "POST" else {
            var refusal = HTTPResponse.text(405, "Only POST is answered here.\n")
            refusal.headers["Allow"] = "POST"
            return refusal
        }
        guard signature.holds(for: request, at: now()) else {
            return .text(401, "The request's signature or timestamp does not hold.\n")
        }
        return await route(request)
    }

    /// docs.slack.dev, "Implementing slash commands".
    private func command(_ request: HTTPRequest) async -> HTTPResponse {
        guard let form = FormFields(request.body) else {
            return .text(400, "The body is no well-formed form.\n")
        }
        if form["ssl_check"] == "1" { return .text(200, "") }
        guard form["command"] != nil, let user = form["user_id"], let channel = form["channel_id"] else {
            return .text(400, "The form lacks command, user_id or channel_id.\n")
        }
        let sender = Sender(
            person: Person(id: user, name: form["user_name"] ?? user),
            place: .channel(id: channel, name: form["channel_name"]),
            deduplicationKey: form["trigger_id"].map { "command:\($0)" })
        let answer = await desk.answer(Mrkdwn.unescaped(form["text"] ?? ""), from: sender)
        return ephemeral(answer)
    }

    /// docs.slack.dev, "block_actions payload". A button's value is the text of a command.
    private func interaction(_ request: HTTPRequest) async -> HTTPResponse {
        guard let form = FormFields(request.body), let text = form["payload"],
            let payload = try? JSON.parse(text), let user = payload.at("user", "id")?.string
        else { return .text(400, "The body carries no well-formed payload.\n") }
        guard payload["type"] == "block_actions", let action = payload["actions"]?[0],
            action["action_id"]?.string == MessageBlocks.commandAction, let command = action["value"]?.string
        else { return .text(200, "") }
        let sender = Sender(
            person: Person(id: user, name: payload.at("user", "name")?.string ?? user),
            place: .channel(
                id: payload.at("channel", "id")?.string ?? "", name: payload.at("channel", "name")?.string),
            pressedButton: true,
            deduplicationKey: payload["trigger_id"]?.string.map { "button:\($0)" })
        let answer = await desk.answer(command, from: sender)
        if let url = payload["response_url"]?.string { responses.send(body(answer), to: url) }
        return .text(200, "")
    }

    /// docs.slack.dev, "url_verification event"; other events are acknowledged and need nothing from us.
    private func event(_ request: HTTPRequest) async -> HTTPResponse {
        guard let payload = try? JSON.parse(request.body) else {
            return .text(400, "The body is no JSON.\n")
        }
        if payload["type"] == "url_verification", let challenge = payload["challenge"]?.string {
            return .text(200, challenge)
        }
        return .text(200, "")
    }

    private func ephemeral(_ answer: Answer) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json; charset=utf-8"],
            body: .bytes(body(answer).bytes))
    }

    private func body(_ answer: Answer) -> JSON {
        ["response_type": "ephemeral", "replace_original": false, "text": .string(Mrkdwn.escaped(answer.text))]
    }
}
