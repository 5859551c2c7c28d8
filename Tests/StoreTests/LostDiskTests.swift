import Deploys
import Foundation
import TestSupport
import XCTest

@testable import SQLite
@testable import Store

/// Disks that do not do what is asked of them.
final class LostDiskTests: XCTestCase {
    /// As SQLite tells of a commit whose sync failed.
    private static let failedSync: @Sendable (Database) throws -> Void = { database in
        try database.execute("ROLLBACK")
        throw SQLiteError(code: 10 | 4 << 8, systemErrno: 5, message: "the sync failed")
    }

    private func withLostDisk(
        _ thread: (SQLiteJournal) -> DatabaseThread, _ body: (SQLiteJournal) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let told = Watched<[String]>([])
            let journal = try await SQLiteJournal.open(
                directory, onLostDisk: { sentence in told.change { $0.append(sentence) } })
            let error = await journalError { try await thread(journal).run(Self.failedSync) }
            XCTAssertEqual(error, .unavailable("the sync failed"))
            let sentence = try XCTUnwrap(told.value.first)
            XCTAssertTrue(sentence.contains("could not be synced: the sync failed"), sentence)
            try await body(journal)
            await journal.close()
        }
    }

    func testAfterAFailedSyncOfTheJournalNothingIsAcknowledged() async throws {
        try await withLostDisk(\.writer) { journal in
            let later = await journalError { _ = try await journal.take(.deploy()) }
            guard case .unavailable = later else { return XCTFail("\(String(describing: later))") }
        }
    }

    func testAfterAFailedSyncOfTheInboxNothingIsAcknowledged() async throws {
        try await withLostDisk(\.inbox) { journal in
            journal.memory.register([cats])
            let later = await journalError { _ = try await journal.received(.deploy(key: "1")) }
            guard case .unavailable = later else { return XCTFail("\(String(describing: later))") }
        }
    }

    func testTheLogIsEmptiedBehindTheCommits() async throws {
        try await withSQLiteJournal { journal, directory in
            let log = directory.appending(path: "iterapp.db-wal").path
            for number in 0..<1_500 { _ = try await journal.take(.deploy(key: "\(number)")) }
            let size = try XCTUnwrap(FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
            XCTAssertLessThan(size, 12 << 20)
            XCTAssertGreaterThan(size, 4_000_000, "it was longer than what is moved at once")
        }
    }
}
