/// Where people are told: a chat workspace.
package protocol Messenger: Sendable {
    /// Posts, in the thread of `thread` if given. The notice's id travels along, for `find`.
    func post(
        _ draft: NoticeDraft, id: NoticeID, channel: String, thread: MessageReference?
    ) async throws(MessengerError) -> MessageReference

    func edit(_ message: MessageReference, to draft: NoticeDraft, id: NoticeID) async throws(MessengerError)

    /// The message that was posted with this id, if it arrived after all.
    func find(
        _ id: NoticeID, channel: String, thread: MessageReference?
    ) async throws(MessengerError) -> MessageReference?
}

package enum MessengerError: Error, Sendable, Equatable {
    /// Try again after so many seconds, or when the sender thinks fit. `mayHaveArrived`: the answer was
    /// lost, not the message (a time-out, a broken connection, a 5xx).
    case tryAgain(afterSeconds: Double?, reason: String, mayHaveArrived: Bool)
    /// The message to edit, or the thread to reply in, no longer exists.
    case messageGone
    /// The workspace will not take it until somebody changes something: `not_in_channel`, `invalid_auth`.
    case refused(reason: String)
}
