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

    /// A limit that is over before the waiter is in line must not leave it waiting for ever.
    func testALimitOfNothingIsKept() async {
        let signal = Signal()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<1_000 { group.addTask { await signal.wait(atMost: .zero) } }
        }
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
}
