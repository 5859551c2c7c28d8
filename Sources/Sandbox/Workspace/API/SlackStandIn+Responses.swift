import HTTP
import JSON

/// What is sent to a `response_url` (docs.slack.dev, "Handling user interaction", "Message responses").
extension SlackStandIn {
    func respond(_ request: HTTPRequest) async -> (HTTPResponse, String) {
        let id = String(request.path.dropFirst(Self.responsePath.count))
        guard request.method == "POST", let answer = try? JSON.parse(request.body), answer.object != nil else {
            return (.text(400, "invalid_payload"), "invalid_payload")
        }
        do {
            let url = try await workspace.useResponseURL(id)
            try await workspace.respond(answer, at: url)
            return (.text(200, "ok"), "ok")
        } catch {
            let code = (error as? SlackRefusal)?.code ?? "internal_error"
            return (.text(code.hasSuffix("_url") ? 404 : 400, code), code)
        }
    }
}

extension Workspace {
    /// Does what an answer to a press or a command asks for.
    func respond(_ answer: JSON, at url: ResponseURL) throws {
        if answer["delete_original"] == true, let original = url.original {
            switch original {
            case .message(let channel, let timestamp): try delete(timestamp, in: channel)
            case .ephemeral(let timestamp): removeEphemeral(timestamp)
            case .modal, .home: break
            }
            return
        }
        if answer["replace_original"] == true, let original = url.original {
            let content = try MessageContent(answer: answer)
            switch original {
            case .message(let channel, let timestamp):
                _ = try edit(timestamp, in: channel, text: content.text ?? "", blocks: content.blocks ?? [])
            case .ephemeral(let timestamp):
                whisper(
                    to: url.user, in: url.channel, text: content.text ?? "", blocks: content.blocks ?? [],
                    thread: url.thread, replacing: timestamp)
            case .modal, .home: break
            }
            return
        }
        try show(answer, to: url.user, in: url.channel, thread: answer["thread_ts"]?.string ?? url.thread)
    }

    /// Shows a new message: to one person unless it says otherwise.
    func show(_ answer: JSON, to user: String, in channel: String, thread: String?) throws {
        let content = try MessageContent(answer: answer)
        if answer["response_type"] == "in_channel" {
            _ = try post(
                user: Self.botID, in: channel, text: content.text ?? "", blocks: content.blocks ?? [], thread: thread)
        } else {
            whisper(
                to: user, in: channel, text: content.text ?? "", blocks: content.blocks ?? [], thread: thread)
        }
    }
}
