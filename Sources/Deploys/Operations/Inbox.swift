import Foundation

/// Requests that were acknowledged and are not operations yet.
///
/// Writing a request down is the least that has to be done before its sender is told that it is taken, so nothing else
/// is done then. What follows from it, as the operation, its message and the audit log's line, is made right behind, in
/// the order in which requests came.
package protocol Inbox: Sendable {
    /// Fires when requests were written down.
    var requestsArrived: Signal { get }
    /// How many there are.
    var waitingRequests: Int { get }

    /// Writes down what somebody wants with a command. Does not wait, and looks at nothing but memory.
    ///
    /// - Parameters:
    ///   - request: with a key: by that it becomes one operation, also after a crash on the way.
    ///   - told: called once with the app as it is registered when the request is on disk, or with what kept it
    ///   from the disk; on a thread that must not be blocked.
    /// - Returns: false when its app is not known to be registered, too many operations seem to wait, or the disk does
    ///   not answer: nothing was done, and `Journal.accept` looks closer.
    func receive(
        _ request: OperationRequest, at now: Date, told: @escaping @Sendable (Result<AppID, JournalError>) -> Void
    ) -> Bool

    /// Throws `stalled` while the disk does not answer: whatever is written now would wait for nobody knows how long.
    func requireDisk() throws(JournalError)

    /// Makes operations of the oldest requests, each as `Journal.accept` does.
    /// - Returns: how many requests are none any more.
    func unpack(
        atMost count: Int,
        notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft]
    ) async throws(JournalError) -> Int
}
