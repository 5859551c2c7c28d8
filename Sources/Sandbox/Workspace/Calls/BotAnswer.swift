import JSON

/// What the bot answered to one request of Slack's.
package struct BotAnswer: Sendable {
    /// 0 when no answer came; `body` then says why.
    package let status: Int
    package let body: [UInt8]
    package let took: Duration
    /// The answer asked not to be told the same event again (`X-Slack-No-Retry`).
    var refusesRetries = false
    var hasTimedOut = false
    /// Why Slack can't show what was answered; nil when it can.
    package var problem: String?

    package var text: String { String(decoding: body, as: UTF8.self) }
    package var json: JSON? { try? JSON.parse(body) }
    package var isSuccess: Bool { (200..<300).contains(status) }

    /// `X-Slack-Retry-Reason` of the next attempt.
    var retryReason: String {
        if status != 0 { return "http_error" }
        return hasTimedOut ? "http_timeout" : "connection_failed"
    }

    /// What somebody reads when the bot does not answer as it should; nil when it did.
    package var failure: String? {
        isSuccess ? problem : "The bot did not answer as it should (\(status)): \(text)"
    }
}

/// What became of a modal that somebody submitted.
package enum Submission: Sendable, Equatable {
    /// The modal is closed; what lay under it is to be seen again.
    case closed
    case cleared
    /// Sentences by block id; the modal stays open.
    case errors([String: String])
    case updated(ChatView)
    case pushed(ChatView)
    /// The bot's answer was none, or not one that Slack understands.
    case failed(String)
}

/// How an event got to the bot.
package struct EventDelivery: Sendable {
    /// `Ev…`, the same in all attempts.
    package let eventID: String
    /// In order; the last one was successful, or Slack gave up.
    package var attempts: [BotAnswer]

    package var isDelivered: Bool { attempts.last?.isSuccess ?? false }
}
