import Deploys
import Foundation
import TestSupport
import XCTest

/// Operations that are stopped, held, approved, declined.
final class InterventionTests: XCTestCase {
    private let ola = Person(id: "U2", name: "ola")

    private func entry(_ kind: Deed.Kind, _ operation: Deploys.Operation) -> AuditEntry {
        AuditEntry(
            date: later(5), trigger: .button(ola), place: .home,
            deed: Deed(kind, operation.app, operation.environment, askedBy: kari.id), revision: operation.revision,
            decision: .accepted, reason: nil, operation: operation.id)
    }

    private func cancel(
        _ operation: Deploys.Operation, key: String? = nil, in journal: JournalUnderTest.Ports
    ) async throws -> Cancellation? {
        try await journal.cancel(
            operation.id, by: ola, at: later(5), key: key, auditing: entry(.cancel, operation)
        ) { _ in [detail("cancelled")] }
    }

    private func decide(
        _ verdict: Verdict, _ operation: Deploys.Operation, in journal: JournalUnderTest.Ports
    ) async throws -> Decision? {
        try await journal.decide(
            verdict, on: operation.id, by: ola, at: later(5), key: nil,
            auditing: entry(verdict == .approved ? .approve : .decline, operation)
        ) { _, ahead in [detail("decided, \(ahead) ahead")] }
    }

    private func audit(_ journal: JournalUnderTest.Ports) async throws -> [Deed.Kind] {
        try await journal.audit(of: cats, atMost: 10).entries.map(\.deed.kind).filter { $0 != .deploy && $0 != .build }
    }

    private func hold(
        _ operation: Deploys.Operation, at now: Date = noon, in journal: JournalUnderTest.Ports
    ) async throws -> Person? {
        try await journal.hold(operation, at: now) { _ in [detail("held")] }
    }

    // MARK: Cancelling

    func testWhatWaitsEndsAtOnceWithItsMessageAndItsLine() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            let outcome = try await cancel(operation, in: journal)
            guard case .ended(let ended)? = outcome else { return XCTFail("\(String(describing: outcome))") }
            XCTAssertEqual(ended.state, .cancelled)
            XCTAssertEqual(ended.cancelledBy, ola)
            let stored = try await journal.stored(operation.id)
            XCTAssertEqual(stored, ended)
            XCTAssertEqual(stored.finishedAt, later(5))
            let head = try await journal.head()
            XCTAssertEqual(head.draft, detail("cancelled"))
            let lines = try await audit(journal)
            XCTAssertEqual(lines, [.cancel])
            let figures = try await journal.statistics()
            XCTAssertEqual(figures.operations[.cancelled], 1)
            let next = try await journal.claim(at: noon)
            XCTAssertNil(next)
            let again = try await cancel(operation, in: journal)
            XCTAssertEqual(again, .tooLate(stored))
            let unchanged = try await audit(journal)
            XCTAssertEqual(unchanged, [.cancel], "what changed nothing is not on record")
        }
    }

    func testWhatIsDeliveredTwiceAtOnceCancelsOneOperation() async throws {
        try await JournalUnderTest.run { journal in
            let first = try await journal.take(.deploy())
            let second = try await journal.take(.deploy())
            _ = try await cancel(first, key: "command:1", in: journal)
            let again = try await cancel(second, key: "command:1", in: journal)
            let stored = try await journal.stored(first.id)
            XCTAssertEqual(again, .tooLate(stored))
            let known = try await journal.operation(forKey: "command:1")
            XCTAssertEqual(known, stored)
            let untouched = try await journal.stored(second.id)
            XCTAssertEqual(untouched.state, .queued)
        }
    }

    func testWhatRunsIsMarkedAndDoesNotSucceed() async throws {
        try await JournalUnderTest.run { journal in
            let asked = try await journal.take(.deploy())
            let operation = try await journal.claimed()
            let outcome = try await cancel(operation, in: journal)
            guard case .stopping(let stopping)? = outcome else { return XCTFail("\(String(describing: outcome))") }
            XCTAssertEqual(stopping.state, .running)
            let again = try await cancel(operation, in: journal)
            XCTAssertEqual(again, .stoppingAlready(stopping, by: ola))
            let rescued = try await journal.rescue()
            XCTAssertEqual(rescued, 1)
            let claimed = try await journal.claimed()
            XCTAssertEqual(claimed.cancelledBy, ola, "a crash does not make anybody forget")

            var ended = claimed
            ended.state = .succeeded
            ended.finishedAt = later(60)
            let settling = try await journal.settle(ended, .nothing, notices: [detail("succeeded")])
            XCTAssertEqual(settling, .unwanted(by: ola))
            let stored = try await journal.stored(asked.id)
            XCTAssertEqual(stored.state, .running)
            ended.state = .cancelled
            let settled = try await journal.settle(ended, .nothing, notices: [detail("stopped")])
            XCTAssertEqual(settled, .settled)
            let told = try await journal.deliverAll().map(\.draft)
            XCTAssertEqual(told, [detail("stopped")])
        }
    }

    func testWhatHasChangedSomethingIsNotEndedWhileItWaits() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            let operation = try await journal.claimed()
            _ = try await journal.reserveRelease(for: operation, plan: testPlan(operation), at: noon)
            _ = try await journal.rescue()
            let outcome = try await cancel(operation, in: journal)
            guard case .stopping? = outcome else { return XCTFail("\(String(describing: outcome))") }
            let claimed = try await journal.claimed()
            XCTAssertEqual(claimed.cancelledBy, ola)
        }
    }

    func testWhatIsBeingUndoneIsNotStopped() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            let operation = try await journal.claimed()
            let failure = Failure(.rollOut, "It crashes.", advice: "Read its log.", evidence: ["boom"])
            let nobody = try await journal.recordSetback(failure, of: operation)
            XCTAssertNil(nobody)
            let kept = try await journal.setback(of: operation.id)
            XCTAssertEqual(kept, failure)
            let outcome = try await cancel(operation, in: journal)
            XCTAssertEqual(outcome, .undoing(operation))
            let stored = try await journal.stored(operation.id)
            XCTAssertNil(stored.cancelledBy)
        }
    }

    func testWhoeverIsFirstDecidesBetweenASetbackAndACancellation() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            let operation = try await journal.claimed()
            _ = try await cancel(operation, in: journal)
            let person = try await journal.recordSetback(Failure(.rollOut, "It crashes."), of: operation)
            XCTAssertEqual(person, ola)
            let kept = try await journal.setback(of: operation.id)
            XCTAssertNil(kept)
        }
    }

    // MARK: Holding

    func testWhatIsHeldLeavesItsLaneFree() async throws {
        try await JournalUnderTest.run { journal in
            var request = OperationRequest.deploy()
            request.needsApproval = true
            _ = try await journal.take(request)
            var operation = try await journal.claimed()
            XCTAssertEqual(operation.approval, Approval())
            operation.commit = testCommit("c")
            let nobody = try await hold(operation, in: journal)
            XCTAssertNil(nobody)
            let held = try await journal.stored(operation.id)
            XCTAssertTrue(held.isHeld)
            XCTAssertEqual(held.approval, Approval(by: nil, heldSince: noon))
            XCTAssertEqual(held.commit, testCommit("c"))
            let none = try await journal.claim(at: noon)
            XCTAssertNil(none)
            _ = try await journal.rescue()
            let noneAfterARestart = try await journal.claim(at: noon)
            XCTAssertNil(noneAfterARestart)
            let other = try await journal.take(.deploy())
            let claimed = try await journal.claimed()
            XCTAssertEqual(claimed.id, other.id)
        }
    }

    func testAnApprovedOneGoesOnAndADeclinedOneEnds() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            let first = try await journal.claimed()
            _ = try await hold(first, in: journal)
            _ = try await journal.take(.deploy())
            let done = try await decide(.approved, first, in: journal)
            guard case .done(let approved)? = done else { return XCTFail("\(String(describing: done))") }
            XCTAssertEqual(approved.approval?.by, ola)
            let again = try await decide(.declined, first, in: journal)
            XCTAssertEqual(again, .notHeld(approved))
            let claimed = try await journal.claimed()
            XCTAssertEqual(claimed.id, first.id, "it keeps its place")
            XCTAssertEqual(claimed.approval?.by, ola)
            try await journal.end(claimed)
            let second = try await journal.claimed()
            _ = try await hold(second, in: journal)
            _ = try await decide(.declined, second, in: journal)
            let declined = try await journal.stored(second.id)
            XCTAssertEqual(declined.state, .cancelled)
            XCTAssertNil(declined.cancelledBy)
            let told = try await journal.deliverAll().map(\.draft)
            XCTAssertEqual(told, [detail("held"), detail("decided, 0 ahead"), detail("held"), detail("decided, 0 ahead")])
            let lines = try await audit(journal)
            XCTAssertEqual(lines, [.decline, .approve])
        }
    }

    func testWhatSomebodyStopsIsNotHeld() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            let operation = try await journal.claimed()
            _ = try await cancel(operation, in: journal)
            let person = try await hold(operation, in: journal)
            XCTAssertEqual(person, ola)
            let stored = try await journal.stored(operation.id)
            XCTAssertEqual(stored.state, .running)
        }
    }

    func testWhatIsHeldForTooLongEnds() async throws {
        try await JournalUnderTest.run { journal in
            for age in [0, 60, 120] {
                _ = try await journal.take(.deploy())
                let operation = try await journal.claimed()
                _ = try await hold(operation, at: later(TimeInterval(age)), in: journal)
            }
            let second = try await journal.stored(OperationID(2))
            _ = try await decide(.approved, second, in: journal)
            let lapsed = try await journal.lapse(
                heldSince: later(60), at: later(90),
                auditing: { .ended($0, because: "Nobody came.", at: later(90)) }, notices: { _ in [detail("lapsed")] })
            XCTAssertEqual(lapsed.map(\.id.number), [1])
            XCTAssertEqual(lapsed.map(\.state), [.cancelled])
            let line = try await journal.audit(of: cats, atMost: 1).entries.first
            XCTAssertEqual(
                line,
                AuditEntry(
                    date: later(90), trigger: .watch, place: nil, deed: Deed(.cancel, cats, .test),
                    revision: Revision("main"), decision: .accepted, reason: "Nobody came.",
                    operation: OperationID(1)))
            let again = try await journal.lapse(
                heldSince: later(60), at: later(90), auditing: { .ended($0, because: "", at: noon) }, notices: { _ in [] })
            XCTAssertEqual(again, [])
        }
    }

    func testANewerPushOvertakesOneThatIsHeld() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.push())
            let first = try await journal.claimed()
            _ = try await hold(first, in: journal)
            _ = try await journal.take(.push(commit: testCommit("b")))
            let overtaken = try await journal.stored(first.id)
            XCTAssertEqual(overtaken.state, .superseded)
        }
    }

    func testTwoAtOnceActOnce() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            let operation = try await journal.claimed()
            _ = try await hold(operation, in: journal)
            let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<20 {
                    let (ola, entry) = (ola, entry(.approve, operation))
                    group.addTask {
                        let decision = try await journal.decide(
                            index % 2 == 0 ? .approved : .declined, on: operation.id, by: ola, at: noon, key: nil,
                            auditing: entry, notices: { _, _ in [] })
                        if case .done? = decision { return true }
                        return false
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            XCTAssertEqual(outcomes, 1)
            let lines = try await audit(journal)
            XCTAssertEqual(lines.count, 1)
        }
    }

    // MARK: Looking

    func testWhatIsUnderWayAndWhatServes() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            _ = try await journal.take(.deploy(dogs))
            _ = try await journal.take(.deploy())
            _ = try await journal.claimed()
            let unfinished = try await journal.unfinished(of: cats, atMost: 10).map(\.id.number)
            XCTAssertEqual(unfinished, [1, 3])
            let one = try await journal.unfinished(of: cats, atMost: 1).map(\.id.number)
            XCTAssertEqual(one, [1])
            var running = try await journal.stored(OperationID(1))
            let nothing = try await journal.liveOperation(of: cats, in: .test)
            XCTAssertNil(nothing)
            running.releaseNumber = try await journal.reserveRelease(for: running, plan: testPlan(running), at: noon)
            try await journal.end(running, .released)
            let live = try await journal.liveOperation(of: cats, in: .test)
            XCTAssertEqual(live?.id, running.id)
            let elsewhere = try await journal.liveOperation(of: cats, in: .prod)
            XCTAssertNil(elsewhere)
        }
    }
}
