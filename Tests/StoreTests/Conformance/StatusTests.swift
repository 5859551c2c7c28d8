import Deploys
import XCTest

final class StatusTests: XCTestCase {
    private func register(_ app: AppID = cats, in journal: JournalUnderTest.Ports) async throws {
        _ = try await journal.take(.other(.register, app))
        let operation = try await journal.claimed()
        try await journal.end(
            operation, .registered(App(id: app, defaultBranch: "main", defaultEnvironment: .test)))
    }

    /// Brings a release live.
    @discardableResult
    private func release(
        _ request: OperationRequest = .deploy(), commit: Commit = testCommit(), sites: [Site] = [],
        in journal: JournalUnderTest.Ports
    ) async throws -> Deploys.Operation {
        _ = try await journal.take(request)
        var operation = try await journal.claimed()
        operation.commit = commit
        operation.buildNumber = try await journal.beginBuild(of: commit.id, for: operation, at: noon).number
        operation.releaseNumber = try await journal.reserveRelease(for: operation, plan: testPlan(operation), at: noon)
        let report = Report(operation: operation, appLabel: "cats", phase: .live(sites))
        try await journal.end(operation, .released, notices: [.live(report), .announcement(report)])
        return try await journal.stored(operation.id)
    }

    private func fail(_ request: OperationRequest, in journal: JournalUnderTest.Ports) async throws -> Deploys.Operation {
        _ = try await journal.take(request)
        let operation = try await journal.claimed()
        try await journal.end(operation, as: .failed)
        return try await journal.stored(operation.id)
    }

    private func records(in journal: JournalUnderTest.Ports) async throws -> [AppRecord] {
        let journal: any StatusJournal = journal
        return try await journal.records(of: try await journal.apps().map(\.id))
    }

    /// The same whether one app is asked for or all.
    private func environments(
        of app: AppID = cats, in journal: JournalUnderTest.Ports
    ) async throws -> [EnvironmentRecord] {
        let record = try await journal.records(of: [app]).first
        let all = try await records(in: journal)
        XCTAssertEqual(record, all.first { $0.app.id == app })
        return try XCTUnwrap(record).environments
    }

    func testAnAppThatWasNeverDeployedHasNoEnvironments() async throws {
        try await JournalUnderTest.run { journal in
            let unknown = try await journal.records(of: [cats])
            XCTAssertEqual(unknown, [])
            try await register(dogs, in: journal)
            try await register(cats, in: journal)
            let records = try await journal.records(of: [dogs, AppID(organisation: "a", name: "b"), cats])
            XCTAssertEqual(records.map(\.app.id), [dogs, cats], "in the order in which they were asked for")
            XCTAssertEqual(records.map(\.environments), [[], []])
        }
    }

    func testWhatIsLiveIsTheNewestReleaseWithAllThatIsKnownOfIt() async throws {
        try await JournalUnderTest.run { journal in
            try await register(in: journal)
            let site = Site(url: "https://cats.app/?a=\"b\"", waitingFor: "Waiting for \"DNS\".\n")
            try await release(in: journal)
            let second = try await release(commit: testCommit("b"), sites: [site], in: journal)
            try await release(.deploy(to: .prod), in: journal)
            let found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.environment), [.prod, .test], "prod first")
            let live = LiveRelease(
                number: 2, commit: testCommit("b"), buildNumber: 2, revision: Revision("main"),
                since: try XCTUnwrap(second.finishedAt), trigger: .command(kari))
            XCTAssertEqual(
                found.last, EnvironmentRecord(
                    environment: .test, release: live, previousRelease: 1, sites: [site], underWay: nil, failed: nil))
            XCTAssertNil(found.first?.previousRelease, "the releases of other environments are none of its own")
        }
    }

    func testWhatIsUnderWayIsTheNewestThatHasNotEnded() async throws {
        try await JournalUnderTest.run { journal in
            try await register(in: journal)
            _ = try await journal.take(.deploy())
            let running = try await journal.claimed()
            let first = try await environments(in: journal)
            XCTAssertEqual(first.map(\.underWay), [running])
            XCTAssertEqual(first.map(\.release), [nil])
            let queued = try await journal.take(.deploy())
            _ = try await journal.take(.push(to: nil))
            let build = OperationRequest(
                kind: .build, app: cats, environment: .prod, revision: Revision("main"), trigger: .command(kari),
                channel: room, deduplicationKey: nil)
            _ = try await journal.take(build)
            let both = try await environments(in: journal)
            XCTAssertEqual(both.map(\.underWay), [queued], "a build deploys nothing, whatever its button offers")
            try await journal.end(running, as: .cancelled)
            let next = try await journal.claimed()
            try await journal.end(next, as: .cancelled)
            let none = try await environments(in: journal)
            XCTAssertEqual(none, [])
        }
    }

    func testAFailureCountsUntilSomethingSucceeds() async throws {
        try await JournalUnderTest.run { journal in
            try await register(in: journal)
            let first = try await fail(.deploy(), in: journal)
            var found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.failed), [first], "also before the first release")
            try await release(in: journal)
            found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.failed), [nil])
            _ = try await fail(.deploy(), in: journal)
            let last = try await fail(.push(commit: testCommit("c")), in: journal)
            found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.failed), [last])
            XCTAssertEqual(found.map(\.release?.number), [1], "which is live all the same")
            _ = try await journal.take(.deploy())
            try await journal.end(try await journal.claimed(), as: .cancelled)
            found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.failed), [last], "what was cancelled proves nothing")
            let repair = OperationRequest(
                kind: .repair, app: cats, environment: .test, revision: nil, trigger: .watch, channel: room,
                deduplicationKey: nil)
            _ = try await journal.take(repair)
            try await journal.end(try await journal.claimed())
            found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.failed), [nil])
        }
    }

    func testSitesFollowTheirWatch() async throws {
        try await JournalUnderTest.run { journal in
            try await register(in: journal)
            let waiting = Site(url: "https://cats.cool/", waitingFor: "DNS")
            let old = try await release(sites: [waiting], in: journal)
            let oldWatch = try await journal.siteWatches(dueAt: later(5), atMost: 9)[0]
            let new = try await release(sites: [waiting], in: journal)
            var watch = try await journal.siteWatches(dueAt: later(5), atMost: 9)[0]
            func phase(_ sentence: String?) -> Phase { .live([Site(url: waiting.url, waitingFor: sentence)]) }
            watch.report = Report(operation: new, appLabel: "cats", phase: phase("its certificate"))
            try await journal.keep(watch, notices: [.live(watch.report)])
            var found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.sites), [[Site(url: waiting.url, waitingFor: "its certificate")]])
            var late = oldWatch
            late.report = Report(operation: old, appLabel: "cats", phase: phase("what is long over"))
            try await journal.keep(late, notices: [])
            try await journal.end(watch, notices: [.live(Report(operation: new, appLabel: "cats", phase: phase(nil)))])
            found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.sites), [[Site(url: waiting.url)]])
        }
    }

    func testWhoComesBackFindsWhatRunsButNothingThatNobodyLooksAt() async throws {
        try await JournalUnderTest.run { journal in
            try await register(in: journal)
            try await release(sites: [Site(url: "https://cats.cool/", waitingFor: "DNS")], in: journal)
            _ = try await journal.deregister(.other(.deregister), at: noon) { _ in [] }
            let gone = try await journal.records(of: [cats])
            XCTAssertEqual(gone, [])
            try await register(in: journal)
            let found = try await environments(in: journal)
            XCTAssertEqual(found.map(\.release?.number), [1])
            XCTAssertEqual(found.map(\.sites), [[]])
        }
    }

    func testAppsThatSomebodyTouchedComeNewestFirst() async throws {
        try await JournalUnderTest.run { journal in
            let birds = AppID(organisation: "zoo", name: "birds")
            let ada = Person(id: "U2", name: "ada")
            _ = try await journal.take(.deploy(birds), at: later(-100))
            for app in [cats, dogs, dogs, cats] { _ = try await journal.take(.deploy(app)) }
            _ = try await journal.take(.deploy(birds, by: ada))
            let touched = try await journal.apps(touchedBy: kari.id, since: later(-100), atMost: 9)
            XCTAssertEqual(touched, [cats, dogs, birds])
            let recent = try await journal.apps(touchedBy: kari.id, since: later(-99), atMost: 9)
            XCTAssertEqual(recent, [cats, dogs])
            let one = try await journal.apps(touchedBy: kari.id, since: .distantPast, atMost: 1)
            XCTAssertEqual(one, [cats])
            let nobody = try await journal.apps(touchedBy: "U3", since: .distantPast, atMost: 9)
            XCTAssertEqual(nobody, [])
        }
    }

    func testSomebodyIsMetForTheFirstTimeOnce() async throws {
        try await JournalUnderTest.run { journal in
            let before = try await journal.hasMet("U1")
            XCTAssertFalse(before)
            let first = try await journal.meet("U1", at: noon)
            XCTAssertTrue(first)
            let again = try await journal.meet("U1", at: later(1))
            XCTAssertFalse(again)
            let after = try await journal.hasMet("U1")
            XCTAssertTrue(after)
            let other = try await journal.meet("U2", at: noon)
            XCTAssertTrue(other)
        }
    }
}
