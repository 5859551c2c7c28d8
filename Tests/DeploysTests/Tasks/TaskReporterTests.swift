import Deploys
import Foundation
import XCTest

/// News of scheduled tasks: once that one fails, and once that it works again.
final class TaskReporterTests: XCTestCase {
    private static let id = ScheduledTask.ID(namespace: "apps-cats-test", name: "cats-clean")
    private static let failure = TaskFailure("GET /clean failed: status 500 after 20 s and 3 attempts")

    private struct Feed: ScheduledTasks {
        let feed: [[ScheduledTask]]
        func snapshots() async -> AsyncStream<[ScheduledTask]> {
            AsyncStream { continuation in
                for snapshot in feed { continuation.yield(snapshot) }
                continuation.finish()
            }
        }
    }

    /// What people are told of snapshots, one after the other.
    private func told(_ bench: Bench, _ feed: [ScheduledTask]...) async throws -> [Phase] {
        await TaskReporter(
            journal: bench.journal, tasks: Feed(feed: feed), naming: bench.naming, signals: bench.signals,
            now: { Bench.noon }, log: bench.log.log
        ).run()
        let drafts = try await bench.delivered()
        XCTAssertTrue(drafts.allSatisfy(\.isAnnouncement), "a new post, which people notice")
        return drafts.compactMap(\.phase)
    }

    private func run(_ minutes: Double) -> Date { Bench.noon.addingTimeInterval(minutes * 60) }

    private func failed(_ minutes: Double, _ id: ScheduledTask.ID = id) -> ScheduledTask {
        ScheduledTask(id, label: "clean", lastRun: .init(at: run(minutes), failure: Self.failure))
    }

    private func well(_ minutes: Double) -> ScheduledTask {
        ScheduledTask(Self.id, label: "clean", lastRun: .init(at: run(minutes)))
    }

    private var known: @Sendable (Bench) async throws -> [ToldTaskFailure] {
        { try await $0.journal.toldTaskFailures() }
    }

    func testAFailureIsToldOnceAlsoAcrossARestart() async throws {
        try await Bench.withDeployedApp { bench in
            let first = try await told(bench, [failed(0)], [failed(0)], [failed(1)])
            XCTAssertEqual(first, [.taskFailed("clean", Self.failure, at: run(0))])
            let afterRestart = try await told(bench, [failed(2)])
            XCTAssertEqual(afterRestart, [])
            XCTAssertEqual(bench.log.lines.count { $0.contains(Self.failure.sentence) }, 1)
            let known = try await known(bench)
            XCTAssertEqual(known, [ToldTaskFailure(Self.id, runAt: run(0))])
        }
    }

    func testItsRecoveryIsToldOnceAndAFirstSuccessIsNoNews() async throws {
        try await Bench.withDeployedApp { bench in
            let phases = try await told(
                bench, [ScheduledTask(Self.id, label: "clean", lastRun: nil)], [well(0)], [failed(1)], [well(2)], [well(3)],
                [failed(4)])
            XCTAssertEqual(
                phases,
                [
                    .taskFailed("clean", Self.failure, at: run(1)), .taskRecovered("clean", at: run(2)),
                    .taskFailed("clean", Self.failure, at: run(4)),
                ])
        }
    }

    /// Somebody deletes the runs that failed, and an older one that went well is the newest that is left.
    func testAnOlderSuccessIsNoRecovery() async throws {
        try await Bench.withDeployedApp { bench in
            let phases = try await told(bench, [failed(5)], [well(4)], [failed(6)])
            XCTAssertEqual(phases, [.taskFailed("clean", Self.failure, at: run(5))])
        }
    }

    func testATaskThatIsGoneIsForgottenInSilence() async throws {
        try await Bench.withDeployedApp { bench in
            let gone = try await told(bench, [failed(0)], [])
            XCTAssertEqual(gone.count, 1)
            let known = try await known(bench)
            XCTAssertEqual(known, [])
            let again = try await told(bench, [failed(1)])
            XCTAssertEqual(again, [.taskFailed("clean", Self.failure, at: run(1))])
        }
    }

    func testOfAnAppThatIsDeregisteredNothingIsKeptOrTold() async throws {
        try await Bench.withDeployedApp { bench in
            _ = try await told(bench, [failed(0)])
            await bench.command("deregister cats")
            _ = try await bench.delivered()
            let stillFailing = try await told(bench, [failed(1)])
            XCTAssertEqual(stillFailing, [])
            let forgotten = try await known(bench)
            XCTAssertEqual(forgotten, [])
            let later = try await told(bench, [well(2)], [failed(3)])
            XCTAssertEqual(later, [])
            let known = try await known(bench)
            XCTAssertEqual(known, [])
        }
    }

    func testTasksOfNobodyAreNotTold() async throws {
        try await Bench.withDeployedApp { bench in
            let phases = try await told(bench, [failed(0, .init(namespace: "apps-dogs-test", name: "dogs-clean"))])
            XCTAssertEqual(phases, [])
        }
    }
}
