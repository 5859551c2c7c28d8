import JSON

/// docs.slack.dev, "view_submission payload", "view_closed payload", "Modals".
extension SlackCaller {
    /// Somebody presses a modal's submit button.
    ///
    /// - Parameter values: by block id and action id, what is filled in: the text typed or the option's value; what is
    ///   not named has its initial value.
    package func submit(
        _ viewID: String, values: [String: [String: String]] = [:], by member: String = Workspace.memberID
    ) async throws -> Submission {
        guard let view = try await workspace.view(viewID) else { return .failed("The modal is closed.") }
        let state = ViewState(view.blocks, values)
        if let missing = state.missing {
            await workspace.tellModalErrors(view, missing)
            return .errors(missing)
        }
        var payload = try await common("view_submission", by: member)
        payload["view"] = view.json(state: state.json)
        payload["response_urls"] = []
        let answer = await post("/slack/interactions", form: [("payload", payload.text)])
        guard answer.isSuccess else { return .failed(answer.failure ?? "") }
        return try await obey(answer, view)
    }

    /// Somebody closes a modal: with its own close button, or the whole stack with its cross.
    /// - Returns: the bot's answer; nil when it did not want to know.
    @discardableResult
    package func close(
        _ viewID: String, wholeStack: Bool = false, by member: String = Workspace.memberID
    ) async throws -> BotAnswer? {
        guard let view = try await workspace.view(viewID) else { return nil }
        if wholeStack || view.body["clear_on_close"] == true {
            await workspace.closeModals(of: member)
        } else {
            await workspace.closeModal(viewID)
        }
        guard view.body["notify_on_close"] == true else { return nil }
        var payload = try await common("view_closed", by: member)
        payload["trigger_id"] = nil
        payload["view"] = view.json
        payload["is_cleared"] = .bool(wholeStack)
        return await post("/slack/interactions", form: [("payload", payload.text)])
    }

    /// What the bot wants done with a submitted modal (docs.slack.dev, "Modals", "Response actions").
    private func obey(_ answer: BotAnswer, _ view: ChatView) async throws -> Submission {
        if answer.body.isEmpty {
            await workspace.closeModal(view.id)
            return .closed
        }
        guard let json = answer.json, json.object != nil else {
            return .failed("The bot answered neither nothing nor JSON: \(answer.text)")
        }
        if json.object?.isEmpty == true {
            await workspace.closeModal(view.id)
            return .closed
        }
        do {
            return try await obey(json, view)
        } catch let refusal as SlackRefusal {
            return .failed("Slack can't take the bot's answer: \(refusal.answer.text)")
        }
    }

    private func obey(_ json: JSON, _ view: ChatView) async throws -> Submission {
        switch json["response_action"]?.string {
        case "clear":
            await workspace.closeModals(of: view.user)
            return .cleared
        case "errors":
            let errors = (json["errors"]?.object ?? [:]).compactMapValues(\.string)
            let inputs = Set(view.blocks.filter { $0["type"] == "input" }.compactMap { $0["block_id"]?.string })
            // Slack shows them beside inputs, and has no other place for them.
            guard !errors.isEmpty, errors.keys.allSatisfy(inputs.contains) else {
                return .failed("`errors` names blocks that are no inputs: \(errors.keys.sorted())")
            }
            await workspace.tellModalErrors(view, errors)
            return .errors(errors)
        case "update":
            let body = try ViewRules.modal(json["view"])
            return .updated(try await workspace.updateView(view.id, hash: nil, body))
        case "push":
            let body = try ViewRules.modal(json["view"])
            return .pushed(try await workspace.pushModal(for: view.user, body))
        default: return .failed("The bot's answer has no known `response_action`: \(json.text)")
        }
    }
}
