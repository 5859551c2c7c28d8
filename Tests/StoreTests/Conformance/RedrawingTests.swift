import Deploys
import Foundation
import TestSupport
import XCTest

/// Messages lose their buttons when they make no sense any more.
final class RedrawingTests: XCTestCase {
    private let ola = Person(id: "U2", name: "ola")

    private func report(
        _ operation: Deploys.Operation, _ phase: Phase, _ steps: [NextStep]? = nil
    ) -> Report {
        var report = Report(operation: operation, appLabel: "cats", phase: phase)
        report.steps = steps
        return report
    }

    private func press(_ step: NextStep, _ operation: Deploys.Operation, by person: Person) -> OperationRequest {
        var request = OperationRequest(
            kind: .deploy, app: cats, environment: .prod, revision: Revision("main"), trigger: .button(person),
            channel: room, deduplicationKey: nil)
        request.press = Press(step, on: operation.id)
        return request
    }

    /// One that has gone live as the next release.
    private func live(
        _ request: OperationRequest = .deploy(), offering steps: [NextStep], in journal: JournalUnderTest.Ports
    ) async throws -> Deploys.Operation {
        _ = try await journal.take(request)
        var operation = try await journal.claimed()
        operation.releaseNumber = try await journal.reserveRelease(for: operation, plan: testPlan(operation), at: noon)
        var ended = operation
        ended.state = .succeeded
        ended.finishedAt = noon
        try await journal.end(operation, .released, notices: [.live(report(ended, .live([]), steps))])
        return ended
    }

    private func failed(
        _ request: OperationRequest = .deploy(), in journal: JournalUnderTest.Ports
    ) async throws -> Deploys.Operation {
        _ = try await journal.take(request)
        let operation = try await journal.claimed()
        var ended = operation
        ended.state = .failed
        ended.finishedAt = noon
        let phase = Phase.failed(Failure(.build, "No."))
        try await journal.end(operation, as: .failed, notices: [.live(report(ended, phase, [.retry]))])
        return ended
    }

    func testTheLastMessageIsKept() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            let none = try await journal.lastReport(of: operation.id)
            XCTAssertNil(none)
            for phase in [Phase.preparing, .applying] {
                try await journal.record(operation, notices: [.live(report(operation, phase, [.cancel]))])
            }
            _ = try await journal.deliverAll()
            let last = try await journal.lastReport(of: operation.id)
            XCTAssertEqual(last, report(operation, .applying, [.cancel]))
        }
    }

    /// Messages are kept for good, and log lines are long and may be anybody's.
    func testLogLinesAreNotKeptWithTheMessage() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            let failure = Failure(.build, "No.", advice: "Try.", evidence: ["line 1", "line 2"])
            let told = report(operation, .failed(failure), [.retry])
            try await journal.record(operation, notices: [.live(told)])
            let head = try await journal.head()
            XCTAssertEqual(head.draft, .live(told), "what is sent is what was told")
            let last = try await journal.lastReport(of: operation.id)
            XCTAssertEqual(last, report(operation, .failed(Failure(.build, "No.", advice: "Try.")), [.retry]))
        }
    }

    func testAPressActsOnceAndItsMessageSaysWho() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await live(offering: [.deploy(to: .prod), .rollBack(to: 3)], in: journal)
            _ = try await journal.deliverAll()
            let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<20 {
                    let request = press(.deploy(to: .prod), operation, by: index % 2 == 0 ? kari : ola)
                    group.addTask {
                        let acceptance = try await journal.accept(
                            request, at: noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
                        if case .accepted = acceptance { return true }
                        return false
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            XCTAssertEqual(accepted, 1)
            let new = try await journal.operation(of: Press(.deploy(to: .prod), on: operation.id))
            let person = try XCTUnwrap(new?.trigger.person)
            var expected = report(operation, .live([]), [.rollBack(to: 3)])
            expected.sequels = [.deployed(to: .prod, by: person)]
            let told = try await journal.deliverAll()
            XCTAssertEqual(told.map(\.draft), [.live(expected)])
            XCTAssertEqual(told.map(\.operation), [operation.id])
            let nobody = try await journal.operation(of: Press(.rollBack(to: 3), on: operation.id))
            XCTAssertNil(nobody)
        }
    }

    /// Whoever pressed looked at it before the newer release was live, and is written down after.
    func testAStepThatIsNoLongerOfferedIsNotTaken() async throws {
        try await JournalUnderTest.run { journal in
            let old = try await failed(in: journal)
            _ = try await live(offering: [.rollBack(to: 3)], in: journal)
            let before = try await journal.statistics().operations
            let acceptance = try await journal.accept(
                press(.retry, old, by: ola), at: noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            let last = try await journal.lastReport(of: old.id)
            XCTAssertEqual(acceptance, .notOffered(last))
            let unknown = try await journal.accept(
                press(.retry, try await journal.take(.deploy()), by: ola), at: noon, notices: { _, _ in [] },
                superseding: { _, _ in [] })
            XCTAssertEqual(unknown, .notOffered(nil), "nobody was told of it, so nobody pressed anything")
            let after = try await journal.statistics().operations
            XCTAssertEqual(after[.queued], (before[.queued] ?? 0) + 1, "only what was taken here")
            let none = try await journal.operation(of: Press(.retry, on: old.id))
            XCTAssertNil(none)
        }
    }

    func testANewerReleaseTakesAwayTheButtonsOfTheOneBefore() async throws {
        try await JournalUnderTest.run { journal in
            let first = try await live(offering: [.deploy(to: .prod)], in: journal)
            let elsewhere = try await live(.deploy(to: .prod), offering: [.rollBack(to: 9)], in: journal)
            _ = try await journal.deliverAll()
            let second = try await live(offering: [.deploy(to: .prod), .rollBack(to: 1)], in: journal)
            var expected = report(first, .live([]))
            expected.sequels = [.replaced(by: 3)]
            let told = try await journal.deliverAll().map(\.draft)
            XCTAssertEqual(told.last, .live(expected))
            let others = [elsewhere, second]
            for operation in others {
                let last = try await journal.lastReport(of: operation.id)
                XCTAssertNotNil(last?.steps, "\(operation.id)")
            }
        }
    }

    func testASuccessTakesAwayRetryOfOlderFailuresOnly() async throws {
        try await JournalUnderTest.run { journal in
            let old = try await failed(in: journal)
            let otherApp = try await failed(.deploy(dogs), in: journal)
            let held = try await journal.take(.deploy())
            _ = try await journal.claimed()
            _ = try await journal.hold(held, at: noon) { _ in [] }
            let newer = try await failed(in: journal)
            _ = try await journal.decide(
                .approved, on: held.id, by: ola, at: noon, key: nil,
                auditing: AuditEntry(
                    date: noon, trigger: .button(ola), place: nil, deed: Deed(.approve, cats, .test), revision: nil,
                    decision: .accepted, reason: nil, operation: held.id)
            ) { _, _ in [] }
            let approved = try await journal.claimed()
            try await journal.end(approved)
            for (operation, steps) in [(old, nil), (otherApp, [NextStep.retry]), (newer, [.retry])] {
                let last = try await journal.lastReport(of: operation.id)
                XCTAssertEqual(last?.steps, steps, "\(operation.id)")
                XCTAssertNil(last?.sequels)
            }
        }
    }

    func testARegistrationLeavesOtherAppsAlone() async throws {
        try await JournalUnderTest.run { journal in
            let mine = try await failed(.other(.register), in: journal)
            let other = try await failed(.other(.register, dogs), in: journal)
            _ = try await journal.take(.other(.register))
            try await journal.end(try await journal.claimed())
            let cleared = try await journal.lastReport(of: mine.id)
            XCTAssertNil(cleared?.steps)
            let kept = try await journal.lastReport(of: other.id)
            XCTAssertEqual(kept?.steps, [.retry])
        }
    }

    func testARepairTakesNothingAway() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await failed(in: journal)
            _ = try await journal.take(
                OperationRequest(
                    kind: .repair, app: cats, environment: .test, revision: nil, trigger: .watch, channel: room,
                    deduplicationKey: nil))
            try await journal.end(try await journal.claimed())
            let last = try await journal.lastReport(of: operation.id)
            XCTAssertEqual(last?.steps, [.retry])
        }
    }

    /// Its sites are told of for a week: that does not bring its buttons back.
    func testLaterNewsOfAMessageKeepWhatHasBecomeOfIt() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await live(offering: [.rollBack(to: 3)], in: journal)
            _ = try await journal.take(press(.rollBack(to: 3), operation, by: ola))
            let sites = [Site(url: "https://cats.cool/")]
            try await journal.record(operation, notices: [.live(report(operation, .live(sites), [.rollBack(to: 3)]))])
            var expected = report(operation, .live(sites))
            expected.sequels = [.rolledBack(to: 3, by: ola)]
            let last = try await journal.lastReport(of: operation.id)
            XCTAssertEqual(last, expected)
            let told = try await journal.deliverAll().map(\.draft)
            XCTAssertEqual(told.last { $0.isLive }, .live(expected))
        }
    }

    /// Each of the first two is withdrawn before anybody read it; the message of the third was sent.
    func testTheNewestPushTellsOfThoseThatNobodyReadOf() async throws {
        try await JournalUnderTest.run { journal in
            func push(_ digit: Character) async throws -> Int? {
                let acceptance = try await journal.accept(.push(commit: testCommit(digit)), at: noon) { operation, _ in
                    [.live(Report(operation: operation, appLabel: "cats", phase: .queued(ahead: 0)))]
                } superseding: { overtaken, by in
                    [.live(Report(operation: overtaken, appLabel: "cats", phase: .superseded(by: by.commit)))]
                }
                guard case .accepted(let operation) = acceptance else { return nil }
                let report = try await journal.lastReport(of: operation.id)
                return report?.overtakenCount
            }
            let counts = [try await push("a"), try await push("b"), try await push("c")]
            XCTAssertEqual(counts, [nil, 1, 2])
            let told = try await journal.deliverAll()
            XCTAssertEqual(told.map(\.operation.number), [3])
            let next = try await push("d")
            XCTAssertNil(next, "the one before has a message that says so itself")
        }
    }

    func testASuccessDrawsOnlySoManyMessagesAnew() async throws {
        try await JournalUnderTest.run { journal in
            for _ in 0..<30 { _ = try await failed(in: journal) }
            _ = try await journal.deliverAll()
            _ = try await journal.take(.deploy())
            try await journal.end(try await journal.claimed())
            let told = try await journal.deliverAll()
            XCTAssertEqual(told.count, 20)
            XCTAssertEqual(Set(told.map(\.operation.number)), Set(11...30), "the newest ones")
        }
    }
}

extension NoticeDraft {
    fileprivate var isLive: Bool { if case .live = self { true } else { false } }
}
