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
    /// A new post, for what people must notice. Dropped when the live message says the same and was not posted
    /// yet: it notifies, too.
    case announcement(Report)
    /// A build's whole log, as a file in the live message's thread. What is in it is read when it is sent.
    /// - `name`: the file's, `cats-build-12.log`: no two files of a thread have the same.
    case file(title: String, name: String, log: LogReference)
}

/// A notice in the outbox.
package struct Notice: Hashable, Sendable {
    package let id: NoticeID
    package let operation: OperationID
    package let channel: String
    package let draft: NoticeDraft
    /// Grows when the draft is replaced; of a reply, when it goes to another root.
    package let revision: Int
    /// When sending it first began without an end being recorded: it may have arrived. Nil when it did not.
    package let begunAt: Date?
    /// The operation's live message, once it was posted.
    package let liveMessage: MessageReference?
    /// How often sending failed in its lane since it last went well.
    package let failures: Int

    package init(
        id: NoticeID, operation: OperationID, channel: String, draft: NoticeDraft, revision: Int = 1,
        begunAt: Date? = nil, liveMessage: MessageReference? = nil, failures: Int = 0
    ) {
        self.id = id
        self.operation = operation
        self.channel = channel
        self.draft = draft
        self.revision = revision
        self.begunAt = begunAt
        self.liveMessage = liveMessage
        self.failures = failures
    }

    package var isDoubtful: Bool { begunAt != nil }

    /// Whether sending it changes a message that is there, rather than adding one.
    package var isEdit: Bool {
        if case .live = draft { liveMessage != nil } else { false }
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
