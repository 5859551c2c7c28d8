import Kubernetes
import XCTest

@testable import Bot

final class ReadinessTests: XCTestCase {
    func testWhatAnOperatorReadsOfTheLease() {
        let cases: [(LeaseState, Int, String)] = [
            (.starting, 200, "ready\n"), (.held, 200, "ready\n"),
            (.heldBy("bot-2_ab"), 503, "another bot, bot-2_ab, holds the Lease; this one waits for it\n"),
            (.unavailable("It is away.", isPassing: true), 200, "ready, but work waits for the cluster: It is away.\n"),
            (.unavailable("It is forbidden.", isPassing: false), 503, "work can't begin: It is forbidden.\n"),
        ]
        for (lease, status, text) in cases {
            let answer = Readiness(lease: lease).answer
            XCTAssertEqual(answer.status, status)
            XCTAssertEqual(answer.text, text)
        }
    }
}
