import Deploys
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// Following over real sockets: no change is missed, none is waited for, and nothing beside keeps it up.
final class RollOutFollowerTests: XCTestCase {
    private typealias Cats = FollowedDeployment

    private func cats(_ count: Int = 1, name: String = "cats", ready: Bool = false) -> Cats {
        Cats.with(Array(repeating: Cats.running, count: count), name: name, ready: ready)
    }

    func testItEndsWithTheVeryChangeThatMakesItDone() async throws {
        var times: [Duration] = []
        for _ in 0..<11 {
            let bench = try await FollowerBench([cats(2)])
            let following = Task { await bench.follow() }
            await bench.news.wait { $0.ready == 0 }
            let start = ContinuousClock.now
            await bench.put(cats(2, ready: true))
            let failure = await following.value
            times.append(ContinuousClock.now - start)
            XCTAssertNil(failure)
            await bench.stop()
        }
        let median = times.sorted()[times.count / 2]
        print("from ready pods to the end of following: \(median) at the median, \(times.max() ?? .zero) at most")
        XCTAssertLessThan(median, .milliseconds(100))
    }

    func testNoChangeIsLostWhenTheWatchesBreakOffInTheMiddle() async throws {
        let bench = try await FollowerBench([cats(3), cats(2, name: "dogs")])
        let following = Task { await bench.follow() }
        await bench.news.wait { $0 == RollOutProgress(ready: 0, wanted: 5) }
        await bench.put(cats(3, ready: true))
        await bench.news.wait { $0.ready == 3 }
        await bench.cluster.dropWatches()
        await bench.put(cats(2, name: "dogs", ready: true))
        let failure = await following.value
        XCTAssertNil(failure)
        XCTAssertEqual(bench.news.values.last, RollOutProgress(ready: 5, wanted: 5))
        await bench.stop()
    }

    func testTenMinutesWithoutTheServerAreFollowedThrough() async throws {
        let isDown = Mutex(false)
        let refused = Signals<Int>()
        var limits = RollOutLimits()
        limits.holdUpShownAfter = .zero
        let bench = try await FollowerBench(
            [cats()], limits: limits,
            intercept: { _ in
                guard isDown.withLock({ $0 }) else { return nil }
                refused.send(refused.values.count)
                return .text(503, "down")
            })
        let following = Task { await bench.follow() }
        await bench.news.wait { $0.ready == 0 }
        isDown.withLock { $0 = true }
        await bench.cluster.dropWatches()
        await bench.news.wait { $0.holdUp != nil }
        XCTAssertEqual(bench.news.values.last?.holdUp?.contains("(503)"), true, "\(bench.news.values)")
        for _ in 0..<10 {
            bench.clock.jump(.seconds(60))
            let count = refused.values.count
            await refused.wait { $0 >= count + 5 }
        }
        isDown.withLock { $0 = false }
        await bench.news.wait { $0.holdUp == nil }
        await bench.put(cats(ready: true))
        let failure = await following.value
        XCTAssertNil(failure)
        await bench.stop()
    }

    func testServerThatStaysAwayIsGivenUp() async throws {
        let isDown = Mutex(false)
        var limits = RollOutLimits()
        limits.holdUpShownAfter = .zero
        let bench = try await FollowerBench(
            [cats()], limits: limits, intercept: { _ in isDown.withLock { $0 } ? .text(503, "down") : nil })
        let following = Task { await bench.follow() }
        await bench.news.wait { $0.ready == 0 }
        isDown.withLock { $0 = true }
        await bench.cluster.dropWatches()
        await bench.news.wait { $0.holdUp != nil }
        bench.clock.jump(.seconds(901))
        guard case .unreachable(let sentence)? = await following.value else { return XCTFail("it goes on for ever") }
        XCTAssertTrue(sentence.hasPrefix("The roll-out was begun and cannot be followed. "), sentence)
        await bench.stop()
    }

    func testEventsThatAreNotAnsweredKeepNobodyWaiting() async throws {
        var limits = RollOutLimits()
        limits.lookAtEventsAfter = .zero
        limits.lookAtEventsEvery = .zero
        let bench = try await FollowerBench([cats()], limits: limits, unanswered: "/events")
        let following = Task { await bench.follow() }
        await bench.news.wait { $0.ready == 0 }
        await bench.put(cats(ready: true))
        let failure = await following.value
        XCTAssertNil(failure)
        await bench.stop()
    }

    func testLogsThatCannotBeHadNeverHideTheCause() async throws {
        var limits = RollOutLimits()
        limits.maxEvidenceWait = .milliseconds(50)
        for unanswered in ["/log", "/events"] {
            let crashed = Cats.with([Cats.crashed(3, restarts: 2)])
            let bench = try await FollowerBench([crashed], limits: limits, unanswered: unanswered)
            let start = ContinuousClock.now
            let failure = await bench.follow()
            XCTAssertEqual(
                failure,
                .failed(
                    appling: "cats", cause: "cats stops with exit code 3 when it starts (3 starts so far).",
                    advice: "Its last lines of output tell more; check that all the variables it needs are set.",
                    evidence: []))
            XCTAssertLessThan(ContinuousClock.now - start, Signals<Int>.maxWait / 2, unanswered)
            await bench.stop()
        }
    }

    func testLogOfTheRunBeforeOrElseOfThisOne() async throws {
        for previous in [true, false] {
            let bench = try await FollowerBench([Cats.with([Cats.crashed(3, restarts: 2)])])
            // What has no log is answered as recorded, with status 400.
            await bench.cluster.setLog("no database\n", pod: "cats-1", previous: previous)
            let failure = await bench.follow()
            guard case .failed(_, _, _, let evidence)? = failure else { return XCTFail("\(String(describing: failure))") }
            XCTAssertEqual(evidence, ["no database"], "previous: \(previous)")
            await bench.stop()
        }
    }

    func testApplingsThatFailSideBySideAreOneSentence() async throws {
        let missing = Cats.waiting("CreateContainerConfigError", "secret \"x\" not found")
        let bench = try await FollowerBench([
            Cats.with([Cats.crashed(1, restarts: 1)], name: "a"), Cats.with([Cats.crashed(2, restarts: 2)], name: "b"),
            Cats.with([missing], name: "c"), cats(name: "d"),
        ])
        let failure = await bench.follow()
        guard case .failed(let appling, let cause, _, _)? = failure else {
            return XCTFail("\(String(describing: failure))")
        }
        XCTAssertEqual(appling, "b")
        XCTAssertEqual(
            cause,
            "b stops with exit code 2 when it starts (3 starts so far); c: something it refers to missing; "
                + "a: exit code 1.")
        await bench.stop()
    }

    func testTenThousandEventsInABurst() async throws {
        let pods = 100
        let bench = try await FollowerBench([cats(pods)])
        let following = Task { await bench.follow() }
        await bench.news.wait { $0.wanted == pods }
        let start = ContinuousClock.now
        for round in 0..<99 {
            for pod in cats(pods, ready: round % 2 == 0).pods { await bench.put(pod: pod) }
        }
        await bench.put(cats(pods, ready: true))
        let sent = ContinuousClock.now - start
        let failure = await following.value
        let took = ContinuousClock.now - start
        print("10,000 events: \(bench.news.values.count) reports; sent in \(sent), followed in \(took)")
        XCTAssertNil(failure)
        XCTAssertEqual(bench.news.values.last, RollOutProgress(ready: pods, wanted: pods))
        XCTAssertLessThan(took - sent, .seconds(2))
        await bench.stop()
    }
}
