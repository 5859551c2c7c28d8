import Deploys
import Foundation
import SQLite
import XCTest

@testable import Store

final class GroupCommitTests: XCTestCase {
    func testManyAcceptedAtOnceShareCommits() async throws {
        try await withSQLiteJournal { journal, directory in
            let jobs = 200
            let before = journal.writer.commits
            let ids = try await withThrowingTaskGroup(of: OperationID.self) { group in
                try await journal.writer.whileBusy {
                    for number in 0..<jobs {
                        group.addTask {
                            let request = OperationRequest.deploy(key: "\(number)")
                            return try await journal.take(request, notices: [detail("\(number)")]).id
                        }
                    }
                    try await waitUntil("all wait") { journal.writer.queuedJobs == jobs }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            XCTAssertEqual(Set(ids).count, jobs)
            XCTAssertEqual(journal.writer.commits - before, 2, "what kept them waiting, and all of them")
            let figures = try await journal.statistics()
            XCTAssertEqual(figures.operations[.queued], jobs)
            XCTAssertEqual(figures.undeliveredNotices, jobs)
        }
    }

    func testWithoutAnyArrangementAllAreThereOnce() async throws {
        try await withSQLiteJournal { journal, _ in
            let ids = try await withThrowingTaskGroup(of: OperationID.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let operation = try await journal.take(.deploy(key: "\(number)"))
                        // Whoever awaited a write reads it.
                        let stored = try await journal.stored(operation.id)
                        XCTAssertEqual(stored, operation)
                        return operation.id
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            XCTAssertEqual(ids.map(\.number).sorted(), Array(1...200))
        }
    }

    /// Adds to a table that no index or tally hangs on.
    private func note(_ text: String) -> @Sendable (Database) throws -> Void {
        { try $0.run("INSERT INTO obstacles VALUES (?, '', '', 0, 0, 0)", [.text(text)]) }
    }

    private func notes(_ journal: SQLiteJournal) async throws -> [String] {
        try await journal.reader.run { database in
            try database.run("SELECT scope FROM obstacles ORDER BY scope").map { $0.text("scope") }
        }
    }

    func testAJobThatFailsIsUndoneAlone() async throws {
        try await withSQLiteJournal { journal, _ in
            let (a, b, c) = (note("a"), note("b"), note("c"))
            let errors = try await journal.writer.runTogether([
                a, { try b($0); try b($0) }, { try c($0); throw JournalError.unavailable("no") }, note("d"),
            ])
            XCTAssertEqual(errors.map { $0 == nil }, [true, false, false, true])
            XCTAssertEqual(errors[2], .unavailable("no"))
            let kept = try await notes(journal)
            XCTAssertEqual(kept, ["a", "d"])
        }
    }

    func testWhenTheCommitFailsNobodyIsToldThatItWorked() async throws {
        try await withSQLiteJournal { journal, _ in
            let errors = try await journal.writer.runTogether([
                note("a"), { _ in throw JournalError.unavailable("mine") },
                { database in
                    try database.execute("PRAGMA defer_foreign_keys = ON")
                    try database.run(
                        """
                        INSERT INTO builds (app, number, commit_id, operation, started_at) VALUES ('cats', 1, 'c', 99, 0)
                        """)
                },
                note("b"),
            ])
            XCTAssertEqual(errors[1], .unavailable("mine"))
            for index in [0, 2, 3] {
                guard case .unavailable(let sentence) = errors[index] else {
                    XCTFail("job \(index): \(String(describing: errors[index]))")
                    continue
                }
                XCTAssertTrue(sentence.contains("refused a change (SQLite code 787)"), sentence)
            }
            let kept = try await notes(journal)
            XCTAssertEqual(kept, [])
            _ = try await journal.take(.deploy())
        }
    }

    /// As a full disk may do it.
    func testWhenAJobLosesTheTransactionAllOfTheGroupFail() async throws {
        try await withSQLiteJournal { journal, _ in
            let errors = try await journal.writer.runTogether([
                note("a"),
                { database in
                    try database.execute("ROLLBACK")
                    throw JournalError.diskFull
                },
                note("b"),
            ])
            XCTAssertEqual(errors, [.diskFull, .diskFull, .diskFull])
            let kept = try await notes(journal)
            XCTAssertEqual(kept, [])
            let after = try await journal.writer.runTogether([note("c")])
            XCTAssertEqual(after, [nil])
        }
    }

    func testMoreThanTheLimitAreRefused() async throws {
        try await withSQLiteJournal { journal, directory in
            let limit = DatabaseThread.maxQueuedJobs
            let waiting = try await withThrowingTaskGroup(of: Void.self) { group in
                try await journal.writer.whileBusy {
                    for _ in 0..<limit { group.addTask { try await journal.writer.run { _ in } } }
                    try await waitUntil("the queue is full") { journal.writer.queuedJobs == limit }
                    let error = await journalError { _ = try await journal.take(.deploy()) }
                    XCTAssertEqual(
                        error,
                        .unavailable(
                            "the journal in \(directory.path) can't keep up: 4096 requests wait for "
                                + "the disk; try again in a moment"))
                }
                return try await group.reduce(into: 0) { count, _ in count += 1 }
            }
            XCTAssertEqual(waiting, limit)
            _ = try await journal.take(.deploy())
        }
    }

    func testReadsDoNotWaitForWrites() async throws {
        try await withSQLiteJournal { journal, _ in
            let operation = try await journal.take(.deploy())
            try await journal.writer.whileBusy {
                let stored = try await journal.operation(operation.id)
                XCTAssertEqual(stored, operation)
            }
        }
    }

    func testAReaderCannotWrite() async throws {
        try await withSQLiteJournal { journal, _ in
            let error = await journalError { try await journal.reader.run(note("a")) }
            XCTAssertNotNil(error)
        }
    }

    func testClosingFinishesWhatWaitsAndRefusesTheRest() async throws {
        try await withSQLiteJournal { journal, directory in
            var last: Task<Deploys.Operation, any Error>?
            var closing: Task<Void, Never>?
            try await journal.writer.whileBusy {
                last = Task { try await journal.take(.deploy()) }
                try await waitUntil("it waits") { journal.writer.queuedJobs == 1 }
                closing = Task { await journal.close() }
            }
            let operation = try await XCTUnwrap(last).value
            await closing?.value
            let error = await journalError { _ = try await journal.take(.deploy()) }
            XCTAssertEqual(
                error,
                .unavailable(
                    "the journal in \(directory.path) is closed: the service is stopping; "
                        + "try again in a moment"))
            let again = try await SQLiteJournal.open(directory)
            let stored = try await again.operation(operation.id)
            XCTAssertEqual(stored?.id, operation.id)
            await again.close()
        }
    }
}
