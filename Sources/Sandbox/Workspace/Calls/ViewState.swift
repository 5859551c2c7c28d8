import JSON

/// What stands in a modal's fields (docs.slack.dev, "view_submission payload", `view.state.values`).
struct ViewState {
    let json: JSON
    /// Inputs that must be filled in and are not; nil when none is.
    let missing: [String: String]?

    init(_ blocks: [JSON], _ values: [String: [String: String]]) {
        var state: [String: JSON] = [:]
        var missing: [String: String] = [:]
        for block in blocks {
            guard let blockID = block["block_id"]?.string else { continue }
            var entries: [String: JSON] = [:]
            for element in BlockElements.all(of: block) where !Self.stateless.contains(element["type"]?.string ?? "") {
                guard let actionID = element["action_id"]?.string else { continue }
                let given = values[blockID]?[actionID]
                let entry = Self.entry(element, given)
                if block["type"] == "input", block["optional"] != true, Self.isEmpty(entry) {
                    missing[blockID] = "Please complete this required field."
                }
                entries[actionID] = entry
            }
            if !entries.isEmpty { state[blockID] = .object(entries) }
        }
        json = .object(state)
        self.missing = missing.isEmpty ? nil : missing
    }

    /// They have no state that could be submitted.
    private static let stateless: Set<String> = ["button", "overflow"]

    private static func entry(_ element: JSON, _ given: String?) -> JSON {
        let type = element["type"]?.string ?? ""
        var entry: JSON = ["type": .string(type)]
        switch type {
        case "static_select", "radio_buttons":
            let chosen = BlockElements.options(of: element).first { $0["value"]?.string == given }
            entry["selected_option"] = (given == nil ? element["initial_option"] : chosen) ?? .null
        case "users_select":
            entry["selected_user"] = given.map(JSON.string) ?? element["initial_user"] ?? .null
        case "checkboxes":
            let values = given.map { $0.split(separator: ",").map(String.init) }
            let chosen = BlockElements.options(of: element).filter { option in
                values?.contains(option["value"]?.string ?? "") ?? false
            }
            entry["selected_options"] = values == nil ? element["initial_options"] ?? [] : .array(chosen)
        default:
            let text = given ?? element["initial_value"]?.string ?? ""
            entry["value"] = text.isEmpty ? .null : .string(text)
        }
        return entry
    }

    private static func isEmpty(_ entry: JSON) -> Bool {
        ["value", "selected_option", "selected_user"].allSatisfy { (entry[$0] ?? .null).isNull }
            && (entry["selected_options"]?.array ?? []).isEmpty
    }
}
