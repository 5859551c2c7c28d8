import Synchronization

/// Operations that run in this process, so that each can be stopped by itself. What somebody wants is in the journal;
/// this only wakes whoever has to do it.
package final class Cancellations: Sendable {
    private struct Run {
        let ticket: Int
        let stop: @Sendable () -> Void
        var person: Person?
    }

    private struct State {
        var lastTicket = 0
        var runs: [OperationID: Run] = [:]
    }

    private let state = Mutex(State())

    init() {}

    /// Runs `body` in a task that `cancel` stops, and that ends with the caller's.
    /// - Returns: what came of it, and who stopped it.
    func run<T: Sendable>(
        _ id: OperationID, _ body: @escaping @Sendable () async throws -> T
    ) async -> (result: Result<T, any Error>, stoppedBy: Person?) {
        let mayBegin = Signal()
        let task = Task {
            // Whoever looks for it finds it from the first moment on.
            await mayBegin.wait()
            return try await body()
        }
        let ticket = enter(id) { task.cancel() }
        mayBegin.fire()
        let result = await withTaskCancellationHandler { await task.result } onCancel: { task.cancel() }
        return (result, leave(id, ticket))
    }

    /// Stops what runs of it, if anything does.
    func cancel(_ id: OperationID, by person: Person) {
        let stop = state.withLock { state -> (@Sendable () -> Void)? in
            state.runs[id]?.person = person
            return state.runs[id]?.stop
        }
        stop?()
    }

    /// Who is stopping it.
    func person(stopping id: OperationID) -> Person? { state.withLock { $0.runs[id]?.person } }

    private func enter(_ id: OperationID, _ stop: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.lastTicket += 1
            state.runs[id] = Run(ticket: state.lastTicket, stop: stop)
            return state.lastTicket
        }
    }

    /// An operation that was put aside may have been begun anew before this is called.
    private func leave(_ id: OperationID, _ ticket: Int) -> Person? {
        state.withLock { state in
            guard let run = state.runs[id], run.ticket == ticket else { return nil }
            state.runs[id] = nil
            return run.person
        }
    }
}
