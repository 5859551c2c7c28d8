import Deploys
import JSON

/// A form that somebody sent (docs.slack.dev, "view_submission payload").
struct SentForm: Sendable {
    let person: Person
    /// Nil when the form is not one that we know.
    let name: ViewName?
    let memory: WindowMemory
    /// The same when the same form is sent twice.
    let id: String
    /// Of this sending; nil when Slack does not name it.
    let trigger: String?
    private let values: [ViewField: String]
    /// Where a sentence about a mistake can be shown: blocks that ask for something.
    private let inputs: [String]

    /// Nil when something is missing that Slack always sends.
    init?(_ payload: JSON, person: Person) {
        guard let view = payload["view"], let id = view["id"]?.string, let name = view["callback_id"]?.string else {
            return nil
        }
        self.person = person
        self.id = id
        trigger = payload["trigger_id"]?.string
        self.name = ViewName(rawValue: name)
        memory = view["private_metadata"]?.string.flatMap(WindowMemory.init)
            ?? WindowMemory(place: .home, responseURL: nil, since: .distantPast)
        inputs = (view["blocks"]?.array ?? []).filter { $0["type"] == "input" }.compactMap { $0["block_id"]?.string }
        var values: [ViewField: String] = [:]
        for field in [ViewField.environment, .revision, .note] {
            let state = view.at("state", "values")?[field.rawValue]?.object?.values.first
            values[field] = state?["value"]?.string ?? state?.at("selected_option", "value")?.string
        }
        self.values = values
    }

    /// Without spaces around it; nil when it is empty.
    subscript(field: ViewField) -> String? {
        let text = values[field]?.split { $0.isWhitespace }.joined(separator: " ") ?? ""
        return text.isEmpty ? nil : MessageText.tidied(text)
    }

    /// The block under which a sentence is shown; nil when the form asks for nothing.
    func block(for field: ViewField?) -> String? {
        if let field, inputs.contains(field.rawValue) { return field.rawValue }
        return inputs.last
    }
}
