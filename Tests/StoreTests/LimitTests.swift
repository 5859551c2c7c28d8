import Deploys
import Foundation
import SQLite
import XCTest

@testable import Store

final class LimitTests: XCTestCase {
    func testKeysAreForgottenAfterTheirTime() async throws {
        try await withSQLiteJournal { journal, _ in
            let retention = DeduplicationTable.retentionSeconds
            for number in 1...20 { _ = try await journal.take(.deploy(key: "old \(number)"), at: noon) }
            _ = try await journal.take(.deploy(key: "edge"), at: later(1))
            _ = try await journal.take(.deploy(key: "new 1"), at: later(retention))
            let still = try await keys(journal)
            XCTAssertEqual(still, 22, "not a moment too early")
            for number in 2...4 {
                _ = try await journal.take(.deploy(key: "new \(number)"), at: later(retention + 1))
            }
            let left = try await keys(journal)
            XCTAssertEqual(left, 5, "the one on the edge and the new ones")
            let again = try await journal.take(.deploy(key: "old 1"), at: later(retention + 1))
            XCTAssertEqual(again.state, .queued)
        }
    }

    private func keys(_ journal: SQLiteJournal) async throws -> Int {
        try await journal.reader.run { database in
            try database.run("SELECT count(*) AS n FROM deduplication_keys").first?.int("n") ?? 0
        }
    }

    func testTooManyUnfinishedOperationsAreRefused() async throws {
        let limit = SQLiteJournal.usualMaxUnfinishedOperations + 1
        try await withSQLiteJournal(maxUnfinishedOperations: limit) { journal, _ in
            let first = try await journal.take(.deploy())
            try await journal.writer.run { database in
                _ = try database.run(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                    INSERT INTO operations (
                        kind, app, organisation, app_name, environment, revision, trigger, person_id,
                        person_name, channel, state, lane, created_at)
                    SELECT kind, app, organisation, app_name, environment, revision, trigger, person_id,
                        person_name, channel, state, lane, created_at FROM operations, n WHERE id = 1
                    """, [.integer(Int64(limit - 2))])
            }
            _ = try await journal.take(.deploy(dogs))
            let error = await journalError { _ = try await journal.take(.deploy(dogs, key: "k")) }
            XCTAssertEqual(
                error, .unavailable(
                    "10001 operations are waiting, and ITERAPP_QUEUE_LIMIT allows 10001; try again when some have "
                        + "ended"))
            // The busiest lane there can be: nobody waits long for another one.
            let running = try await journal.claimed()
            XCTAssertEqual(running.id, first.id)
            let start = ContinuousClock.now
            let other = try await journal.claimed()
            XCTAssertEqual(other.app, dogs)
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(1))
            try await journal.end(running)
            _ = try await journal.take(.deploy(dogs, key: "k"))
        }
    }

    func testDeliveredNoticesLeaveNothingBehind() async throws {
        try await withSQLiteJournal { journal, _ in
            let operation = try await journal.take(.deploy())
            for number in 1...50 {
                try await journal.record(operation, notices: [live(operation, number), detail("\(number)")])
                try await journal.record(operation, notices: [live(operation, number)])
                let head = try await journal.head()
                let obstacle = Obstacle(.posts(room), .outage, reason: "r", until: noon)
                try await journal.postpone(head, obstacle, mayHaveArrived: false, at: noon)
                _ = try await journal.deliverAll()
            }
            let rows = try await journal.reader.run { database in
                try ["notices", "obstacles"].map { table in
                    try database.run("SELECT count(*) AS n FROM \(table)").first?.int("n")
                }
            }
            XCTAssertEqual(rows, [0, 0])
        }
    }
}

extension LimitTests {
    func testOnlyTheNewestReleasesCanBePutInPlaceAgain() async throws {
        try await withSQLiteJournal { journal, _ in
            let failing = 2
            for number in 1...ReleaseTable.maxKeptPlans + 3 {
                var operation = try await journal.take(.deploy())
                _ = try await journal.claimed()
                operation.releaseNumber = try await journal.reserveRelease(
                    for: operation, plan: testPlan(operation), at: noon)
                let hasFailed = number == failing
                try await journal.end(
                    operation, as: hasFailed ? .failed : .succeeded, hasFailed ? .nothing : .released)
            }
            let kept = try await journal.reader.run { database in
                try database.run("SELECT number FROM releases WHERE plan IS NOT NULL ORDER BY number")
                    .map { $0.int("number") }
            }
            XCTAssertEqual(kept, Array(4...13))
        }
    }
}
