import Deploys
import struct Foundation.Date
import SQLite

extension SQLiteJournal {
    package var requestsArrived: Signal { memory.arrived }
    package var waitingRequests: Int { memory.count }

    package func requireDisk() throws(JournalError) {
        if inbox.isStalled || writer.isStalled { throw .stalled }
    }

    package func receive(
        _ request: OperationRequest, at now: Date, told: @escaping @Sendable (Result<AppID, JournalError>) -> Void
    ) -> Bool {
        guard !inbox.isStalled, let app = memory.name(of: request.app),
            memory.count + memory.unfinishedOperations < maxUnfinishedOperations
        else { return false }
        inbox.submit { [memory] database in
            guard try InboxTable(database: database).insert(request, of: app, at: now, as: memory.takeID()) else {
                throw JournalError.unavailable("the inbox gave a number twice; restart iterapp")
            }
        } told: { [memory] result in
            if case .success = result {
                memory.add(1)
                memory.arrived.fire()
            }
            told(result.map { app })
        }
        return true
    }

    package func unpack(
        atMost count: Int,
        notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft]
    ) async throws(JournalError) -> Int {
        do {
            return try await unpacking.pass("inbox") { try await self.unpackAlone(atMost: count, notices) }
        } catch let error as JournalError {
            throw error
        } catch {
            throw .unavailable("what was acknowledged waits for the next start, as this one is over")
        }
    }

    private func unpackAlone(
        atMost count: Int, _ notices: @escaping @Sendable (_ operation: Operation, _ ahead: Int) -> [NoticeDraft]
    ) async throws(JournalError) -> Int {
        let entries = try await inbox.run { try InboxTable(database: $0).oldest(atMost: count) }
        guard let last = entries.last else { return 0 }
        try await writer.run { [memory] database in
            for entry in entries {
                // One that was asked for twice is one operation. There is always room for what was acknowledged.
                _ = try Self.accept(
                    entry.request, at: entry.receivedAt, limit: nil, notices, { _, _ in [] }, database)
            }
            memory.unfinishedOperations = try OperationTable(database: database).unfinishedCount()
        }
        let unpacked = try await inbox.run { try InboxTable(database: $0).remove(upTo: last.id) }
        memory.add(-unpacked)
        return unpacked
    }
}
