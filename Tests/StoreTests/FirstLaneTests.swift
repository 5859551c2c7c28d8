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

    /// While one request follows the other, whether they wait already or come a moment later.
    func testOthersGetTheirPartOfTheTime() {
        for pause in [0, 100_000] as [Int64] {
            var share = LaneShare()
            var time: [LaneShare.Lane: Int64] = [:]
            var (now, nextFirst): (Int64, Int64) = (1_000_000_000, 0)
            while now < 11_000_000_000 {
                switch share.decide(hasFirst: nextFirst <= now, hasOrdinary: true, now: now) {
                case .wait(let nanoseconds):
                    XCTAssertGreaterThan(nanoseconds, 0)
                    now = min(now + nanoseconds, nextFirst)
                case .take(let lane):
                    let nanoseconds: Int64 = lane == .first ? 1_000_000 : 2_000_000
                    now += nanoseconds
                    share.note(lane, nanoseconds: nanoseconds, now: now)
                    time[lane, default: 0] += nanoseconds
                    if lane == .first { nextFirst = now + pause }
                }
            }
            XCTAssertEqual(Double(time[.ordinary] ?? 0) / 10_000_000_000, 1.0 / 8, accuracy: 0.01, "\(pause)")
        }
    }

    func testOthersHaveAllTheTimeThatNobodyElseWants() {
        var share = LaneShare()
        XCTAssertEqual(share.decide(hasFirst: false, hasOrdinary: true, now: 0), .take(.ordinary))
        share.note(.ordinary, nanoseconds: 9_000_000, now: 9_000_000)
        XCTAssertEqual(share.decide(hasFirst: false, hasOrdinary: true, now: 9_000_000), .take(.ordinary))
        XCTAssertEqual(share.decide(hasFirst: true, hasOrdinary: false, now: 9_000_000), .take(.first))
        share.note(.first, nanoseconds: 1, now: 9_000_000)
        XCTAssertEqual(share.decide(hasFirst: false, hasOrdinary: true, now: 9_000_000), .wait(3_000_000))
        XCTAssertEqual(share.decide(hasFirst: false, hasOrdinary: true, now: 12_000_000), .take(.ordinary))
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
