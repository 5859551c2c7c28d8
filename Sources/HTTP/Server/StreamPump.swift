import Synchronization

/// Carries one streamed body from its producer to the event loop, never more than a limit ahead of what
/// the client has read.
final class StreamPump: Sendable {
    private struct State {
        /// Handed over, but not in the socket's queue yet.
        var handedBytes = 0
        /// In the socket's queue.
        var queuedBytes = 0
        var isCancelled = false
        var task: Task<Void, Never>?
        var waiter: CheckedContinuation<Void, Never>?

        var unsentBytes: Int { handedBytes + queuedBytes }

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter
        }
    }

    private let state = Mutex(State())
    private let maxUnsentBytes: Int

    init(maxUnsentBytes: Int) { self.maxUnsentBytes = maxUnsentBytes }

    func start(
        _ stream: AsyncThrowingStream<[UInt8], any Error>, to mailbox: LoopMailbox,
        _ id: ConnectionID, sequence: UInt32
    ) {
        let task = Task {
            var isComplete = true
            do {
                for try await bytes in stream where !bytes.isEmpty {
                    mailbox.post(.chunk(id, sequence: sequence, bytes))
                    await add(bytes.count)
                }
            } catch {
                isComplete = false
            }
            mailbox.post(
                .streamEnded(id, sequence: sequence, isComplete: isComplete && !Task.isCancelled))
        }
        state.withLock { $0.task = task }
    }

    /// Counts what was handed over and waits until the client has read enough of it.
    private func add(_ bytes: Int) async {
        await withCheckedContinuation { continuation in
            let mayGoOn = state.withLock { state in
                state.handedBytes += bytes
                guard !state.isCancelled, state.unsentBytes >= maxUnsentBytes else { return true }
                state.waiter = continuation
                return false
            }
            if mayGoOn { continuation.resume() }
        }
    }

    /// The loop has put `taken` more bytes into the socket's queue, in which `queued` now stand.
    func note(taken: Int = 0, queued: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.handedBytes -= taken
            state.queuedBytes = queued
            guard state.unsentBytes < maxUnsentBytes else { return nil }
            return state.takeWaiter()
        }
        waiter?.resume()
    }

    /// Ends the producer: its stream terminates as cancelled.
    func cancel() {
        let (task, waiter) = state.withLock { state in
            state.isCancelled = true
            return (state.task, state.takeWaiter())
        }
        task?.cancel()
        waiter?.resume()
    }
}
