import XCTest

@testable import Deploys

final class PaceTests: XCTestCase {
    /// When each of so many tokens is taken by somebody who always wants the next one, in seconds.
    private func times(_ rate: Pace.Rate, count: Int) -> [Double] {
        var bucket = TokenBucket(rate)
        let start = ContinuousClock.now
        var now = start
        return (0..<count).map { _ in
            while let pause = bucket.takeOrWait(at: now) { now += pause + .microseconds(1) }
            return (now - start) / .seconds(1)
        }
    }

    func testOneMessageASecondAfterAShortBurst() {
        let times = times(Pace().posts, count: 100)
        XCTAssertLessThan(times[2], 0.1)
        XCTAssertEqual(times[3], 1, accuracy: 0.1)
        XCTAssertEqual(times[99], 97, accuracy: 0.5)
    }

    func testEditsKeepToTheirTierInEveryMinute() {
        let times = times(Pace().edits, count: 300)
        for (index, time) in times.enumerated().dropFirst(50) {
            XCTAssertGreaterThanOrEqual(time - times[index - 50], 60, "50 in any minute")
        }
        XCTAssertLessThan(times[99], 97, "100 edits take no longer than 100 posts")
    }

    func testATokenThatWasNotUsedIsThereAgain() {
        var bucket = TokenBucket(Pace.Rate(burst: 1, perSecond: 0.001, perMinute: 1))
        let now = ContinuousClock.now
        for _ in 1...3 {
            XCTAssertNil(bucket.takeOrWait(at: now))
            bucket.giveBack()
        }
        XCTAssertNil(bucket.takeOrWait(at: now))
        XCTAssertNotNil(bucket.takeOrWait(at: now))
    }
}
