import JSON

/// A modal or a Home tab, as the app gave it (docs.slack.dev, "Views").
package struct ChatView: Sendable, Equatable {
    /// `V…`
    package let id: String
    /// Changes with each update.
    package var hash: String
    /// Whose screen it is on.
    package let user: String
    /// `type`, `title`, `blocks`, `callback_id`, `private_metadata`, … as sent; blocks have ids.
    package var body: JSON
    package let rootID: String
    package let previousID: String?

    package var isHome: Bool { body["type"] == "home" }
    package var blocks: [JSON] { body["blocks"]?.array ?? [] }
    package var callbackID: String { body["callback_id"]?.string ?? "" }
    package var externalID: String { body["external_id"]?.string ?? "" }
    package var privateMetadata: String { body["private_metadata"]?.string ?? "" }

    /// As Slack hands it to apps.
    package var json: JSON { json(state: [:]) }

    /// - Parameter state: `{block: {action: value}}`, what is filled in.
    func json(state: JSON) -> JSON {
        var json = body
        for key in ["title", "close", "submit"] where json[key] == nil { json[key] = .null }
        for key in ["callback_id", "external_id", "private_metadata"] where json[key] == nil { json[key] = "" }
        for key in ["clear_on_close", "notify_on_close"] where json[key] == nil { json[key] = false }
        json["id"] = .string(id)
        json["hash"] = .string(hash)
        json["team_id"] = .string(Workspace.teamID)
        json["app_id"] = .string(Workspace.appID)
        json["app_installed_team_id"] = .string(Workspace.teamID)
        json["bot_id"] = .string(Workspace.botProfileID)
        json["root_view_id"] = .string(rootID)
        json["previous_view_id"] = previousID.map(JSON.string) ?? .null
        json["state"] = ["values": state]
        return json
    }
}
