import JSON

/// Somebody uses a button, a menu or another element of blocks that are shown to them.
package struct Press: Sendable {
    package var place: SlackPlace
    package var actionID: String
    /// Tells elements of different blocks with the same action id apart; nil takes the first.
    package var blockID: String?
    /// The value of the button, or of the option that is chosen. Nil takes the button's own.
    package var value: String?
    package var member: String
    /// By block id and action id: what is filled in beside it.
    package var state: [String: [String: String]]

    package init(
        _ actionID: String, on place: SlackPlace, blockID: String? = nil, value: String? = nil,
        by member: String = Workspace.memberID, state: [String: [String: String]] = [:]
    ) {
        self.state = state
        self.actionID = actionID
        self.place = place
        self.blockID = blockID
        self.value = value
        self.member = member
    }

    /// The first element with the action id (and the value, when one is named) among blocks; what a client that has
    /// not yet seen the newest blocks shows need not be there any more.
    func element(in blocks: [JSON]) -> (element: JSON, blockID: String)? {
        let candidates = blocks.filter { blockID == nil || $0["block_id"]?.string == blockID }.flatMap { block in
            BlockElements.all(of: block).filter { $0["action_id"]?.string == actionID }
                .map { (element: $0, blockID: block["block_id"]?.string ?? "") }
        }
        return candidates.first { value == nil || BlockElements.values(of: $0.element).contains(value ?? "") }
    }

    /// One item of a payload's `actions`.
    func action(_ found: (element: JSON, blockID: String)?, at timestamp: String) -> JSON {
        var action: JSON = [
            "action_id": .string(actionID), "block_id": .string(found?.blockID ?? blockID ?? ""),
            "action_ts": .string(timestamp), "type": found?.element["type"] ?? "button",
        ]
        switch found?.element["type"]?.string {
        case "overflow", "static_select", "radio_buttons":
            let option = BlockElements.options(of: found?.element ?? [:]).first { $0["value"]?.string == value }
            action["selected_option"] = option ?? ["value": .string(value ?? "")]
        case "users_select": action["selected_user"] = .string(value ?? "")
        default:
            if let text = found?.element["text"] { action["text"] = text }
            if let value = value ?? found?.element["value"]?.string { action["value"] = .string(value) }
        }
        return action
    }
}
