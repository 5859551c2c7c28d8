import Deploys
import Store
import XCTest

final class SiteWatchesTests: XCTestCase {
    private let certificate = CertificateName(namespace: "apps-cats-test", name: "cats-domains")

    private func phase(_ waitingFor: String?) -> Phase {
        .live([Site(url: "https://cats.cool/", waitingFor: waitingFor), Site(url: "https://cats.app/")])
    }

    /// Brings a release live, with a site that waits or none.
    @discardableResult
    private func release(
        _ waitingFor: String?, of app: AppID = cats, in journal: JournalUnderTest.Ports
    ) async throws -> Deploys.Operation {
        _ = try await journal.take(.deploy(app))
        var operation = try await journal.claimed()
        operation.releaseNumber = try await journal.reserveRelease(for: operation, plan: testPlan(operation), at: noon)
        operation.state = .succeeded
        operation.finishedAt = noon
        let report = Report(operation: operation, appLabel: "cats", phase: phase(waitingFor), warnings: 2)
        try await journal.settle(operation, .released, notices: [.live(report), .announcement(report)])
        return operation
    }

    func testADeployWhoseSitesAnswerIsNotWatched() async throws {
        try await JournalUnderTest.run { journal in
            try await release(nil, in: journal)
            let due = try await journal.siteWatches(dueAt: later(9_999), atMost: 9)
            XCTAssertEqual(due, [])
        }
    }

    func testAWatchBeginsWithTheReleaseAndIsDueFiveSecondsLater() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await release("DNS", in: journal)
            let early = try await journal.siteWatches(dueAt: later(4), atMost: 9)
            XCTAssertEqual(early, [])
            let due = try await journal.siteWatches(dueAt: later(5), atMost: 9)
            let report = Report(operation: operation, appLabel: "cats", phase: phase("DNS"), warnings: 2)
            XCTAssertEqual(
                due, [SiteWatch(report: report, began: noon, nextLook: later(5), pauseSeconds: 10, changes: 0)])
        }
    }

    func testTheNewestReleaseOfAnEnvironmentIsWatched() async throws {
        try await JournalUnderTest.run { journal in
            try await release("DNS", in: journal)
            let old = try await journal.siteWatches(dueAt: later(5), atMost: 9)[0]
            let newer = try await release("its certificate", in: journal)
            let due = try await journal.siteWatches(dueAt: later(5), atMost: 9)
            XCTAssertEqual(due.map(\.report.operation.id), [newer.id])
            _ = try await journal.deliverAll()
            try await journal.keep(old, notices: [.live(old.report)])
            try await journal.end(old, notices: [.live(old.report)])
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices, [], "the old message stays as it is")
            try await release(nil, in: journal)
            let none = try await journal.siteWatches(dueAt: later(5), atMost: 9)
            XCTAssertEqual(none, [])
        }
    }

    func testWhatALookBringsIsKeptWithItsNotice() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await release("DNS", in: journal)
            _ = try await journal.deliverAll()
            var watch = try await journal.siteWatches(dueAt: later(5), atMost: 9)[0]
            watch.report = Report(operation: operation, appLabel: "cats", phase: phase("its certificate"), warnings: 2)
            watch.nextLook = later(3_600)
            watch.pauseSeconds = 20
            watch.changes = 1
            try await journal.keep(watch, notices: [.live(watch.report)])
            let early = try await journal.siteWatches(dueAt: later(3_599), atMost: 9)
            XCTAssertEqual(early, [])
            let due = try await journal.siteWatches(dueAt: later(3_600), atMost: 9)
            XCTAssertEqual(due, [watch])
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [.live(watch.report)])
            XCTAssertNotNil(notices.first?.liveMessage, "an edit, not a post")
            try await journal.end(watch, notices: [.live(watch.report)])
            let none = try await journal.siteWatches(dueAt: later(9_999), atMost: 9)
            XCTAssertEqual(none, [])
        }
    }

    func testTheLongestDueComeFirst() async throws {
        try await JournalUnderTest.run { journal in
            let first = try await release("DNS", in: journal)
            let second = try await release("DNS", of: dogs, in: journal)
            var watch = try await journal.siteWatches(dueAt: later(5), atMost: 1)[0]
            XCTAssertEqual(watch.report.operation.id, first.id)
            watch.nextLook = later(6)
            try await journal.keep(watch, notices: [])
            let due = try await journal.siteWatches(dueAt: later(6), atMost: 9)
            XCTAssertEqual(due.map(\.report.operation.id), [second.id, first.id])
        }
    }

    func testAClockThatWasSetBackMakesAWatchDue() async throws {
        try await JournalUnderTest.run { journal in
            try await release("DNS", in: journal)
            let anHourOff = try await journal.siteWatches(dueAt: later(-3_590), atMost: 9)
            XCTAssertEqual(anHourOff.count, 0)
            let due = try await journal.siteWatches(dueAt: later(-3_596), atMost: 9)
            XCTAssertEqual(due.count, 1)
        }
    }

    func testTroublesAreToldOnce() async throws {
        try await JournalUnderTest.run { journal in
            try await journal.end(try await journal.take(.other(.register)), .registered(
                App(id: cats, defaultBranch: "main", defaultEnvironment: .test)))
            let operation = try await release(nil, in: journal)
            _ = try await journal.deliverAll()
            let serving = try await journal.operation(serving: "apps-cats-test")
            XCTAssertEqual(serving?.id, operation.id)
            let nobody = try await journal.operation(serving: "apps-dogs-test")
            XCTAssertNil(nobody)
            for _ in 0..<2 {
                try await journal.tell(
                    [ToldTrouble(certificate, .failing)], about: operation, at: noon, notices: [detail("told")])
            }
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [detail("told")])
            let told = try await journal.toldTroubles()
            XCTAssertEqual(told, [ToldTrouble(certificate, .failing)])
            for _ in 0..<2 {
                try await journal.forgetTroubles(of: certificate, about: operation, notices: [detail("well again")])
            }
            let recovered = try await journal.deliverAll()
            XCTAssertEqual(recovered.map(\.draft), [detail("well again")])
            let none = try await journal.toldTroubles()
            XCTAssertEqual(none, [])
        }
    }
}
