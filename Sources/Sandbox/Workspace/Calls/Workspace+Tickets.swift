import Crypto
import Foundation

/// What Slack hands out with each command and press.
extension Workspace {
    /// Older ones are forgotten; they ran out long ago.
    static let maxTickets = 10_000

    func newTrigger(for user: String) -> String {
        if triggers.count >= Self.maxTickets { triggers = triggers.filter { $0.value.expiry > now() } }
        let id = "\(digits(13)).\(digits(13)).\(hex(randomBytes(16)))"
        triggers[id] = Trigger(user: user, expiry: now().addingTimeInterval(Trigger.lifetime))
        return id
    }

    /// Uses a trigger up.
    /// - Returns: whose it was.
    func exchange(_ id: String) throws(SlackRefusal) -> String {
        guard let trigger = triggers[id] else { throw SlackRefusal("invalid_trigger_id") }
        guard !trigger.isUsed else { throw SlackRefusal("exchanged_trigger_id") }
        guard trigger.expiry >= now() else { throw SlackRefusal("expired_trigger_id") }
        triggers[id]?.isUsed = true
        return trigger.user
    }

    /// - Returns: the last part of a URL.
    func newResponseURL(
        for user: String, in channel: String, thread: String?, original: SlackPlace?
    ) -> String {
        if responseURLs.count >= Self.maxTickets { responseURLs = responseURLs.filter { $0.value.expiry > now() } }
        let id = hex(randomBytes(12))
        responseURLs[id] = ResponseURL(
            user: user, channel: channel, thread: thread, original: original,
            expiry: now().addingTimeInterval(ResponseURL.lifetime))
        return id
    }

    /// Counts one use.
    func useResponseURL(_ id: String) throws(SlackRefusal) -> ResponseURL {
        guard let url = responseURLs[id], url.expiry >= now() else { throw SlackRefusal("expired_url") }
        guard url.uses < ResponseURL.maxUses else { throw SlackRefusal("used_url") }
        responseURLs[id]?.uses += 1
        return url
    }

    private func digits(_ count: Int) -> String {
        randomBytes(count).map { String($0 % 10) }.joined()
    }
}
