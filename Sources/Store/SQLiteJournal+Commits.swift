import Deploys
import struct Foundation.Date

extension SQLiteJournal: CommitBook {
    package func commitLanes(atMost maxCount: Int) async throws(JournalError) -> [CommitLane] {
        try await reader.run { try CommitMarkTable(database: $0).lanes(atMost: maxCount) }
    }

    package func nextCommitNews(in lane: CommitLane) async throws(JournalError) -> CommitNews? {
        try await reader.run { try CommitMarkTable(database: $0).next(in: lane) }
    }

    package func begin(_ news: CommitNews) async throws(JournalError) {
        try await writer.run { try CommitMarkTable(database: $0).begin(news) }
    }

    package func opened(_ news: CommitNews, as id: Int64) async throws(JournalError) {
        try await writer.run { try CommitMarkTable(database: $0).opened(news, as: id) }
    }

    package func told(_ news: CommitNews) async throws(JournalError) {
        let now = now()
        try await writer.run { try CommitMarkTable(database: $0).told(news, at: now) }
    }

    package func forgetEntry(of news: CommitNews) async throws(JournalError) {
        try await writer.run { try CommitMarkTable(database: $0).forgetEntry(of: news) }
    }

    package func putAside(_ news: CommitNews, reason: String) async throws(JournalError) {
        try await writer.run { try CommitMarkTable(database: $0).putAside(news, reason: reason) }
    }

    package func retryRefusedCommits() async throws(JournalError) {
        try await writer.run { try CommitMarkTable(database: $0).retryRefused() }
    }

    package func giveUpCommits(before date: Date) async throws(JournalError) {
        try await writer.run { try CommitMarkTable(database: $0).giveUp(before: date) }
    }
}
