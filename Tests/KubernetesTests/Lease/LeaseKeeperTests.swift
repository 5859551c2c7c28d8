import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// One bot and its Lease; time is moved by hand.
final class LeaseKeeperTests: XCTestCase {
    func testTheLeaseIsMadeKeptAndGivenBackOnceWorkHasEnded() async throws {
        try await LeaseBench.with { bench in
            let keeper = bench.keeper("a")
            XCTAssertEqual(keeper.state, .starting)
            let task = bench.start(keeper, "a")
            try await bench.works(["a"])
            XCTAssertEqual(keeper.state, .held)
            XCTAssertEqual(bench.server.lease?["spec"], [
                "holderIdentity": "a", "leaseDurationSeconds": 15, "leaseTransitions": 0,
                "acquireTime": "2026-05-28T20:26:40.250000Z", "renewTime": "2026-05-28T20:26:40.250000Z",
            ])
            for _ in 0..<4 {
                let version = bench.server.lease?.at("metadata", "resourceVersion")
                try await bench.clock.sleepers(of: .seconds(5))
                bench.clock.advance(.seconds(5))
                try await bench.clock.sleepers(of: .seconds(5))
                XCTAssertNotEqual(bench.server.lease?.at("metadata", "resourceVersion"), version, "it was renewed")
            }
            XCTAssertEqual(bench.working.value, ["a"])
            await bench.stop(task)
            XCTAssertEqual(bench.working.value, [])
            XCTAssertNil(bench.server.holder)
        }
    }

    func testWorkStopsBeforeAnybodyElseMayBeginWhenTheClusterIsAwayAndGoesOnAfterwards() async throws {
        // What is waited for, second by second: attempts fail at once, or take three seconds.
        let waits: [(mood: LeaseServer.Mood, seconds: [Int], afterwards: [Int])] = [
            (.failing(503), [5, 1, 1, 1, 1, 1], []), (.silent, [5, 3, 1, 1], [3]),
        ]
        for (mood, seconds, afterwards) in waits {
            try await LeaseBench.with { bench in
                let keeper = bench.keeper("a")
                let task = bench.start(keeper, "a")
                try await bench.works(["a"])
                try await bench.clock.sleepers(of: .seconds(5))
                bench.server.set(mood)
                for wait in seconds {
                    try await bench.clock.sleepers(of: .seconds(wait))
                    XCTAssertEqual(bench.working.value, ["a"])
                    bench.clock.advance(.seconds(wait))
                }
                try await bench.works([])
                for wait in afterwards {
                    try await bench.clock.sleepers(of: .seconds(wait))
                    bench.clock.advance(.seconds(wait))
                }
                try await bench.clock.sleepers(of: .seconds(2))
                guard case .unavailable(_, isPassing: true) = keeper.state else { return XCTFail("\(keeper.state)") }
                XCTAssertTrue(bench.lines.withLock { $0 }.contains { $0.contains("is lost, so work pauses") })
                bench.server.set(.well)
                bench.clock.advance(.seconds(2))
                try await bench.works(["a"])
                await bench.stop(task)
            }
        }
    }

    func testAnAnswerThatWasLostIsNoReasonToStop() async throws {
        try await LeaseBench.with { bench in
            let keeper = bench.keeper("a")
            let task = bench.start(keeper, "a")
            try await bench.works(["a"])
            try await bench.clock.sleepers(of: .seconds(5))
            bench.server.set(.losingAnswers)
            bench.clock.advance(.seconds(5))
            try await bench.clock.sleepers(of: .seconds(1))
            bench.server.set(.well)
            bench.clock.advance(.seconds(1))
            try await bench.clock.sleepers(of: .seconds(5))
            XCTAssertEqual(keeper.state, .held)
            XCTAssertEqual(bench.working.value, ["a"])
            XCTAssertEqual(bench.lines.withLock { $0 }.filter { $0.contains("is lost") }, [])
            await bench.stop(task)
        }
    }

    func testALeaseThatSomebodyRemovesIsMadeAgain() async throws {
        try await LeaseBench.with { bench in
            let task = bench.start(bench.keeper("a"), "a")
            try await bench.works(["a"])
            try await bench.clock.sleepers(of: .seconds(5))
            bench.server.remove()
            bench.clock.advance(.seconds(5))
            try await bench.clock.sleepers(of: .seconds(5))
            XCTAssertEqual(bench.server.holder, "a")
            XCTAssertEqual(bench.working.value, ["a"])
            await bench.stop(task)
        }
    }

    func testWhatIsNotAllowedIsSaidOnce() async throws {
        try await LeaseBench.with { bench in
            bench.server.set(.failing(403))
            let keeper = bench.keeper("a")
            let task = bench.start(keeper, "a")
            for _ in 0..<3 {
                try await bench.clock.sleepers(of: .seconds(2))
                bench.clock.advance(.seconds(2))
            }
            try await bench.clock.sleepers(of: .seconds(2))
            guard case .unavailable(let sentence, isPassing: false) = keeper.state else {
                return XCTFail("\(keeper.state)")
            }
            XCTAssertTrue(sentence.contains("leases is refused"), sentence)
            XCTAssertEqual(bench.lines.withLock { $0 }.count, 1)
            XCTAssertEqual(bench.working.value, [])
            await bench.stop(task)
        }
    }

    func testWorkThatEndsByItselfEndsEverything() async throws {
        try await LeaseBench.with { bench in
            await bench.keeper("a").run {}
            XCTAssertNil(bench.server.holder)
            XCTAssertNotNil(bench.server.lease)
        }
    }

    func testTimesHaveSixDigits() {
        for (seconds, text) in [
            (0.0, "1970-01-01T00:00:00.000000Z"), (1_780_000_000.000_5, "2026-05-28T20:26:40.000500Z"),
            (1_780_000_000.5, "2026-05-28T20:26:40.500000Z"),
        ] {
            XCTAssertEqual(LeaseRecord.microTime(Date(timeIntervalSince1970: seconds)), text)
        }
    }

    func testTheNextProcessKnowsItsPredecessors() async throws {
        try await withTemporaryDirectory { directory in
            let first = try LeaseIdentity.next(in: directory, hostName: "bot-1", suffix: "aa")
            XCTAssertEqual(first, LeaseIdentity(name: "bot-1_aa"))
            let second = try LeaseIdentity.next(in: directory, hostName: "bot-2", suffix: "bb")
            XCTAssertEqual(second, LeaseIdentity(name: "bot-2_bb", predecessors: ["bot-1_aa"]))
            let third = try LeaseIdentity.next(in: directory, hostName: "bot-3", suffix: "cc")
            XCTAssertEqual(third.predecessors, ["bot-1_aa", "bot-2_bb"], "the second may never have held it")
        }
    }

    func testACopyOfTheStateDirectoryKnowsNoPredecessors() async throws {
        try await withTemporaryDirectory { parent in
            let original = parent.appending(path: "state", directoryHint: .isDirectory)
            let copy = parent.appending(path: "copy", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: original, withIntermediateDirectories: false)
            _ = try LeaseIdentity.next(in: original, hostName: "bot-1", suffix: "aa")
            try FileManager.default.copyItem(at: original, to: copy)
            let elsewhere = try LeaseIdentity.next(in: copy, hostName: "bot-2", suffix: "bb")
            XCTAssertEqual(elsewhere.predecessors, [], "bot-1 may be at work")
            let later = try LeaseIdentity.next(in: copy, hostName: "bot-2", suffix: "cc")
            XCTAssertEqual(later.predecessors, ["bot-2_bb"])
            let restarted = try LeaseIdentity.next(in: original, hostName: "bot-1", suffix: "dd")
            XCTAssertEqual(restarted.predecessors, ["bot-1_aa"])
            let snapshot = try LeaseIdentity.next(in: original, hostName: "bot-3", suffix: "ee", bootID: "other")
            XCTAssertEqual(snapshot.predecessors, [], "a snapshot on another machine has the same inodes")
        }
    }
}
