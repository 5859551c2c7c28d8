import Deploys
import Foundation
import SQLite
import TestSupport
import XCTest

@testable import Store

/// What is old goes, and what is needed stays, however old it is.
final class RetentionTests: XCTestCase {
    /// The audit log's own limit goes by the machine's clock.
    private let now = Date()
    private func ago(days: Double) -> Date { now.addingTimeInterval(-days * 86_400) }

    private func tidy(_ journal: SQLiteJournal, _ limits: RetentionLimits = RetentionLimits()) async throws -> [Int] {
        let removed = Watched([0, 0])
        try await journal.removeOld(limits, at: now, pause: { true }) { operations, lines in
            removed.change { $0 = [$0[0] + operations, $0[1] + lines] }
        }
        return removed.value
    }

    private func numbers(_ journal: SQLiteJournal) async throws -> [Int64] {
        try await journal.reader.run { database in
            try database.run("SELECT id FROM operations ORDER BY id").map { $0.integer("id") }
        }
    }

    /// An operation that was asked for and ended so long ago, by somebody who has asked again since.
    private func past(
        _ journal: SQLiteJournal, _ request: OperationRequest = .deploy(), days: Double = 400,
        _ work: (Deploys.Operation) async throws -> Deploys.Operation = { $0 }, _ settlement: Settlement = .nothing,
        as state: Deploys.Operation.State = .succeeded
    ) async throws -> Int64 {
        let operation = try await journal.take(request, at: ago(days: days), notices: [])
        _ = try await journal.claimed(at: ago(days: days))
        var ended = try await work(operation)
        ended.state = state
        ended.finishedAt = ago(days: days)
        try await journal.settle(ended, settlement, notices: [])
        return operation.id.number
    }

    private func released(_ journal: SQLiteJournal, days: Double) async throws -> Int64 {
        try await past(journal, days: days, { operation in
            let build = try await journal.beginBuild(of: testCommit().id, for: operation, at: ago(days: days))
            var built = operation
            built.buildNumber = build.number
            built.releaseNumber = try await journal.reserveRelease(
                for: operation, plan: testPlan(operation), at: ago(days: days))
            return built
        }, .released)
    }

    func testWhatIsNeededStaysAndTheRestGoes() async throws {
        try await withSQLiteJournal { journal, _ in
            // The first of twelve live releases can't be rolled back to any more.
            var releases: [Int64] = []
            for index in 0..<12 { releases.append(try await released(journal, days: 500 - Double(index))) }
            let plain = try await past(journal)
            let failed = try await past(journal, .deploy(to: .prod), as: .failed)
            let waiting = try await past(journal)
            try await journal.record(try await journal.stored(OperationID(waiting)), notices: [detail("1")])
            let keyed = try await past(journal, .deploy(key: "k"))
            let young = try await past(journal, days: 300)
            let queued = try await journal.take(.deploy(dogs, key: "q"), at: ago(days: 450)).id.number
            let lastOfAda = try await past(journal, .deploy(by: Person(id: "U2", name: "ada")))
            let kariNow = try await journal.take(.deploy(dogs), at: now).id.number

            let removed = try await tidy(journal)
            let left = try await numbers(journal)
            XCTAssertEqual(
                left, Array(releases.dropFirst(2)) + [failed, waiting, young, queued, lastOfAda, kariNow]
                    .sorted(), "\(plain) and \(keyed) are needed by nothing; \(releases)")
            XCTAssertEqual(removed, [4, 0])
            try await checkFigures(journal)
            // Numbers go on.
            let next = try await released(journal, days: 0)
            let number = try await journal.stored(OperationID(next)).releaseNumber
            XCTAssertEqual(number, 13)
        }
    }

    /// Tallies are what is there, and no row names one that has gone.
    private func checkFigures(_ journal: SQLiteJournal) async throws {
        let figures = try await journal.statistics().operations
        let counted = try await journal.reader.run { database in
            try JournalSummary.check(database, name: "it")
            return try database.run("SELECT state, count(*) AS count FROM operations GROUP BY state")
                .map { ($0.text("state"), Int($0.integer("count"))) }
        }
        for (state, count) in counted {
            XCTAssertEqual(figures[try XCTUnwrap(Operation.State(rawValue: state))], count, state)
        }
    }

    private typealias Operation = Deploys.Operation

    func testWhatARepeatedDeliveryMayNameStays() async throws {
        try await withSQLiteJournal { journal, _ in
            let old = try await past(journal)
            _ = try await journal.take(.deploy(dogs), at: now)
            // Somebody pressed a button of the old message today.
            try await journal.writer.run { [now] database in
                try DeduplicationTable(database: database).remember("press", for: OperationID(old), at: now)
            }
            let removed = try await tidy(journal)
            XCTAssertEqual(removed, [0, 0])
            let left = try await numbers(journal)
            XCTAssertTrue(left.contains(old))
        }
    }

    func testLinesOfTheAuditLogGoLaterAndNumbersGoOn() async throws {
        try await withSQLiteJournal { journal, _ in
            for days in [1_200.0, 1_100, 400] { _ = try await past(journal, days: days) }
            _ = try await past(journal, .deploy(dogs), days: 1_300)
            let removed = try await tidy(journal)
            // Two of cats; dogs keep their last line.
            XCTAssertEqual(removed[1], 2)
            let cats = try await journal.audit(of: cats, atMost: 20)
            XCTAssertEqual(cats.entries.count, 1)
            XCTAssertEqual(cats.olderCount, 2)
            _ = try await journal.take(.deploy(dogs), at: now)
            let dogs = try await journal.audit(of: dogs, atMost: 20)
            XCTAssertEqual(dogs.entries.count, 2)
            // Whoever sets too little does not get it.
            let young = await journalError {
                try await journal.writer.run { _ = try $0.run("DELETE FROM audit WHERE app = 'iterate/dogs'") }
            }
            XCTAssertNotNil(young)
        }
    }

    func testAPortionIsSmallAndLooksThroughNoTable() async throws {
        try await withSQLiteJournal { journal, directory in
            for index in 0..<120 { _ = try await past(journal, .deploy(key: "\(index)")) }
            _ = try await journal.take(.deploy(dogs), at: now)
            let horizon = ago(days: 365)
            try await journal.writer.run { database in
                try database.run("DELETE FROM deduplication_keys")
                let old = OldOperations(database: database)
                let first = try old.removeNext(after: 0, endedBefore: horizon, keyed: [])
                XCTAssertEqual(first?.last, 50)
                XCTAssertEqual(first?.removed, 50)
                for sql in database.preparedStatements where sql.contains("AS old") || sql.hasPrefix("DELETE FROM") {
                    for row in try database.run("EXPLAIN QUERY PLAN \(sql)", Self.blanks(sql)) {
                        let step = row.text("detail")
                        // Each app has a handful of environments, and ten planned releases of each.
                        XCTAssertFalse(step.hasPrefix("SCAN") && !step.contains("deduplication_keys"), "\(step): \(sql)")
                    }
                }
            }
            let removed = try await tidy(journal)
            XCTAssertEqual(removed[0], 70)
        }
    }

    private static func blanks(_ sql: String) -> [SQLiteValue] {
        let numbered = (1...9).filter { sql.contains("?\($0)") }.count
        return Array(repeating: .null, count: numbered > 0 ? numbered : sql.count { $0 == "?" })
    }

    func testOldLogsGo() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            for build in [1, 2] {
                let writer = try logs.open(app: cats, build: build, appling: nil)
                writer.write("built\n")
                writer.close()
            }
            await logs.tidy()
            let old = directory.path + "/logs/iterate/cats/1.log.gz"
            let date = ago(days: 91)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: old)
            let removed = await logs.removeOld(afterDays: 90, at: now)
            XCTAssertEqual(removed, 1)
            let first = await logs.logs(of: cats, build: 1)
            let second = await logs.logs(of: cats, build: 2)
            XCTAssertEqual([first.count, second.count], [0, 1])
        }
    }
}
