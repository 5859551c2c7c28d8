import XCTest

@testable import Deploys

final class SignalTests: XCTestCase {
    func testFiringBeforeTheWaitIsRemembered() async {
        let signal = Signal()
        signal.fire()
        signal.fire()
        let start = ContinuousClock.now
        await signal.wait(atMost: .seconds(20))
        XCTAssertLessThan(ContinuousClock.now - start, .seconds(10))
        // Once only: this wait runs into its limit.
        await signal.wait(atMost: .milliseconds(20))
        XCTAssertGreaterThanOrEqual(ContinuousClock.now - start, .milliseconds(20))
    }

    func testFiringAndCancellingWakeAWaiter() async {
        let signal = Signal()
        let fired = Task { await signal.wait(atMost: .seconds(60)) }
        let cancelled = Task { await signal.wait(atMost: .seconds(60)) }
        cancelled.cancel()
        await cancelled.value
        signal.fire()
        await fired.value
        // The signal still works after a waiter was cancelled.
        let again = Task { await signal.wait(atMost: .seconds(60)) }
        signal.fire()
        await again.value
    }

    func testTheGateLetsOneHolderInPerKeyAndInOrder() async {
        let gate = KeyedGate()
        let inside = LockedValue(0)
        let most = LockedValue(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await gate.withKey("a") {
                        let now = inside.with { $0 += 1; return $0 }
                        most.with { $0 = max($0, now) }
                        await Task.yield()
                        inside.with { $0 -= 1 }
                    }
                }
            }
        }
        XCTAssertEqual(most.with { $0 }, 1)
    }
}
