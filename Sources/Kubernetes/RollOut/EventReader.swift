import JSON
import Synchronization

/// Reads a namespace's events now and then while a roll-out is followed, and never keeps it waiting. They are many
/// and most of them are nobody's news, so they are not watched.
final class EventReader: Sendable {
    private struct State {
        var index = EventIndex()
        var isDueAt: ContinuousClock.Instant
        var reading: Task<Void, Never>?
    }

    private let state: Mutex<State>
    private let every: Duration
    private let read: @Sendable () async -> [JSON]?
    private let onNews: @Sendable () -> Void

    /// - Parameters:
    ///   - read: nil when they cannot be had.
    ///   - onNews: called after every reading.
    init(
        limits: RollOutLimits, now: ContinuousClock.Instant, read: @escaping @Sendable () async -> [JSON]?,
        onNews: @escaping @Sendable () -> Void
    ) {
        every = limits.lookAtEventsEvery
        state = Mutex(State(isDueAt: now + min(limits.lookAtEventsAfter, limits.lookAtEventsEvery)))
        self.read = read
        self.onNews = onNews
    }

    /// As they were read last.
    var events: EventIndex { state.withLock { $0.index } }

    func readIfDue(at now: ContinuousClock.Instant) {
        state.withLock { state in
            guard state.reading == nil, now >= state.isDueAt else { return }
            state.isDueAt = now + every
            state.reading = Task { await readOnce() }
        }
    }

    func stop() { state.withLock { $0.reading?.cancel() } }

    private func readOnce() async {
        let items = await read()
        state.withLock { state in
            if let items { state.index = EventIndex(items) }
            state.reading = nil
        }
        onNews()
    }
}
