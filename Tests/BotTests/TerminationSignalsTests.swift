import Foundation
import XCTest

@testable import Bot

/// Being asked to end.
final class TerminationSignalsTests: XCTestCase {
    func testASignalEndsTheWaitHoweverSoonItComes() async throws {
        for _ in 0..<50 {
            for number in [SIGTERM, SIGINT] {
                let signals = try TerminationSignals()
                kill(getpid(), number)
                await signals.wait()
            }
        }
    }
}
