import Deploys
import struct Foundation.Date
import Synchronization

/// Sees to it that an event, however often it is delivered, is answered once.
final class EventLedger: Sendable {
    private let seen: any SeenEvents
    private let log: Log
    /// Deliveries whose answers are not given yet.
    private let open = Mutex<[String: Task<Void, Never>]>([:])

    init(seen: any SeenEvents, log: Log) {
        self.seen = seen
        self.log = log
    }

    /// The work for an event, begun by its first delivery and shared by those that follow. When it was done long ago,
    /// it is not done again.
    ///
    /// - Parameters:
    ///   - onRepetition: called for every delivery but the first.
    ///   - work: ends with `close` or `forget`, there or later.
    func once(
        _ id: String, onRepetition: @escaping @Sendable () -> Void, work: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        open.withLock { open in
            if let known = open[id] {
                onRepetition()
                return known
            }
            let task = Task {
                // When the journal can't be read, better twice than never.
                if (try? await seen.wasSeen(id)) == true {
                    onRepetition()
                    return forget(id)
                }
                await work()
            }
            open[id] = task
            return task
        }
    }

    /// It was answered: repetitions are ignored from now on, also after a restart.
    func close(_ id: String, at now: Date) async {
        do throws(JournalError) {
            try await seen.remember(id, at: now)
        } catch {
            log.warning("that the event \(id) was answered could not be kept: \(error)")
        }
        forget(id)
    }

    /// It was not answered: a repetition gets another chance.
    func forget(_ id: String) { open.withLock { $0[id] = nil } }
}
