import Deploys
import Foundation
import TestSupport
import XCTest

@testable import SQLite
@testable import Store

/// Jobs that somebody waits for, and what they do to all others.
final class FirstLaneTests: XCTestCase {
    func testTheFirstLaneComesFirst() async throws {
        try await withSQLiteJournal { journal, _ in
            let order = Watched<[String]>([])
            var tasks: [Task<Void, any Error>] = []
            try await journal.writer.whileBusy {
                for number in 1...3 {
                    tasks.append(Task {
                        try await journal.writer.run { _ in order.change { $0.append("o\(number)") } }
                    })
                    try await waitUntil("it waits") { journal.writer.queuedJobs == number }
                }
                for number in 1...3 {
                    journal.writer.runFirst { _ in order.change { $0.append("f\(number)") } } told: { _ in }
                }
            }
            for task in tasks { try await task.value }
            XCTAssertEqual(order.value, ["f1", "f2", "f3", "o1", "o2", "o3"])
        }
    }

    func testOthersGetATenthOfTheTime() {
        var share = LaneShare()
        var time: [LaneShare.Lane: Int64] = [:]
        for _ in 0..<10_000 {
            let lane = share.lane(hasFirst: true, hasOrdinary: true)
            let nanoseconds: Int64 = lane == .first ? 1_000_000 : 3_000_000
            share.note(lane, nanoseconds: nanoseconds)
            time[lane, default: 0] += nanoseconds
        }
        XCTAssertEqual(Double(time[.ordinary] ?? 0) / Double(time[.first] ?? 0), 1.0 / 9, accuracy: 0.01)
        XCTAssertEqual(share.lane(hasFirst: false, hasOrdinary: true), .ordinary)
        XCTAssertEqual(share.lane(hasFirst: true, hasOrdinary: false), .first)
    }

    /// A group of others ends early for those who come first, and goes on behind them.
    func testALongGroupMakesWay() async throws {
        try await withSQLiteJournal { journal, _ in
            let order = Watched<[String]>([])
            var tasks: [Task<Void, any Error>] = []
            try await journal.writer.whileBusy {
                for number in 1...2 {
                    tasks.append(Task {
                        try await journal.writer.run { _ in
                            order.change { $0.append("o\(number)") }
                            guard number == 1 else { return }
                            journal.writer.runFirst { _ in order.change { $0.append("f") } } told: { _ in }
                            let start = JobGroup.clock()
                            while JobGroup.clock() - start <= JobGroup.maxWorkNanoseconds {}
                        }
                    })
                    try await waitUntil("it waits") { journal.writer.queuedJobs == number }
                }
            }
            for task in tasks { try await task.value }
            XCTAssertEqual(order.value, ["o1", "f", "o2"])
        }
    }

    /// As SQLite tells of a commit whose sync failed.
    func testAfterAFailedSyncNothingIsAcknowledged() async throws {
        try await withTemporaryDirectory { directory in
            let told = Watched<[String]>([])
            let journal = try await SQLiteJournal.open(
                directory, onLostDisk: { sentence in told.change { $0.append(sentence) } })
            let error = await journalError {
                try await journal.writer.run { database in
                    try database.execute("ROLLBACK")
                    throw SQLiteError(code: 10 | 4 << 8, systemErrno: 5, message: "the sync failed")
                }
            }
            XCTAssertEqual(error, .unavailable("the sync failed"))
            let sentence = try XCTUnwrap(told.value.first)
            XCTAssertTrue(sentence.contains("could not be synced: the sync failed"), sentence)
            let later = await journalError { _ = try await journal.take(.deploy()) }
            guard case .unavailable = later else { return XCTFail("\(String(describing: later))") }
            let other = await journalError { _ = try await journal.received(.deploy(key: "1")) }
            guard case .unavailable = other else { return XCTFail("\(String(describing: other))") }
            await journal.close()
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
