import JSON

/// docs.slack.dev, "block_actions payload".
extension SlackCaller {
    /// - Returns: the bot's HTTP answer, which shows nothing to anybody; what it has to say comes through the
    ///   `response_url`, the Web API, or a modal.
    @discardableResult
    package func press(_ press: Press) async throws -> BotAnswer {
        var payload: JSON = try await common("block_actions", by: press.member)
        let blocks: [JSON]
        switch press.place {
        case .message(let channel, let timestamp):
            let message = try await workspace.message(timestamp, in: channel)
            blocks = message?.blocks ?? []
            payload["message"] = message?.json(withMetadata: false)
                ?? ["type": "message", "ts": .string(timestamp), "user": .string(Workspace.botID)]
            try await locate(
                &payload, press, channel: channel, timestamp: timestamp, thread: message?.threadTimestamp,
                isEphemeral: false)
        case .ephemeral(let timestamp):
            let ephemeral = await workspace.ephemeral(timestamp)
            blocks = ephemeral?.blocks ?? []
            try await locate(
                &payload, press, channel: ephemeral?.channel ?? Workspace.channelID, timestamp: timestamp,
                thread: ephemeral?.threadTimestamp, isEphemeral: true)
        case .modal(let id): blocks = locate(&payload, press, view: try await workspace.view(id), id: id)
        case .home:
            let home = try await workspace.home(of: press.member)
            blocks = locate(&payload, press, view: home, id: home?.id ?? "")
        }
        if payload["view"] == nil { payload["state"] = ["values": ViewState(blocks, press.state).json] }
        let time = SlackTimestamp.text(Int64(now().timeIntervalSince1970 * 1_000_000))
        payload["actions"] = [press.action(press.element(in: blocks), at: time)]
        return await post("/slack/interactions", form: [("payload", payload.text)])
    }

    private func locate(
        _ payload: inout JSON, _ press: Press, channel: String, timestamp: String, thread: String?, isEphemeral: Bool
    ) async throws {
        let place = try await workspace.channel(channel)
        payload["channel"] = ["id": .string(channel), "name": .string(Self.name(place))]
        var container: JSON = [
            "type": "message", "message_ts": .string(timestamp), "channel_id": .string(channel),
            "is_ephemeral": .bool(isEphemeral),
        ]
        if let thread { container["thread_ts"] = .string(thread) }
        payload["container"] = container
        payload["response_url"] = .string(
            await responseURL(press.member, channel, thread: thread, original: press.place))
    }

    private func locate(_ payload: inout JSON, _ press: Press, view: ChatView?, id: String) -> [JSON] {
        payload["container"] = ["type": "view", "view_id": .string(id)]
        payload["view"] = view.map { $0.json(state: ViewState($0.blocks, press.state).json) }
        return view?.blocks ?? []
    }

    /// As it is at the moment.
    /// - Throws: `user_disabled` for somebody who was deactivated: they can't use Slack, so nothing of theirs is sent.
    func name(of member: String) async throws -> String {
        let member = try await workspace.member(member)
        if member?.isDeactivated == true { throw SlackRefusal("user_disabled") }
        return member?.name ?? ""
    }

    /// What all interactions have.
    func common(_ type: String, by member: String) async throws -> JSON {
        let name = try await name(of: member)
        return [
            "type": .string(type), "token": "unused", "api_app_id": .string(Workspace.appID),
            "team": ["id": .string(Workspace.teamID), "domain": .string(Workspace.teamDomain)],
            "user": [
                "id": .string(member), "username": .string(name), "name": .string(name),
                "team_id": .string(Workspace.teamID),
            ],
            "enterprise": .null, "is_enterprise_install": false,
            "trigger_id": .string(await workspace.newTrigger(for: member)),
        ]
    }
}
