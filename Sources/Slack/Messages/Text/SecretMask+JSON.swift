import Deploys
import JSON

extension SecretMask {
    /// What Slack is told without known secrets. A value that anybody may have encrypted is also an ordinary word, so
    /// only what people read is changed, and never what Slack goes by.
    func withoutKnown(_ message: JSON) -> JSON { changed(message) ?? message }

    /// Nil when there is nothing to hide, as in nearly every message.
    private func changed(_ message: JSON) -> JSON? {
        switch message {
        case .string(let text):
            return hidingKnown(in: Array(text.utf8)).map { .string(String(decoding: $0, as: UTF8.self)) }
        case .array(var items):
            var isChanged = false
            for (index, item) in items.enumerated() {
                guard let masked = changed(item) else { continue }
                items[index] = masked
                isChanged = true
            }
            return isChanged ? .array(items) : nil
        case .object(var members):
            var isChanged = false
            for (key, value) in members where value.string == nil || !Self.structural.contains(key) {
                guard let masked = changed(value) else { continue }
                members[key] = masked
                isChanged = true
            }
            return isChanged ? .object(members) : nil
        case .null, .bool, .int, .double: return nil
        }
    }

    /// Members whose texts are names and addresses of ours or of Slack's.
    private static let structural: Set = [
        "action_id", "block_id", "callback_id", "channel", "event_type", "external_id", "hash", "private_metadata",
        "response_action", "response_type", "style", "thread_ts", "trigger_id", "ts", "type", "url", "user", "user_id",
        "value", "view_id",
    ]
}
