import Deploys
import Foundation
import SQLite
import TestSupport
import XCTest

@testable import Store

final class RestoreTests: XCTestCase {
    private func restore(_ file: String, into directory: URL) throws -> RestoredJournal {
        try JournalRestore.put(file, into: directory.path, at: later(3_600)) { $1.ended(byRestoring: $0) }
    }

    /// A journal with an operation that went live, one that runs, and one that waits.
    private func withBackup(_ body: (URL, _ file: String, [Deploys.Operation]) async throws -> Void) async throws {
        try await withSQLiteJournal { journal, directory in
            let first = try await journal.take(.deploy(key: "1"), notices: [live(Self.unknown, 0)])
            let running = try await journal.claimed()
            try await journal.release(running)
            _ = try await journal.deliverAll()
            let second = try await journal.take(.deploy(key: "2"))
            try await journal.record(second, notices: [live(second, 1), detail("one")])
            _ = try await journal.claimed()
            let third = try await journal.take(.deploy(dogs, key: "3"))
            let file = directory.appending(path: "backup.db").path
            _ = try JournalBackup.make(of: directory.path, at: file, overwriting: false)
            // An hour goes by.
            try await journal.release(second)
            let fourth = try await journal.take(.deploy(key: "4"))
            await journal.close()
            try await body(directory, file, [first, second, third, fourth])
        }
    }

    private static func environments(_ file: String) throws -> Int {
        let database = try Database(path: file, makesFile: false)
        defer { database.close() }
        return try JournalSummary.count(database, "SELECT count(*) AS count FROM environments")
    }

    private static let unknown = Deploys.Operation(
        id: OperationID(1), kind: .deploy, app: cats, environment: .test, revision: Revision("main"),
        trigger: .command(kari), channel: room, state: .queued, createdAt: noon)

    func testNothingOfAnOldBackupIsDoneAgain() async throws {
        try await withBackup { directory, file, operations in
            XCTAssertEqual(try Self.environments(file), 1)
            let restored = try restore(file, into: directory)
            XCTAssertEqual(restored.ended.map(\.id), [operations[1].id, operations[2].id])
            let journal = try await SQLiteJournal.open(directory)
            let claimed = try await journal.claim(at: noon)
            XCTAssertNil(claimed)
            let ended = try await journal.stored(operations[1].id)
            XCTAssertEqual(ended.state, .failed)
            XCTAssertEqual(ended.finishedAt, later(3_600))
            // Nothing is put right that somebody has deployed since.
            XCTAssertEqual(try Self.environments(directory.path + "/iterapp.db"), 0)
            let figures = try await journal.statistics()
            XCTAssertEqual(figures.operations[.failed], 2)
            XCTAssertEqual(figures.operations[.queued], 0)
            XCTAssertEqual(figures.operations[.running], 0)
            // Buttons of lost messages name numbers that nobody has.
            let next = try await journal.take(.deploy(key: "5"))
            XCTAssertGreaterThan(next.id.number, operations[3].id.number + 1_000)
            await journal.close()
        }
    }

    func testWhatWaitedForTheChatIsLookedForBeforeItIsSent() async throws {
        try await withBackup { directory, file, operations in
            _ = try restore(file, into: directory)
            let journal = try await SQLiteJournal.open(directory)
            let head = try await journal.head(at: later(3_600))
            XCTAssertEqual(head.operation, operations[1].id)
            XCTAssertTrue(head.isDoubtful)
            XCTAssertEqual(head.begunAt, noon)
            guard case .live(let report) = head.draft, case .failed(let failure) = report.phase else {
                return XCTFail("\(head.draft)")
            }
            XCTAssertTrue(failure.sentence.contains("backup"), failure.sentence)
            await journal.close()
        }
    }

    /// Acknowledged in the backup's last moment, and not an operation yet.
    func testWhatWasInTheInboxIsEndedToo() async throws {
        try await withBackup { directory, file, operations in
            let backup = try Database(path: file, makesFile: false)
            let request = OperationRequest.deploy(key: "acknowledged")
            _ = try InboxTable(database: backup).insert(request, of: cats, at: noon, as: nil)
            backup.close()
            let restored = try restore(file, into: directory)
            XCTAssertEqual(restored.found.unfinished, 3)
            XCTAssertEqual(restored.ended.count, 3)
            let last = try XCTUnwrap(restored.ended.last)
            XCTAssertGreaterThan(last.id.number, 1_000_000)
            let journal = try await SQLiteJournal.open(directory)
            XCTAssertEqual(journal.waitingRequests, 0)
            let claimed = try await journal.claim(at: noon)
            XCTAssertNil(claimed)
            let state = try await journal.stored(last.id).state
            XCTAssertEqual(state, .failed)
            let repeated = try await journal.accept(
                request, at: noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            XCTAssertEqual(repeated, .duplicate(of: last.id))
            await journal.close()
        }
    }

    func testTheJournalThatWasThereIsKept() async throws {
        try await withBackup { directory, file, operations in
            let restored = try restore(file, into: directory)
            let kept = try XCTUnwrap(restored.previous)
            XCTAssertEqual(kept, directory.path + "/iterapp.db.before-restore")
            let previous = try Database(path: kept, makesFile: false)
            let count = try JournalSummary.count(previous, "SELECT count(*) AS count FROM operations")
            previous.close()
            XCTAssertEqual(count, operations.count)
            // Again, and back to what was there before.
            _ = try restore(kept, into: directory)
            let journal = try await SQLiteJournal.open(directory)
            _ = try await journal.stored(operations[3].id)
            await journal.close()
        }
    }

    func testARunningServiceIsNotRobbedOfItsJournal() async throws {
        try await withBackup { directory, file, operations in
            let journal = try await SQLiteJournal.open(directory)
            XCTAssertThrowsError(try restore(file, into: directory)) { error in
                XCTAssertTrue("\(error)".contains("in use by another process"), "\(error)")
            }
            _ = try await journal.stored(operations[3].id)
            await journal.close()
        }
    }

    func testWhatIsNoBackupIsRefusedAndNothingChanges() async throws {
        try await withBackup { directory, file, operations in
            let journal = directory.appending(path: "iterapp.db")
            let before = try Data(contentsOf: journal)
            let bad = directory.appending(path: "bad.db")
            try Data(repeating: 0x41, count: 9_000).write(to: bad)
            XCTAssertThrowsError(try restore(bad.path, into: directory)) { error in
                XCTAssertTrue("\(error)".contains("is not a SQLite database"), "\(error)")
            }
            let other = directory.appending(path: "other.db").path
            try Database(path: other).execute("CREATE TABLE a (x)")
            XCTAssertThrowsError(try restore(other, into: directory)) { error in
                XCTAssertTrue("\(error)".contains("is no journal of Iterapp's"), "\(error)")
            }
            try Database(path: file).execute("PRAGMA user_version = 99")
            XCTAssertThrowsError(try restore(file, into: directory)) { error in
                XCTAssertTrue("\(error)".contains("written by a newer iterapp (format 99"), "\(error)")
            }
            XCTAssertThrowsError(try restore(directory.path + "/none.db", into: directory))
            XCTAssertEqual(try Data(contentsOf: journal), before)
        }
    }

    func testADamagedJournalGivesWayAndIsKeptAsItIs() async throws {
        try await withBackup { directory, file, operations in
            let journal = directory.appending(path: "iterapp.db")
            let rubble = Data(repeating: 0x41, count: 9_000)
            try rubble.write(to: journal)
            try Data(repeating: 0x42, count: 4_000).write(to: directory.appending(path: "iterapp.db-wal"))
            _ = try restore(file, into: directory)
            XCTAssertEqual(try Data(contentsOf: directory.appending(path: "iterapp.db.before-restore")), rubble)
            let opened = try await SQLiteJournal.open(directory)
            let first = try await opened.stored(operations[0].id)
            XCTAssertEqual(first.state, .succeeded)
            await opened.close()
        }
    }
}

extension SQLiteJournal {
    /// Carries the operation through to a live release.
    fileprivate func release(_ operation: Deploys.Operation) async throws {
        var released = operation
        released.commit = testCommit()
        try await record(released, notices: [])
        released.releaseNumber = try await reserveRelease(for: released, plan: testPlan(released), at: noon)
        try await end(released, .released)
    }
}
