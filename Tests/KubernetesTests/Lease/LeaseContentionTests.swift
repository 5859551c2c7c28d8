import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// Two bots and one Lease; time is moved by hand.
final class LeaseContentionTests: XCTestCase {
    func testOneWorksAndTheOtherTakesOverAtOnceAfterACleanStop() async throws {
        try await LeaseBench.with { bench in
            let (a, b) = (bench.keeper("a"), bench.keeper("b"))
            let first = bench.start(a, "a")
            try await bench.works(["a"])
            let second = bench.start(b, "b")
            try await bench.clock.sleepers(of: .seconds(2))
            XCTAssertEqual(b.state, .heldBy("a"))
            await bench.stop(first)
            bench.clock.advance(.seconds(2))
            try await bench.works(["b"])
            XCTAssertEqual(b.state, .held)
            XCTAssertEqual(bench.server.lease?.at("spec", "leaseTransitions"), 1)
            await bench.stop(second)
            XCTAssertEqual(bench.crowd, 1)
        }
    }

    /// Whatever its clock says: an hour ahead, or years behind.
    func testADeadHolderIsWaitedForByOurOwnClock() async throws {
        for renewTime in ["2001-01-01T00:00:00.000000Z", "2027-05-28T21:26:40.000000Z"] {
            try await LeaseBench.with { bench in
                bench.server.put(holder: "dead", renewTime: renewTime)
                let keeper = bench.keeper("b")
                let task = bench.start(keeper, "b")
                for _ in 0..<7 {
                    try await bench.clock.sleepers(of: .seconds(2))
                    XCTAssertEqual(keeper.state, .heldBy("dead"))
                    bench.clock.advance(.seconds(2))
                }
                try await bench.clock.sleepers(of: .seconds(2))
                XCTAssertEqual(keeper.state, .heldBy("dead"), "14 seconds are not 15")
                // It lives after all, and so has another 15 seconds.
                bench.server.put(holder: "dead", renewTime: renewTime)
                for _ in 0..<8 {
                    bench.clock.advance(.seconds(2))
                    try await bench.clock.sleepers(of: .seconds(2))
                    XCTAssertEqual(keeper.state, .heldBy("dead"))
                }
                bench.clock.advance(.seconds(2))
                try await bench.works(["b"])
                XCTAssertEqual(bench.server.lease?.at("spec", "leaseTransitions"), 4)
                await bench.stop(task)
            }
        }
    }

    func testOfTwoThatSeeItRunOutAtTheSameMomentOneGetsIt() async throws {
        try await LeaseBench.with { bench in
            bench.server.put(holder: "dead")
            let tasks = ["a", "b"].map { bench.start(bench.keeper($0), $0) }
            for _ in 0..<7 {
                try await bench.clock.sleepers(of: .seconds(2), count: 2)
                bench.clock.advance(.seconds(2))
            }
            try await bench.clock.sleepers(of: .seconds(2), count: 2)
            bench.clock.advance(.seconds(2))
            try await bench.working.wait(for: "one to work") { $0.count == 1 }
            try await bench.clock.sleepers(of: .seconds(2))
            XCTAssertEqual(bench.working.value, [try XCTUnwrap(bench.server.holder)])
            for task in tasks { task.cancel() }
            for task in tasks { await task.value }
            XCTAssertEqual(bench.crowd, 1)
        }
    }

    func testWhoLosesItStopsAndWaits() async throws {
        try await LeaseBench.with { bench in
            let keeper = bench.keeper("a")
            let task = bench.start(keeper, "a")
            try await bench.works(["a"])
            try await bench.clock.sleepers(of: .seconds(5))
            bench.server.put(holder: "usurper")
            bench.clock.advance(.seconds(5))
            try await bench.works([])
            XCTAssertEqual(keeper.state, .heldBy("usurper"))
            try await bench.clock.sleepers(of: .seconds(2))
            await bench.stop(task)
            XCTAssertEqual(bench.server.holder, "usurper", "what is not ours is not given back")
        }
    }

    func testTheSuccessorInOneStateDirectoryNeedNotWait() async throws {
        try await LeaseBench.with { bench in
            bench.server.put(holder: "before")
            let task = bench.start(bench.keeper("after", predecessors: ["before", "never-held-it"]), "after")
            try await bench.works(["after"])
            XCTAssertEqual(bench.server.holder, "after")
            await bench.stop(task)
        }
    }
}
