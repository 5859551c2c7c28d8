import Synchronization

/// Answers a request on the event loop's own thread, where it must neither wait nor take long, or promises to.
///
/// - Returns: nil for a request that takes more than that: then the server's handler is asked. Otherwise the answer is
///   sent with the reply, once, from any thread.
package typealias HTTPQuickHandler = @Sendable (HTTPRequest, HTTPReply) -> HTTPPromise?

/// When a client gets its answer, and what it gets instead when there is none by then.
package struct HTTPPromise: Sendable {
    let withinMilliseconds: Int
    let late: @Sendable () -> HTTPResponse

    package init(withinMilliseconds: Int, late: @escaping @Sendable () -> HTTPResponse) {
        self.withinMilliseconds = withinMilliseconds
        self.late = late
    }
}

/// The way back to the client of one request.
package final class HTTPReply: Sendable {
    private let mailbox: LoopMailbox
    private let id: ConnectionID
    private let sequence: UInt32
    private let isOver = Atomic(false)

    init(_ mailbox: LoopMailbox, _ id: ConnectionID, sequence: UInt32) {
        self.mailbox = mailbox
        self.id = id
        self.sequence = sequence
    }

    /// - Parameter response: made on the event loop's thread, so that whoever answers has no work with it.
    /// - Returns: false when the time was over: the client has another answer.
    @discardableResult
    package func send(_ response: @autoclosure @escaping @Sendable () -> HTTPResponse) -> Bool {
        guard end() else { return false }
        mailbox.post(.promiseKept(id, sequence: sequence, response))
        return true
    }

    /// - Returns: whether nobody was first.
    func end() -> Bool { !isOver.exchange(true, ordering: .acquiringAndReleasing) }
}
