import Foundation

package struct NoticeID: Hashable, Codable, Sendable, CustomStringConvertible {
    package let number: Int64
    package init(_ number: Int64) { self.number = number }
    package var description: String { String(number) }
}

/// Something people are to be told about an operation, not yet written down.
package enum NoticeDraft: Hashable, Codable, Sendable {
    /// The operation's one live message: posted the first time, edited from then on. Only the newest counts.
    case live(Report)
    /// A reply in the live message's thread.
    case detail(title: String, lines: [String])
    /// A new post, for what people must notice.
    case announcement(Report)
}

/// A notice in the outbox.
package struct Notice: Hashable, Sendable {
    package let id: NoticeID
    package let operation: OperationID
    package let channel: String
    package let draft: NoticeDraft
    /// Sending it was begun before and never recorded as done: it may have arrived.
    package let isDoubtful: Bool
    /// The operation's live message, once it was posted.
    package let liveMessage: MessageReference?
    /// How often sending it failed so far.
    package let failures: Int

    package init(
        id: NoticeID, operation: OperationID, channel: String, draft: NoticeDraft, isDoubtful: Bool,
        liveMessage: MessageReference?, failures: Int
    ) {
        self.id = id
        self.operation = operation
        self.channel = channel
        self.draft = draft
        self.isDoubtful = isDoubtful
        self.liveMessage = liveMessage
        self.failures = failures
    }
}

/// Names a delivered message: Slack's channel id and `ts`.
package struct MessageReference: Hashable, Codable, Sendable {
    package let channel: String
    package let timestamp: String
    package init(channel: String, timestamp: String) {
        self.channel = channel
        self.timestamp = timestamp
    }
}
