import Deploys
import JSON

extension SecretMask {
    /// What Slack is told without known secrets. A value that anybody may have encrypted is also an ordinary word, so
    /// only what people read is changed, and never what Slack goes by.
    func withoutKnown(_ message: JSON) -> JSON {
        switch message {
        case .string(let text): .string(String(decoding: withoutKnown(Array(text.utf8)), as: UTF8.self))
        case .array(let items): .array(items.map(withoutKnown))
        case .object(let members):
            .object(Dictionary(uniqueKeysWithValues: members.map { key, value in
                (key, Self.structural.contains(key) && value.string != nil ? value : withoutKnown(value))
            }))
        case .null, .bool, .int, .double: message
        }
    }

    /// Members whose texts are names and addresses of ours or of Slack's.
    private static let structural: Set = [
        "action_id", "block_id", "callback_id", "channel", "event_type", "external_id", "hash", "private_metadata",
        "response_action", "response_type", "style", "thread_ts", "trigger_id", "ts", "type", "url", "user", "user_id",
        "value", "view_id",
    ]
}
