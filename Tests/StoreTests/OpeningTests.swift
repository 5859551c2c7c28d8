import Deploys
import Foundation
import SQLite
import TestSupport
import XCTest

@testable import Store

final class OpeningTests: XCTestCase {
    func testWhatWasAcknowledgedIsOnDiskWithoutAnOrderlyEnd() async throws {
        try await withSQLiteJournal { journal, directory in
            _ = try await journal.take(.push(to: .test, key: "k"), notices: [detail("1")])
            let operation = try await journal.claimed()
            _ = try await journal.beginBuild(of: testCommit().id, for: operation, at: noon)
            let notice = try await journal.head()
            _ = try await journal.begin(notice, at: noon)
            try await journal.record(operation, notices: [live(operation, 1)])

            // The files as a crash at this moment would leave them.
            let copy = directory.appending(path: "copy")
            try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: false)
            for name in ["iterapp.db", "iterapp.db-wal"] {
                try FileManager.default.copyItem(
                    at: directory.appending(path: name), to: copy.appending(path: name))
            }
            let revived = try await SQLiteJournal.open(copy)
            let rescued = try await revived.rescue()
            XCTAssertEqual(rescued, 1)
            let again = try await revived.claimed()
            XCTAssertEqual(again.id, operation.id)
            XCTAssertEqual(again.buildNumber, 1)
            let head = try await revived.head()
            XCTAssertEqual(head.id, notice.id)
            XCTAssertTrue(head.isDoubtful)
            let notices = try await revived.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [detail("1"), live(operation, 1)])
            let repeated = try await revived.accept(
                .push(key: "k"), at: noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            XCTAssertEqual(repeated, .duplicate(of: operation.id))
            await revived.close()
        }
    }

    func testIdentifiersAreNeverUsedAgain() async throws {
        try await withTemporaryDirectory { directory in
            let first = try await SQLiteJournal.open(directory)
            let operation = try await first.take(.deploy(), notices: [detail("1")])
            let delivered = try await first.deliverAll()
            await first.close()
            let second = try await SQLiteJournal.open(directory)
            try await second.record(operation, notices: [detail("2")])
            let notice = try await second.head()
            XCTAssertEqual(notice.id.number, delivered[0].id.number + 1)
            await second.close()
        }
    }

    func testTheDirectoryIsMadeForItsOwnerOnly() async throws {
        try await withTemporaryDirectory { directory in
            let state = directory.appending(path: "a/b")
            let journal = try await SQLiteJournal.open(state)
            await journal.close()
            let attributes = try FileManager.default.attributesOfItem(atPath: state.path)
            XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o700)
        }
    }

    func testOneProcessAtATime() async throws {
        try await withSQLiteJournal { journal, directory in
            let error = await journalError { _ = try await SQLiteJournal.open(directory) }
            XCTAssertEqual(
                error,
                .unavailable(
                    "the state directory \(directory.path) is in use by another process (\(getpid())); "
                        + "stop that one, or name another directory in ITERAPP_STATE_DIR"))
            XCTAssertEqual(try flockExitCode(directory), 1, "another process sees the lock")
            await journal.close()
            XCTAssertEqual(try flockExitCode(directory), 0)
        }
    }

    func testDroppingTheJournalFreesTheDirectory() async throws {
        try await withTemporaryDirectory { directory in
            do { _ = try await SQLiteJournal.open(directory).apps() }
            try await waitUntil("the lock is free") { (try? flockExitCode(directory)) == 0 }
            let journal = try await SQLiteJournal.open(directory)
            await journal.close()
        }
    }

    /// What util-linux's `flock` says: 1 when somebody holds the lock.
    private func flockExitCode(_ directory: URL) throws -> Int32 {
        let flock = Process()
        flock.executableURL = URL(filePath: "/usr/bin/flock")
        flock.arguments = ["--nonblock", directory.appending(path: "lock").path, "true"]
        try flock.run()
        flock.waitUntilExit()
        return flock.terminationStatus
    }

    func testADirectoryThatCannotBeUsed() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "file")
            try Data().write(to: file)
            let notADirectory = await journalError { _ = try await SQLiteJournal.open(file) }
            XCTAssertEqual(
                notADirectory,
                .unavailable(
                    "the state directory \(file.path) can't be used (\(file.path)/lock: Not a directory); "
                        + "check its owner and mode"))
            let below = await journalError {
                _ = try await SQLiteJournal.open(file.appending(path: "state"))
            }
            guard case .unavailable(let sentence) = below else {
                return XCTFail(String(describing: below))
            }
            XCTAssertTrue(sentence.contains("\(file.path)/state can't be made"), sentence)
            XCTAssertTrue(sentence.contains("ITERAPP_STATE_DIR"), sentence)
        }
    }

    func testAFileThatIsNoJournalIsLeftAlone() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "iterapp.db")
            let notes = Data(String(repeating: "Dear diary. ", count: 500).utf8)
            try notes.write(to: file)
            // Nothing is left of the attempt before: nobody else uses the directory.
            for _ in 0..<50 {
                let error = await journalError { _ = try await SQLiteJournal.open(directory) }
                guard case .unavailable(let sentence) = error else {
                    return XCTFail(String(describing: error))
                }
                XCTAssertTrue(sentence.contains("\(file.path) is not a SQLite database"), sentence)
            }
            XCTAssertEqual(try Data(contentsOf: file), notes)
            try FileManager.default.removeItem(at: file)
            let journal = try await SQLiteJournal.open(directory)
            await journal.close()
        }
    }

    func testANewerFormatIsRefused() async throws {
        try await withSQLiteJournal { journal, directory in
            _ = try await journal.take(.deploy())
            try await journal.writer.run { try $0.execute("PRAGMA user_version = 99") }
            await journal.close()
            let error = await journalError { _ = try await SQLiteJournal.open(directory) }
            XCTAssertEqual(
                error,
                .unavailable(
                    "the journal in \(directory.path) was written by a newer iterapp (format 99, this one "
                        + "knows up to \(Schema.steps.count)); run that version, or name another directory "
                        + "in ITERAPP_STATE_DIR"))
        }
    }

    func testAMigrationThatFailsLeavesTheFileAsItWas() throws {
        let database = try Database(path: ":memory:")
        try Schema.migrate(database, in: "/state", steps: ["CREATE TABLE a (x)"])
        XCTAssertThrowsError(
            try Schema.migrate(
                database, in: "/state",
                steps: ["-", "CREATE TABLE b (x); INSERT INTO a VALUES (1)", "CREATE TABLE c (x); BROKEN"]))
        XCTAssertEqual(try database.run("PRAGMA user_version").first?.integer("user_version"), 1)
        let tables = try database.run("SELECT name FROM sqlite_schema ORDER BY name").map { $0.text("name") }
        XCTAssertEqual(tables, ["a"])
        try Schema.migrate(
            database, in: "/state", steps: ["-", "CREATE TABLE b (x)", "CREATE TABLE c (x)"])
        XCTAssertEqual(try database.run("PRAGMA user_version").first?.integer("user_version"), 3)
    }

    /// Notices that an older version left are sent by this one, each once.
    func testNoticesOfOneLaneGoOverIntoTwo() async throws {
        try await withTemporaryDirectory { directory in
            let database = try Database(path: directory.appending(path: "iterapp.db").path)
            try Schema.migrate(database, in: "/state", steps: Array(Schema.steps.prefix { $0 != Schema.lanes }))
            let operation = { (id: Int64, timestamp: String?) in
                try database.run(
                    """
                    INSERT INTO operations (id, kind, app, organisation, app_name, trigger, person_name, channel,
                        state, lane, created_at, message_channel, message_timestamp)
                    VALUES (?, 'deploy', 'iterate/cats', 'iterate', 'cats', 'push', 'kari', '#iterapp-logs',
                        'queued', 'l', 0, ?, ?)
                    """,
                    [.integer(id), timestamp == nil ? .null : .text("C1"), timestamp.map { .text($0) } ?? .null])
            }
            try _ = operation(1, nil)
            try _ = operation(2, "2.2")
            let (one, two) = (oldOperation(1), oldOperation(2))
            let drafts: [(Deploys.Operation, NoticeDraft, Int64)] = [
                (one, live(one, 1), 1), (one, live(one, 2), 0), (one, detail("d"), 0), (two, live(two, 5), 0),
            ]
            for (operation, draft, isBegun) in drafts {
                try database.run(
                    """
                    INSERT INTO notices (operation, channel, kind, draft, is_begun, written_at)
                    VALUES (?, '#iterapp-logs', ?, ?, ?, 7)
                    """,
                    [
                        .integer(operation.id.number), .text(draft.kind), .text(try NoticeTable.encode(draft)),
                        .integer(isBegun),
                    ])
            }
            database.close()
            let journal = try await SQLiteJournal.open(directory)
            let head = try await journal.head()
            XCTAssertEqual(head.draft, live(one, 2), "the newest state takes the place of the first")
            XCTAssertEqual(head.begunAt, Date(timeIntervalSinceReferenceDate: 7), "it may have arrived")
            let figures = try await journal.statistics().outbox
            XCTAssertEqual([figures.posts, figures.edits, figures.parked], [2, 1, 0])
            let delivered = try await journal.deliverAll().map(\.draft)
            XCTAssertEqual(delivered, [live(one, 2), detail("d"), live(two, 5)])
            await journal.close()
        }
    }

    private func oldOperation(_ id: Int64) -> Deploys.Operation {
        Deploys.Operation(
            id: OperationID(id), kind: .deploy, app: cats, environment: .test, revision: nil,
            trigger: .push(by: "kari"), channel: room, state: .queued, createdAt: noon)
    }
}
