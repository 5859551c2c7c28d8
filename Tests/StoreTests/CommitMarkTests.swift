import Deploys
import SQLite
import TestSupport
import XCTest

@testable import Store

/// What commits' pages were told and shall be told, over the whole life of operations.
final class CommitMarkTests: XCTestCase {
    func testAReportThatChangesWhatIsSaidPutsTheMarkBehindInTheSameTransaction() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(cats, in: journal)
            let push = try await journal.take(.push(), with: .queued(ahead: 0))
            try await check(journal, ["check queued"])
            let news = try await next(.check, in: journal)
            XCTAssertEqual(news.target, CommitTarget(operation: push.id, app: cats, commit: testCommit().id))
            XCTAssertNil(news.id)
            XCTAssertFalse(news.isBegun)
            try await journal.begin(news)
            let doubtful = try await next(.check, in: journal)
            XCTAssertTrue(doubtful.isBegun)
            try await journal.opened(news, as: 77)
            try await journal.told(news)
            try await check(journal, [])
            // The same once more is no news; something else is.
            try await journal.record(push, notices: [Self.report(push, .queued(ahead: 3))])
            try await check(journal, [])
            try await journal.record(push, notices: [Self.report(push, .preparing)])
            try await check(journal, ["check inProgress"])
            let later = try await next(.check, in: journal)
            XCTAssertEqual(later.id, 77)
            XCTAssertFalse(later.isBegun)
        }
    }

    func testWhatCameWhileItWasToldIsStillToBeTold() async throws {
        try await withSQLiteJournal { journal, _ in
            let push = try await journal.take(.push(), with: .queued(ahead: 0))
            let news = try await next(.check, in: journal)
            try await journal.record(push, notices: [Self.report(push, .preparing)])
            try await journal.told(news)
            try await check(journal, ["check inProgress"])
            // Back to what was told: nothing to tell.
            try await journal.record(push, notices: [Self.report(push, .queued(ahead: 0))])
            try await check(journal, [])
        }
    }

    func testAPushThatIsOvertakenBeforeAnybodySawItIsToldOnItsCommit() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(cats, in: journal)
            let first = try await journal.take(.push(), with: .queued(ahead: 0))
            let second = try await accept(.push(commit: testCommit("b")), in: journal)
            try await check(journal, ["check completed(Deploys.CheckMark.Conclusion.skipped)"])
            let news = try await next(.check, in: journal)
            XCTAssertEqual(news.target.operation, first.id)
            guard case .check(let mark)? = news.part else { return XCTFail("no check") }
            XCTAssertTrue(mark.paragraphs[0].contains(testCommit("b").id.sha), mark.paragraphs[0])
            try await journal.told(news)
            try await check(journal, ["check queued"])
            let other = try await next(.check, in: journal)
            XCTAssertEqual(other.target.operation, second.id)
            let posts = try await journal.statistics().outbox.posts
            XCTAssertEqual(posts, 2, "of the registration and of the newer push")
        }
    }

    /// It ends before anybody is told of it, and is finished when its first report is written.
    func testAPushThatIsToldAfterItsFollowerIsToldOnItsCommit() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(cats, in: journal)
            let (old, late, newest) = (testCommit("a").id, testCommit("b"), testCommit("c"))
            var follower = OperationRequest.push(commit: newest)
            follower.move = BranchMove(branch: "main", before: late.id, origin: .told)
            _ = try await accept(follower, in: journal)
            var request = OperationRequest.push(commit: late)
            request.move = BranchMove(branch: "main", before: old, origin: .told)
            let operation = try await accept(request, in: journal)
            XCTAssertEqual(operation.state, .superseded)
            try await journal.told(try await next(.check, in: journal))
            let news = try await next(.check, in: journal)
            XCTAssertEqual(news.target.operation, operation.id)
            try await check(journal, ["check completed(Deploys.CheckMark.Conclusion.skipped)"])
        }
    }

    func testWhatIsToldGoesToTheRepositorysPresentName() async throws {
        try await withSQLiteJournal { journal, _ in
            let name = AppID(organisation: "iterate", name: "tigers")
            try await register(cats, SourceRepository(id: 7, name: name), in: journal)
            _ = try await accept(.push(), in: journal)
            let news = try await next(.check, in: journal)
            XCTAssertEqual(news.target.repository, name)
            XCTAssertEqual(news.target.app, cats)
        }
    }

    func testARepeatedReleaseTakesThePlaceOfTheOneBefore() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(cats, in: journal)
            let first = try await release(.push(to: .prod), in: journal)
            try await tellAll(journal)
            let second = try await release(.push(to: .prod, commit: testCommit("b")), in: journal)
            let news = try await next(.deployment, in: journal)
            XCTAssertEqual(news.target.operation, first.id, "in order")
            guard case .deployment(let mark)? = news.part else { return XCTFail("no deployment") }
            XCTAssertEqual(mark.state, .inactive)
            XCTAssertEqual(mark.description, "Release #2 took its place.")
            try await journal.told(news)
            let live = try await next(.deployment, in: journal)
            XCTAssertEqual(live.target.operation, second.id)
            // A third one changes nothing about the first.
            try await tellAll(journal)
            _ = try await release(.push(to: .prod, commit: testCommit("c")), in: journal)
            let third = try await next(.deployment, in: journal)
            XCTAssertEqual(third.target.operation, second.id)
        }
    }

    func testADeployOfAReadyBuildHasNoCheck() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(cats, in: journal)
            let push = try await release(.push(), in: journal)
            try await tellAll(journal)
            var deploy = try await journal.take(.deploy(to: .prod))
            _ = try await journal.claimed()
            deploy.commit = testCommit()
            deploy.buildNumber = push.buildNumber
            try await journal.record(deploy, notices: [Self.report(deploy, .applying)])
            try await check(journal, ["deployment inProgress"])
        }
    }

    func testWhatIsPutAsideWaitsForNewsOrForTheNextStart() async throws {
        try await withSQLiteJournal { journal, _ in
            let push = try await journal.take(.push(), with: .queued(ahead: 0))
            let news = try await next(.check, in: journal)
            try await journal.putAside(news, reason: "no such commit")
            try await check(journal, [])
            let figures = try await journal.statistics().commits
            XCTAssertEqual(figures.putAside, 1)
            XCTAssertEqual(figures.behind, 0)
            try await journal.record(push, notices: [Self.report(push, .queued(ahead: 1))])
            try await check(journal, [])
            try await journal.record(push, notices: [Self.report(push, .preparing)])
            try await check(journal, ["check inProgress"])
            // Of something that is no longer to be told, nothing is put aside.
            try await journal.putAside(news, reason: "no such commit")
            try await check(journal, ["check inProgress"])
            try await journal.putAside(try await next(.check, in: journal), reason: "no such commit")
            try await check(journal, [])
            try await journal.retryRefusedCommits()
            try await check(journal, ["check inProgress"])
        }
    }

    func testTheAgeCountsFromWhenItFellBehind() async throws {
        try await withTemporaryDirectory { directory in
            let now = Watched(noon)
            let journal = try await SQLiteJournal.open(directory) { now.value }
            let push = try await journal.take(.push(), with: .queued(ahead: 0))
            now.change { $0 = later(50) }
            try await journal.record(push, notices: [Self.report(push, .preparing)])
            var oldest = try await journal.statistics().commits.oldest
            XCTAssertEqual(oldest, noon, "it was behind already")
            try await journal.told(try await next(.check, in: journal))
            now.change { $0 = later(90) }
            try await journal.record(push, notices: [Self.report(push, .queued(ahead: 0))])
            oldest = try await journal.statistics().commits.oldest
            XCTAssertEqual(oldest, later(90))
            await journal.close()
        }
    }

    func testWhatIsTooOldIsGivenUp() async throws {
        try await withSQLiteJournal { journal, _ in
            _ = try await journal.take(.push(), with: .queued(ahead: 0))
            try await journal.giveUpCommits(before: noon)
            let behind = try await journal.statistics().commits
            XCTAssertEqual(behind.behind, 1)
            XCTAssertEqual(behind.oldest, noon)
            try await journal.putAside(try await next(.check, in: journal), reason: "x")
            try await journal.giveUpCommits(before: later(1))
            let figures = try await journal.statistics().commits
            XCTAssertEqual(figures, CommitStatistics())
        }
    }

    func testOperationsThatEndedBeforeMarksWereKeptGetNone() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(cats, in: journal)
            let old = try await release(.push(to: .prod), in: journal)
            try await journal.writer.run { try $0.execute("DELETE FROM commit_marks") }
            _ = try await release(.push(to: .prod, commit: testCommit("b")), in: journal)
            let rows = try await journal.reader.run {
                try $0.run("SELECT count(*) AS n FROM commit_marks WHERE operation = ?", [.integer(old.id.number)])
                    .first?.int("n")
            }
            XCTAssertEqual(rows, 0)
        }
    }

    func testLanesAreToldApartAndTheOldestIsFirst() async throws {
        try await withSQLiteJournal { journal, _ in
            for app in [dogs, cats] {
                try await register(app, in: journal)
                _ = try await journal.take(.push(app), at: app == cats ? noon : later(5), with: .queued(ahead: 0))
            }
            let lanes = try await journal.commitLanes(atMost: 10)
            XCTAssertEqual(lanes, [CommitLane(app: cats, kind: .check), CommitLane(app: dogs, kind: .check)])
            let first = try await journal.commitLanes(atMost: 1)
            XCTAssertEqual(first.count, 1)
            XCTAssertEqual(lanes.last?.app.name, "Dogs", "as it is written")
        }
    }

    // MARK: Material

    private static func report(_ operation: Deploys.Operation, _ phase: Phase) -> NoticeDraft {
        .live(Report(operation: operation, appLabel: operation.app.name, phase: phase))
    }

    private func register(
        _ app: AppID, _ repository: SourceRepository? = nil, in journal: SQLiteJournal
    ) async throws {
        var registered = App(id: app, defaultBranch: "main", defaultEnvironment: .test)
        registered.repository = repository
        let registration = try await journal.take(.other(.register, app), with: .queued(ahead: 0))
        _ = try await journal.claimed()
        try await journal.end(
            registration, .registered(registered),
            notices: [Self.report(registration, .registered(defaultBranch: "main"))])
    }

    private func accept(_ request: OperationRequest, in journal: SQLiteJournal) async throws -> Deploys.Operation {
        let report = { @Sendable (operation: Deploys.Operation, phase: Phase) in Self.report(operation, phase) }
        let acceptance = try await journal.accept(request, at: noon) { operation, ahead in
            [report(operation, .queued(ahead: ahead))]
        } superseding: { overtaken, newer in
            [report(overtaken, .superseded(by: newer.commit))]
        }
        guard case .accepted(let operation) = acceptance else { throw NotOffered() }
        return operation
    }

    /// From being asked for to being live.
    private func release(_ request: OperationRequest, in journal: SQLiteJournal) async throws -> Deploys.Operation {
        var operation = try await accept(request, in: journal)
        _ = try await journal.claimed()
        var build = try await journal.beginBuild(of: testCommit().id, for: operation, at: noon)
        operation.buildNumber = build.number
        try await journal.record(operation, notices: [Self.report(operation, .preparing)])
        build.images = [:]
        try await journal.finishBuild(build, at: noon)
        operation.releaseNumber = try await journal.reserveRelease(
            for: operation, plan: testPlan(operation), at: noon)
        try await journal.record(operation, notices: [Self.report(operation, .applying)])
        operation.state = .succeeded
        operation.finishedAt = later(60)
        try await journal.settle(
            operation, .released, notices: [Self.report(operation, .live([Site(url: "https://cats.cool/")]))])
        return operation
    }

    private func next(_ kind: CommitPart.Kind, in journal: SQLiteJournal) async throws -> CommitNews {
        let news = try await journal.nextCommitNews(in: CommitLane(app: cats, kind: kind))
        return try XCTUnwrap(news)
    }

    private func tellAll(_ journal: SQLiteJournal) async throws {
        for kind in CommitPart.Kind.allCases {
            while let news = try await journal.nextCommitNews(in: CommitLane(app: cats, kind: kind)) {
                if news.id == nil { try await journal.opened(news, as: news.target.operation.number) }
                try await journal.told(news)
            }
        }
    }

    /// What is next in each lane of the app.
    private func check(
        _ journal: SQLiteJournal, _ expected: [String], file: StaticString = #filePath, line: UInt = #line
    ) async throws {
        var found: [String] = []
        for lane in try await journal.commitLanes(atMost: 10) {
            switch try await journal.nextCommitNews(in: lane)?.part {
            case .check(let mark)?: found.append("check \(mark.state)")
            case .deployment(let mark)?: found.append("deployment \(mark.state)")
            case nil: found.append("nothing")
            }
        }
        XCTAssertEqual(found, expected, file: file, line: line)
    }
}

extension SQLiteJournal {
    fileprivate func take(
        _ request: OperationRequest, at now: Date = noon, with phase: Phase
    ) async throws -> Deploys.Operation {
        let acceptance = try await accept(
            request, at: now,
            notices: { operation, _ in
                [.live(Report(operation: operation, appLabel: operation.app.name, phase: phase))]
            }, superseding: { _, _ in [] })
        guard case .accepted(let operation) = acceptance else { throw NotOffered() }
        return operation
    }
}
