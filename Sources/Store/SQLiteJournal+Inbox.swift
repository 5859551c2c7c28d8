import Deploys
import struct Foundation.Date
import SQLite
import Synchronization

/// Requests that are on disk and no operations yet, in memory.
final class WaitingRequests: Sendable {
    let arrived = Signal()
    private let number = Atomic(0)

    var count: Int { number.load(ordering: .relaxed) }

    func add(_ count: Int) { number.add(count, ordering: .relaxed) }
}

extension SQLiteJournal {
    package var requestsArrived: Signal { waiting.arrived }
    package var waitingRequests: Int { waiting.count }

    package func receive(
        _ request: OperationRequest, at now: Date,
        told: @escaping @Sendable (Result<Receipt, JournalError>) -> Void
    ) {
        writer.runFirst { [waiting, limit = maxUnfinishedOperations] database -> (receipt: Receipt, isNew: Bool) in
            guard let app = try AppTable(database: database).registeredName(of: request.app) else {
                return (.notRegistered, false)
            }
            guard try DeduplicationTable(database: database).operation(for: request.deduplicationKey) == nil else {
                return (.received(app: app), false)
            }
            try OperationTable(database: database).refuseWhenFull(limit, besides: waiting.count)
            return (.received(app: app), try InboxTable(database: database).insert(request, of: app, at: now))
        } told: { [waiting] result in
            if case .success((_, isNew: true)) = result {
                waiting.add(1)
                waiting.arrived.fire()
            }
            told(result.map(\.receipt))
        }
    }

    package func unpack(
        atMost count: Int,
        notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft]
    ) async throws(JournalError) -> Int {
        let unpacked = try await writer.run { database -> Int in
            let inbox = InboxTable(database: database)
            let entries = try inbox.oldest(atMost: count)
            guard let last = entries.last else { return 0 }
            for entry in entries {
                // One that was asked for twice is one operation. There is always room for what was acknowledged.
                _ = try Self.accept(
                    entry.request, at: entry.receivedAt, limit: nil, notices, { _, _ in [] }, database)
            }
            try inbox.remove(upTo: last.id)
            return entries.count
        }
        waiting.add(-unpacked)
        return unpacked
    }
}
