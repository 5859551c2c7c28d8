import CLinux
import Glibc
import Synchronization

/// What other threads ask an event loop to do.
enum LoopMessage: Sendable {
    /// Take over a connection; a refusal is answered at once.
    case adopt(descriptor: Int32, peer: String, refusal: HTTPRefusal?)
    case answered(ConnectionID, sequence: UInt32, HTTPResponse)
    case promiseKept(ConnectionID, sequence: UInt32, @Sendable () -> HTTPResponse)
    case chunk(ConnectionID, sequence: UInt32, [UInt8])
    case streamEnded(ConnectionID, sequence: UInt32, isComplete: Bool)
    case stop(graceNanoseconds: UInt64)
}

/// The way into an event loop. It owns the eventfd that wakes the loop, so that a message which comes
/// after the loop's end writes to no descriptor that meanwhile belongs to someone else.
final class LoopMailbox: Sendable {
    private struct State {
        var messages: [LoopMessage] = []
        var isAsleep = false
        var isClosed = false
    }

    private let state = Mutex(State())
    let wakeDescriptor: Int32

    init() throws(HTTPServerError) {
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard wakeDescriptor >= 0 else {
            throw .noDescriptors(reason: "eventfd: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(wakeDescriptor) }

    /// Returns false when the loop has ended and nobody will read the message.
    @discardableResult
    func post(_ message: LoopMessage) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.messages.append(message)
            let mustWake = state.isAsleep
            state.isAsleep = false
            return (true, mustWake)
        }
        if mustWake {
            var one: UInt64 = 1
            write(wakeDescriptor, &one, 8)
        }
        return isTaken
    }

    /// Puts the messages into `messages`, whose storage is used for the next ones.
    func take(into messages: inout [LoopMessage]) {
        messages.removeAll(keepingCapacity: true)
        state.withLock { swap(&$0.messages, &messages) }
    }

    /// Returns whether the loop may sleep; if so, the next message wakes it.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.messages.isEmpty
            return state.isAsleep
        }
    }

    /// To be called by the loop after each sleep.
    func wakeUp(_ wasSignalled: Bool) {
        state.withLock { $0.isAsleep = false }
        guard wasSignalled else { return }
        var count: UInt64 = 0
        read(wakeDescriptor, &count, 8)
    }

    /// Refuses messages from now on and returns those not yet taken.
    func shutDown() -> [LoopMessage] {
        state.withLock { state in
            state.isClosed = true
            defer { state.messages = [] }
            return state.messages
        }
    }
}
