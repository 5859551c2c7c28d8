import Deploys
import Foundation
import SQLite
import TestSupport
import XCTest

@testable import Store

/// A journal of every format that there was becomes one of today's, and what it was before is kept.
final class UpgradeTests: XCTestCase {
    /// A journal as a program wrote it that knew so many steps: an app, ended and waiting operations, a message.
    private func write(format: Int, into directory: URL) throws {
        let database = try Database(path: directory.appending(path: "iterapp.db").path)
        defer { database.close() }
        try database.execute("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON")
        try Schema.migrate(database, in: directory.path, steps: Array(Schema.steps.prefix(format)))
        try database.execute(
            """
            INSERT INTO apps (key, organisation, name, default_branch, is_active)
                VALUES ('iterate/cats', 'iterate', 'cats', 'main', 1);
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
            INSERT INTO operations (
                id, kind, app, organisation, app_name, environment, revision, trigger, person_id, person_name,
                channel, state, lane, commit_id, created_at, started_at, finished_at)
            SELECT i, 'deploy', 'iterate/cats', 'iterate', 'cats', 'test', 'main', 'command', 'U1', 'kari',
                '#iterapp-logs', iif(i > 298, 'queued', 'succeeded'), 'iterate/cats test',
                '\(testCommit().id.sha)', i, i, iif(i > 298, NULL, i) FROM n;
            INSERT INTO releases (app, number, operation, is_live, environment, reserved_at)
                SELECT app, id, id, 1, environment, id FROM operations WHERE id < 20;
            """)
        let operation = Deploys.Operation(
            id: OperationID(299), kind: .deploy, app: cats, environment: .test, revision: Revision("main"),
            trigger: .command(kari), channel: room, state: .queued, createdAt: noon)
        try database.run(
            "INSERT INTO notices (operation, channel, kind, draft, written_at) VALUES (299, ?, 'live', ?, 7)",
            [.text(room), .text(try NoticeTable.encode(live(operation, 1)))])
    }

    private func keptNames(_ directory: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.contains("before") }
    }

    func testAJournalOfEveryFormatIsTakenOver() async throws {
        for format in 1..<Schema.steps.count {
            try await withTemporaryDirectory { directory in
                try write(format: format, into: directory)
                let journal = try await SQLiteJournal.open(directory)
                let apps = try await journal.apps().map(\.id)
                XCTAssertEqual(apps, [cats], "format \(format)")
                let figures = try await journal.statistics()
                XCTAssertEqual(figures.operations[.queued], 2, "format \(format)")
                XCTAssertEqual(figures.operations[.succeeded], 298, "format \(format)")
                let delivered = try await journal.deliverAll().map(\.operation.number)
                XCTAssertEqual(delivered, [299], "format \(format)")
                let current = try await journal.currentRelease(of: cats, in: .test)
                XCTAssertEqual(current, 19)
                _ = try await journal.take(.deploy(dogs))
                await journal.close()

                let kept = Upgrade.keptName(of: directory.path, before: format + 1)
                XCTAssertEqual(try keptNames(directory).map { directory.path + "/" + $0 }, [kept])
                let before = try Database(path: kept, makesFile: false)
                XCTAssertEqual(try JournalSummary(checking: before, name: "kept").format, format)
                XCTAssertEqual(try JournalSummary(checking: before, name: "kept").operations, 300)
                before.close()
            }
        }
    }

    func testOneIsKeptAndNoneIsMadeWhenNothingIsToBeDone() async throws {
        try await withTemporaryDirectory { directory in
            try write(format: Schema.steps.count - 1, into: directory)
            try Data("older".utf8).write(to: directory.appending(path: "iterapp.db.before-format-3"))
            await (try SQLiteJournal.open(directory)).close()
            let name = "iterapp.db.before-format-\(Schema.steps.count)"
            XCTAssertEqual(try keptNames(directory), [name])
            try FileManager.default.removeItem(at: directory.appending(path: name))
            await (try SQLiteJournal.open(directory)).close()
            XCTAssertEqual(try keptNames(directory), [])
        }
        try await withTemporaryDirectory { directory in
            await (try SQLiteJournal.open(directory)).close()
            XCTAssertEqual(try keptNames(directory), [], "a new journal was nothing before")
        }
    }

    /// - Returns: what was said; the file must be as it was.
    private func refusal(
        _ directory: URL, steps: [String], freeBytes: Int? = nil
    ) throws -> String {
        let path = directory.appending(path: "iterapp.db").path
        let database = try Database(path: path)
        defer { database.close() }
        let before = try database.run("SELECT sql FROM sqlite_schema ORDER BY name").map { $0.optionalText("sql") }
        var upgrade = Upgrade(database: database, directory: directory.path, steps: steps)
        if let freeBytes { upgrade.freeBytes = { _ in freeBytes } }
        var sentence = ""
        XCTAssertThrowsError(try upgrade.run()) { sentence = "\($0)" }
        let after = try database.run("SELECT sql FROM sqlite_schema ORDER BY name").map { $0.optionalText("sql") }
        XCTAssertEqual(after, before)
        XCTAssertEqual(try JournalSummary(checking: database, name: "it").operations, 300)
        XCTAssertEqual(try keptNames(directory), [], "neither a copy nor a part of one is left")
        return sentence
    }

    func testAStepThatFailsOnTheCopyLeavesTheJournalAlone() async throws {
        try await withTemporaryDirectory { directory in
            try write(format: Schema.steps.count, into: directory)
            let known = Schema.steps
            let broken = try refusal(directory, steps: known + ["CREATE TABLE x (y); BROKEN"])
            XCTAssertTrue(broken.contains("did not work"), broken)
            XCTAssertTrue(broken.contains("The journal is as it was"), broken)
            let lossy = try refusal(
                directory, steps: known + ["DELETE FROM notices; DELETE FROM releases; DELETE FROM operations WHERE id > 299"])
            XCTAssertTrue(lossy.contains("Apps or operations were lost."), lossy)
            let orphans = try refusal(
                directory,
                steps: known + [
                    """
                    CREATE TABLE child (parent INTEGER REFERENCES apps (key));
                    PRAGMA defer_foreign_keys = ON; INSERT INTO child VALUES ('nobody')
                    """,
                ])
            XCTAssertTrue(orphans.contains("that is missing"), orphans)
            let cramped = try refusal(directory, steps: known + ["CREATE TABLE x (y)"], freeBytes: 1 << 10)
            XCTAssertTrue(cramped.contains("make space, and start again"), cramped)
            let journal = try await SQLiteJournal.open(directory)
            await journal.close()
        }
    }

    /// A service that is killed between the copy and the end of the steps starts again as if nothing had been.
    func testAnInterruptedUpgradeBeginsAnew() async throws {
        try await withTemporaryDirectory { directory in
            try write(format: 5, into: directory)
            let part = Upgrade.keptName(of: directory.path, before: 6) + ".part"
            try Data(repeating: 1, count: 5_000).write(to: URL(filePath: part))
            try Data(repeating: 1, count: 5_000).write(to: URL(filePath: part + "-journal"))
            let journal = try await SQLiteJournal.open(directory)
            let figures = try await journal.statistics()
            XCTAssertEqual(figures.operations[.queued], 2)
            await journal.close()
            XCTAssertEqual(try keptNames(directory), ["iterapp.db.before-format-6"])
        }
    }
}
