import Deploys
import XCTest

/// Releases of an environment end in the order in which they took their numbers.
final class ReleaseOrderTests: XCTestCase {
    func testWhatHasAReleaseNumberGoesOnBeforeAnOlderOneThatWasApprovedMeanwhile() async throws {
        try await JournalUnderTest.run { journal in
            let older = try await journal.take(.deploy())
            _ = try await journal.hold(try await journal.claimed(), at: noon) { _ in [] }
            let newer = try await journal.take(.deploy())
            let running = try await journal.claimed()
            XCTAssertEqual(running.id, newer.id)
            _ = try await journal.reserveRelease(for: running, plan: testPlan(running), at: noon)
            let entry = AuditEntry(
                date: noon, trigger: .button(kari), place: nil, deed: Deed(.approve, cats, .test), revision: nil,
                decision: .accepted, reason: nil, operation: older.id)
            _ = try await journal.decide(
                .approved, on: older.id, by: kari, at: noon, key: nil, auditing: entry, notices: { _, _ in [] })
            _ = try await journal.rescue()
            let first = try await journal.claimed()
            XCTAssertEqual(first.id, newer.id, "else the older one's newer release would be replaced by release #1")
            let busy = try await journal.claim(at: noon)
            XCTAssertNil(busy)
            try await journal.end(first, .released)
            let second = try await journal.claimed()
            XCTAssertEqual(second.id, older.id)
        }
    }
}
