import Foundation

/// The notices that wait to be delivered, in two lanes: what is posted, in order per channel; and edits of live
/// messages over all channels, those that show an end first, then those that wait longest.
///
/// An operation has at most one `live` notice: a newer draft takes the place of the one that waits.
package protocol Outbox: Sendable {
    /// Channels with something to post.
    func channelsWithPosts() async throws(JournalError) -> [String]
    /// What a channel gets next.
    func nextPost(in channel: String, at now: Date) async throws(JournalError) -> NextNotice
    /// The next edit in any channel.
    func nextEdit(at now: Date) async throws(JournalError) -> NextNotice
    /// Remembers that posting begins, so that a crash leaves a doubtful notice and not a forgotten one.
    ///
    /// - Returns: false when it was replaced or taken away since it was handed out: then nothing may be sent.
    func begin(_ notice: Notice, at now: Date) async throws(JournalError) -> Bool
    /// It arrived; of a live message, `message` is kept for its edits and its thread. A newer draft that came
    /// meanwhile stays, as an edit. What held up others like it is over.
    func delivered(_ notice: Notice, as message: MessageReference?) async throws(JournalError)
    /// It had arrived at an earlier try; of a live message nobody knows in which state, so an edit follows.
    func found(_ notice: Notice, as message: MessageReference) async throws(JournalError)
    /// It was not sent: everything in the obstacle's scope waits. When the notice `mayHaveArrived` all the same,
    /// it is in doubt.
    func postpone(
        _ notice: Notice, _ obstacle: Obstacle, mayHaveArrived: Bool, at now: Date
    ) async throws(JournalError)
    /// The workspace will not take it as it is: it is put aside until it is replaced, or until `retryRefused`.
    func park(_ notice: Notice, reason: String) async throws(JournalError)
    /// It is put aside as `park` does, so that those behind it go out.
    func park(unreadable notice: UnreadableNotice) async throws(JournalError)
    /// The notice's live message is gone from the channel: it is posted anew, and the replies that wait follow it.
    ///
    /// - Returns: false when nobody knows any more what it said.
    func forgetLiveMessage(of notice: Notice) async throws(JournalError) -> Bool
    /// What is parked, and what waits for somebody to change something in the workspace, is tried again at once.
    func retryRefused() async throws(JournalError)
    /// Nothing is sent to a channel until somebody changes something there, for which there is this reason.
    func refuse(channel: String, reason: String) async throws(JournalError)
    /// Somebody did: the channel is tried again at once.
    func mend(channel: String) async throws(JournalError)
}

package enum NextNotice: Sendable, Equatable {
    case notice(Notice)
    /// What is written there can't be understood: for `park(unreadable:)`.
    case unreadable(UnreadableNotice)
    /// There are some, and none may be sent before this time.
    case waitUntil(Date)
    case none
}

/// A notice that another version wrote, or that is damaged.
package struct UnreadableNotice: Hashable, Sendable {
    package let id: NoticeID
    package let operation: OperationID
    package let revision: Int
    /// A clause for the operator.
    package let reason: String

    package init(id: NoticeID, operation: OperationID, revision: Int, reason: String) {
        self.id = id
        self.operation = operation
        self.revision = revision
        self.reason = reason
    }
}

/// Why some notices have to wait, and until when.
package struct Obstacle: Hashable, Sendable {
    package enum Scope: Hashable, Sendable {
        /// All there is: the token does not hold.
        case everything
        /// The edits of all channels.
        case edits
        /// Files in all channels.
        case files
        /// What is posted in one channel.
        case posts(String)
        /// What is posted in one channel, and its edits.
        case channel(String)
    }

    package enum Kind: String, Hashable, Sendable {
        /// The workspace asks for a slower pace.
        case limit
        /// The workspace can't be reached, or is ill.
        case outage
        /// Somebody has to change something in the workspace.
        case refusal
    }

    package let scope: Scope
    package let kind: Kind
    /// A clause for the operator.
    package let reason: String
    package let until: Date

    package init(_ scope: Scope, _ kind: Kind, reason: String, until: Date) {
        self.scope = scope
        self.kind = kind
        self.reason = reason
        self.until = until
    }
}

/// The outbox in figures.
package struct OutboxStatistics: Sendable, Equatable {
    /// What stands in the way, and since when.
    package struct Trouble: Sendable, Equatable {
        package let obstacle: Obstacle
        package let since: Date
        package let failures: Int

        package init(_ obstacle: Obstacle, since: Date, failures: Int) {
            self.obstacle = obstacle
            self.since = since
            self.failures = failures
        }
    }

    package var posts = 0
    package var edits = 0
    package var parked = 0
    /// Drafts that gave way to newer ones before they were sent, since the journal began.
    package var collapsed = 0
    package var troubles: [Trouble] = []
    package init() {}
}
