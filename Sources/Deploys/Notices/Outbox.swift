import Foundation

/// The notices that wait to be delivered, in order per channel.
///
/// A `live` notice that has not been sent is replaced by a newer one of its operation, so that edits
/// coalesce: the first post keeps its place, a later edit moves to the end.
package protocol Outbox: Sendable {
    /// Channels with undelivered notices.
    func channelsWithNotices() async throws(JournalError) -> [String]
    /// The first notice of a channel that may be sent at `now`; nil when there is none, or when the
    /// first one has to wait until the date given.
    func next(in channel: String, at now: Date) async throws(JournalError) -> NextNotice
    /// Remembers that sending begins, so that a crash leaves a doubtful notice and not a forgotten one.
    func begin(_ id: NoticeID) async throws(JournalError)
    /// It arrived; for a live message, `message` is kept for its edits and its thread.
    func delivered(_ id: NoticeID, as message: MessageReference?) async throws(JournalError)
    /// Sending failed: try again at `date`. When it `mayHaveArrived` all the same, the notice stays doubtful.
    func postpone(
        _ id: NoticeID, until date: Date, reason: String, mayHaveArrived: Bool
    ) async throws(JournalError)
    /// The live message is gone from the channel: the next live notice is posted anew.
    func forgetLiveMessage(of operation: OperationID) async throws(JournalError)
}

package enum NextNotice: Sendable, Equatable {
    case notice(Notice)
    case waitUntil(Date)
    case none
}
