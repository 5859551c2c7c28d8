import Deploys
import struct Foundation.Date

/// What `next` handed out: a newer draft may take its place before sending begins.
struct Offer {
    let id: NoticeID
    let text: String
}

extension SQLiteJournal {
    package func channelsWithNotices() async throws(JournalError) -> [String] {
        try await reader.run { try NoticeTable(database: $0).channels() }
    }

    package func next(in channel: String, at now: Date) async throws(JournalError) -> NextNotice {
        let head = try await reader.run { try NoticeTable(database: $0).head(of: channel) }
        guard let head else { return .none }
        if let date = head.waitUntil, date > now { return .waitUntil(date) }
        offers.withLock { $0[channel] = Offer(id: head.notice.id, text: head.text) }
        return .notice(head.notice)
    }

    /// A newer live draft may have replaced this one since it was handed out. What is being sent is then
    /// the old draft, and the new one follows as an edit.
    package func begin(_ id: NoticeID) async throws(JournalError) {
        let offered = offer(of: id)?.value.text
        try await writer.run { try NoticeTable(database: $0).begin(id, sending: offered) }
    }

    package func delivered(_ id: NoticeID, as message: MessageReference?) async throws(JournalError) {
        let channel = offer(of: id)?.key
        try await writer.run { try NoticeTable(database: $0).finish(id, in: channel, as: message) }
    }

    package func postpone(
        _ id: NoticeID, until date: Date, reason: String, mayHaveArrived: Bool
    ) async throws(JournalError) {
        let channel = offer(of: id)?.key
        try await writer.run { database in
            try NoticeTable(database: database).postpone(
                id, in: channel, until: date, reason: reason, mayHaveArrived: mayHaveArrived)
        }
    }

    private func offer(of id: NoticeID) -> (key: String, value: Offer)? {
        offers.withLock { offers in offers.first { $0.value.id == id } }
    }

    package func forgetLiveMessage(of operation: OperationID) async throws(JournalError) {
        try await writer.run { try NoticeTable(database: $0).forgetLiveMessage(of: operation) }
    }
}
