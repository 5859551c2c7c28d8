import JSON

/// docs.slack.dev, "views.open", "views.push", "views.update", "views.publish".
extension SlackStandIn {
    func openView(_ arguments: SlackArguments) async throws -> JSON {
        let body = try ViewRules.modal(try view(arguments))
        let user = try await workspace.exchange(try arguments.required("trigger_id"))
        return ["view": try await workspace.openModal(for: user, body).json]
    }

    func pushView(_ arguments: SlackArguments) async throws -> JSON {
        let body = try ViewRules.modal(try view(arguments))
        let user = try await workspace.exchange(try arguments.required("trigger_id"))
        return ["view": try await workspace.pushModal(for: user, body).json]
    }

    func updateView(_ arguments: SlackArguments) async throws -> JSON {
        let id = try arguments.string("view_id") ?? ""
        let external = try arguments.string("external_id") ?? ""
        guard id.isEmpty != external.isEmpty else {
            throw SlackRefusal("invalid_arguments", details: ["exactly one of view_id and external_id is required"])
        }
        let given = try view(arguments)
        let body = given["type"] == "home" ? try ViewRules.home(given) : try ViewRules.modal(given)
        let hash = try arguments.string("hash")
        return ["view": try await workspace.updateView(id + external, hash: hash, body).json]
    }

    func publishView(_ arguments: SlackArguments) async throws -> JSON {
        let user = try arguments.required("user_id")
        let body = try ViewRules.home(try view(arguments))
        guard let member = try await workspace.member(user), !member.isBot else {
            throw SlackRefusal("invalid_arguments", details: ["user_id names nobody [json-pointer:/user_id]"])
        }
        let hash = try arguments.string("hash").flatMap { $0.isEmpty ? nil : $0 }
        return ["view": try await workspace.publishHome(for: user, hash: hash, body).json]
    }

    private func view(_ arguments: SlackArguments) throws -> JSON {
        guard let view = try arguments.json("view", orElse: "invalid_arguments") else {
            throw SlackArguments.missing("view")
        }
        return view
    }
}
