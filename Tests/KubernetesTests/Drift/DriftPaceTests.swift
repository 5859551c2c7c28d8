import XCTest

@testable import Kubernetes

/// Whoever fights us for a field does not keep us busy.
final class DriftPaceTests: XCTestCase {
    func testPausesGrowAndEnd() {
        var pace = DriftPace()
        var now = ContinuousClock.now
        XCTAssertTrue(pace.isDue("a", at: now))
        var pauses: [Int] = []
        for _ in 1...9 {
            pace.note("a", at: now)
            var seconds = 0
            while !pace.isDue("a", at: now + .seconds(seconds)) { seconds += 1 }
            pauses.append(seconds)
            now += .seconds(seconds)
        }
        XCTAssertEqual(pauses, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
        XCTAssertTrue(pace.isDue("b", at: now))
        pace.note("b", at: now + .seconds(7200))
        pace.note("a", at: now + .seconds(7200))
        XCTAssertTrue(pace.isDue("a", at: now + .seconds(7260)), "after a calm time it begins anew")
    }
}
