import Synchronization

/// Counts what Slack sends, for `/metrics`. Kinds are a closed list, however much is invented by others.
package final class RequestTally: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case command, mention, directMessage = "direct_message", homeOpened = "home_opened"
        case press, form, channelNews = "channel_news", tokenNews = "token_news"
        /// Slack holds events back because there are too many (docs.slack.dev, "app_rate_limited event").
        case rateLimited = "rate_limited"
        /// A delivery of something that was answered before.
        case repeated
        /// Of another workspace or app.
        case foreign
        /// Nothing that we know, or nothing that concerns us.
        case ignored
        /// An answer that nobody could be given.
        case lostAnswer = "lost_answer"
    }

    private let counts = Mutex<[Kind: Int]>([:])

    package init() {}

    func count(_ kind: Kind) { counts.withLock { $0[kind, default: 0] += 1 } }

    /// Of every kind, also of those that never came.
    package var all: [(kind: Kind, count: Int)] {
        let counts = counts.withLock { $0 }
        return Kind.allCases.map { ($0, counts[$0] ?? 0) }
    }
}
