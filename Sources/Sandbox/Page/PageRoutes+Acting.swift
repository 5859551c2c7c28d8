import JSON

/// What members do: they write, press, fill in and look.
extension PageRoutes {
    static let command = "/iterapp"

    /// A slash command is answered to its sender; anything else is a message.
    /// - Returns: `text` is what there is to tell; `is_shown` says that it is among the messages already.
    func line(_ request: PageRequest) async throws -> JSON {
        let line = try request.string("text")
        guard line.hasPrefix("/") else {
            let text = try await PageMentions(workspace).marked(line)
            let thread = request.body["thread_ts"]?.string
            let (user, channel) = (request.user, request.channel)
            // Slack tells the bot in its own time, and tries again when it does not answer.
            Task { try await caller.say(text, by: user, in: channel, thread: thread) }
            return [:]
        }
        let word = line.prefix { $0 != " " }
        guard word == Self.command else {
            let name = PageMentions.escaped(String(word))
            return trouble("`\(name)` is not a valid command here. Try `\(Self.command) help`.")
        }
        let answer = try await caller.command(line, by: request.user, in: request.channel)
        if let failure = answer.failure { return trouble(PageMentions.escaped(failure)) }
        return ["text": .string(answer.json?["text"]?.string ?? answer.text), "is_shown": true]
    }

    func press(_ request: PageRequest) async throws -> JSON {
        let body = request.body
        let press = Press(
            try request.string("action_id"), on: try await place(request), blockID: body["block_id"]?.string,
            value: PageRequest.value(of: body), by: request.user)
        let answer = try await caller.press(press)
        return answer.failure.map { trouble(PageMentions.escaped($0)) } ?? [:]
    }

    private func place(_ request: PageRequest) async throws -> SlackPlace {
        if let id = request.body["view_id"]?.string {
            return try await workspace.view(id)?.isHome == true ? .home : .modal(viewID: id)
        }
        let timestamp = try request.string("message_ts")
        if request.body["is_ephemeral"] == true { return .ephemeral(timestamp: timestamp) }
        return .message(channel: request.channel, timestamp: timestamp)
    }

    /// A modal's submit button, or its close button.
    /// - Returns: `errors` are sentences by block id. What becomes of the modal otherwise comes as an event.
    func view(_ request: PageRequest) async throws -> JSON {
        let id = try request.string("view_id")
        guard request.body["type"] == "submit" else {
            let answer = try await caller.close(
                id, wholeStack: request.body["is_cleared"] == true, by: request.user)
            return answer?.failure.map { trouble(PageMentions.escaped($0)) } ?? [:]
        }
        let state = request.body.at("state", "values")?.object ?? [:]
        // An empty field is told as such: what is not told has its initial value.
        let values = state.mapValues { ($0.object ?? [:]).mapValues { PageRequest.value(of: $0) ?? "" } }
        switch try await caller.submit(id, values: values, by: request.user) {
        case .errors(let errors): return ["errors": .object(errors.mapValues(JSON.string))]
        case .failed(let sentence): return trouble(PageMentions.escaped(sentence))
        case .closed, .cleared, .updated, .pushed: return [:]
        }
    }

    /// Somebody opens the app.
    /// - Returns: the Home tab as it is; the app may draw it anew, which comes as an event.
    func openHome(_ request: PageRequest) async throws -> JSON {
        let user = request.user
        let tab = request.body["tab"]?.string ?? "home"
        Task { try await caller.openHome(by: user, tab: tab) }
        return ["view": try await workspace.home(of: user)?.json ?? .null]
    }

    /// What goes wrong between the workspace and the bot is told by the workspace.
    private func trouble(_ text: String) -> JSON { ["text": .string(text), "failed": true] }
}
