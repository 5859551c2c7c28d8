import Deploys
import Foundation
import TestSupport
import XCTest

@testable import SQLite
@testable import Store

/// The file beside the journal in which requests stand until they are operations.
final class InboxFileTests: XCTestCase {
    private func withInbox(_ body: (SQLiteJournal, URL) async throws -> Void) async throws {
        try await withSQLiteJournal { journal, directory in
            try await register(cats, in: journal)
            try await body(journal, directory)
        }
    }

    private func register(_ app: AppID, in journal: SQLiteJournal) async throws {
        let registration = try await journal.take(.other(.register, app))
        _ = try await journal.claimed()
        try await journal.end(registration, .registered(App(id: app, defaultBranch: "main", defaultEnvironment: nil)))
    }

    private func deploys(_ journal: SQLiteJournal) async throws -> Int {
        try await journal.reader.run { database in
            try JournalSummary.count(database, "SELECT count(*) AS count FROM operations WHERE kind = 'deploy'")
        }
    }

    /// Whatever is written meanwhile, and however long that takes.
    func testNobodyWaitsForTheJournal() async throws {
        try await withInbox { journal, _ in
            try await journal.writer.whileBusy {
                let app = try await journal.received(.deploy(key: "1"))
                XCTAssertEqual(app, cats)
            }
        }
    }

    func testWhatWasAcknowledgedIsThereAfterACrash() async throws {
        try await withInbox { journal, directory in
            for key in ["1", "2"] { _ = try await journal.received(.deploy(key: key)) }
            let copy = directory.appending(path: "copy", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: false)
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) where name.hasPrefix("iterapp") {
                try FileManager.default.copyItem(at: directory.appending(path: name), to: copy.appending(path: name))
            }
            let revived = try await SQLiteJournal.open(copy)
            XCTAssertEqual(revived.waitingRequests, 2)
            // Numbers go on behind those that are there.
            _ = try await revived.received(.deploy(key: "3"))
            let count = try await revived.unpacked()
            XCTAssertEqual(count, 3)
            let made = try await deploys(revived)
            XCTAssertEqual(made, 3)
            await revived.close()
        }
    }

    /// The operation is on disk, and the request is not gone yet.
    func testACrashBetweenTheTwoFilesDoublesNothing() async throws {
        try await withInbox { journal, _ in
            _ = try await journal.received(.deploy(key: "1"))
            _ = try await journal.unpacked()
            try await journal.inbox.run { database in
                _ = try InboxTable(database: database).insert(.deploy(key: "1"), of: cats, at: noon, as: 99)
            }
            let count = try await journal.unpacked()
            XCTAssertEqual(count, 1)
            let made = try await deploys(journal)
            XCTAssertEqual(made, 1)
        }
    }

    func testWhatAnOlderVersionKeptInTheJournalIsTakenOver() async throws {
        try await withInbox { journal, directory in
            try await journal.writer.run { database in
                for key in ["1", "2"] {
                    _ = try InboxTable(database: database).insert(.deploy(key: key), of: cats, at: noon, as: nil)
                }
            }
            await journal.close()
            for _ in 1...2 {
                let next = try await SQLiteJournal.open(directory)
                XCTAssertEqual(next.waitingRequests, 2)
                let left = try await next.reader.run { try InboxTable(database: $0).all() }
                XCTAssertEqual(left.count, 0)
                await next.close()
            }
        }
    }

    func testAFileOfANewerVersionIsLeftAlone() async throws {
        try await withInbox { journal, directory in
            try await journal.inbox.run { try $0.execute("PRAGMA user_version = 9") }
            await journal.close()
            let error = await journalError { _ = try await SQLiteJournal.open(directory) }
            XCTAssertTrue("\(String(describing: error))".contains("written by a newer iterapp"), "\(String(describing: error))")
        }
    }

    /// Two who make operations of them do not take each other's, and lose none that comes meanwhile.
    func testManyWhoUnpackAtOnce() async throws {
        try await withInbox { journal, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        for number in 0..<50 { _ = try await journal.received(.deploy(key: "\(worker) \(number)")) }
                    }
                    group.addTask { for _ in 0..<50 { _ = try await journal.unpack(atMost: 7) { _, _ in [] } } }
                }
                try await group.waitForAll()
            }
            _ = try await journal.unpacked()
            XCTAssertEqual(journal.waitingRequests, 0)
            let made = try await deploys(journal)
            XCTAssertEqual(made, 200)
        }
    }

    func testAnAppIsKnownFromItsRegistrationToItsEnd() async throws {
        try await withSQLiteJournal { journal, directory in
            let early = try await journal.received(.deploy(key: "1"))
            XCTAssertNil(early)
            try await register(cats, in: journal)
            let known = try await journal.received(.deploy(key: "2"))
            XCTAssertEqual(known, cats)
            _ = try await journal.deregister(.other(.deregister, key: "3"), at: noon) { _ in [] }
            let late = try await journal.received(.deploy(key: "4"))
            XCTAssertNil(late)
            try await register(cats, in: journal)
            // Sent once more, after it was registered again: it changes nothing.
            _ = try await journal.deregister(.other(.deregister, key: "3"), at: noon) { _ in [] }
            let again = try await journal.received(.deploy(key: "5"))
            XCTAssertEqual(again, cats)
            await journal.close()
            let next = try await SQLiteJournal.open(directory)
            let after = try await next.received(.deploy(key: "6"))
            XCTAssertEqual(after, cats)
            await next.close()
        }
    }

    func testABackupHoldsWhatIsNoOperationYet() async throws {
        try await withInbox { journal, directory in
            for key in ["1", "2"] { _ = try await journal.received(.deploy(key: key)) }
            _ = try await journal.unpack(atMost: 1) { _, _ in [] }
            let file = directory.appending(path: "backup.db").path
            let summary = try JournalBackup.make(of: directory.path, at: file, overwriting: false)
            XCTAssertEqual(summary.unfinished, 2)
            await journal.close()
            let restored = try JournalRestore.put(file, into: directory.path, at: noon) { $1.ended(byRestoring: $0) }
            XCTAssertEqual(restored.ended.count, 2)
            let next = try await SQLiteJournal.open(directory)
            XCTAssertEqual(next.waitingRequests, 0, "what was asked for of the lost journal is not done to this one")
            await next.close()
            // Whoever wants the other one back has all of it in one file.
            let previous = try XCTUnwrap(restored.previous)
            _ = try JournalRestore.put(previous, into: directory.path, at: noon) { $1.ended(byRestoring: $0) }
            let back = try await SQLiteJournal.open(directory)
            let made = try await deploys(back)
            XCTAssertEqual(made, 2)
            await back.close()
        }
    }

    func testTheInboxIsNoPlaceForABackup() async throws {
        try await withInbox { _, directory in
            let file = directory.path + "/iterapp-inbox.db"
            XCTAssertThrowsError(try JournalBackup.make(of: directory.path, at: file, overwriting: true)) {
                XCTAssertEqual("\($0)", "\(file) is one of the journal's own files; name another one.")
            }
        }
    }
}
