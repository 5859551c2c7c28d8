import struct Foundation.Date

/// Where people are told: a chat workspace.
package protocol Messenger: Sendable {
    /// Posts, in the thread of `thread` if given. The notice's id travels along, for `find`.
    ///
    /// - Returns: nil for what is no message of its own, and when there is nothing left to send.
    func post(
        _ draft: NoticeDraft, id: NoticeID, channel: String, thread: MessageReference?
    ) async throws(MessengerError) -> MessageReference?

    func edit(_ message: MessageReference, to draft: NoticeDraft, id: NoticeID) async throws(MessengerError)

    /// The message that was posted with this id, if it arrived after all.
    ///
    /// - Parameter since: when it was first sent.
    func find(
        _ draft: NoticeDraft, id: NoticeID, channel: String, thread: MessageReference?, since: Date
    ) async throws(MessengerError) -> MessageReference?
}

package enum MessengerError: Error, Sendable, Hashable {
    /// The workspace asks for a slower pace.
    case limited(seconds: Double, reason: String)
    /// It can't be reached, or is ill: try again later. `mayHaveArrived`: the answer was lost, not the message (a
    /// time-out, a broken connection, a 5xx).
    case outage(reason: String, mayHaveArrived: Bool)
    /// The message to edit, or the one to reply to, no longer exists.
    case messageGone
    /// Nobody may reply to that message.
    case noReplies
    /// The workspace will never take this message, not even in plain words.
    case unacceptable(reason: String)
    /// The workspace will not take any like it until somebody changes something there.
    case refused(Refusal, reason: String)

    package enum Refusal: String, Hashable, Sendable {
        /// In this channel: `not_in_channel`.
        case channel
        /// Files: `missing_scope`.
        case files
        /// At all: `invalid_auth`.
        case workspace
    }
}
