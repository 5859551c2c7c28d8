import Deploys
import Foundation
import JSON
import Store
import TestSupport
import XCTest

@testable import GitHub

/// A journal, a courier, and the GitHub that it tells what the journal knows.
struct CommitBench: Sendable {
    let gitHub: GitHubBench
    let journal: SQLiteJournal
    let logs: FileBuildLogs
    let signals = Signals()
    let sha: CommitID
    /// What the courier has written down: `told check 1`.
    let events = Watched<[String]>([])
    /// What GitHub did not take.
    let errors = Watched<[CommitBoardError]>([])
    let lines = Watched<[String]>([])
    let mask = SecretMask(["correct-horse-battery"])

    static let fullName = "iterate/cats"

    static func with(
        asPerson: Bool = false, timeout: Duration = .seconds(20), _ body: (CommitBench) async throws -> Void
    ) async throws {
        try await GitHubBench.with(asPerson: asPerson, timeout: timeout) { gitHub in
            try await withTemporaryDirectory { directory in
                let sha = try await gitHub.gitHub.push(gitHub.repository, ["README": "cats"])
                let journal = try await SQLiteJournal.open(directory)
                let bench = CommitBench(
                    gitHub: gitHub, journal: journal, logs: FileBuildLogs(directory: directory),
                    sha: try XCTUnwrap(CommitID(sha)))
                do { try await body(bench) } catch {
                    await journal.close()
                    throw error
                }
                await journal.close()
            }
        }
    }

    var courier: CommitCourier {
        let ahead = gitHub.ahead
        return CommitCourier(
            book: WatchedBook(book: journal, events: events),
            board: WatchedBoard(board: GitHubCommitBoard(gitHub.client), errors: errors), logs: logs,
            mask: mask.masked, signals: signals, now: { Date.now.addingTimeInterval(ahead.value) }, speed: 100,
            log: Log { [lines] level, line in lines.change { $0.append("\(level.rawValue) \(line)") } })
    }

    /// Runs the courier until `body` has returned.
    func telling(_ body: (CommitCourier) async throws -> Void) async throws {
        let courier = courier
        let run = Task { await courier.run() }
        do { try await body(courier) } catch {
            run.cancel()
            await run.value
            throw error
        }
        run.cancel()
        await run.value
    }

    /// Waits until so many things were told, since the beginning.
    func told(_ kind: CommitPart.Kind, times: Int) async throws {
        try await events.wait(for: "\(times) times told \(kind)") { events in
            events.count { $0.hasPrefix("told \(kind.rawValue)") } >= times
        }
    }

    func failed(times: Int) async throws {
        try await errors.wait(for: "\(times) refusals") { $0.count >= times }
    }

    // MARK: What happens

    func push(_ sha: CommitID? = nil, subject: String = "Feed the cats") async throws -> Deploys.Operation {
        let commit = Commit(id: sha ?? self.sha, subject: subject, author: "Kari")
        let request = OperationRequest(
            kind: .push, app: gitHub.cats, environment: .test, revision: Revision("main"),
            trigger: .push(by: "kari"), channel: "#iterapp-logs", commit: commit, deduplicationKey: nil)
        let acceptance = try await journal.accept(request, at: .now) { operation, _ in
            [Self.draft(operation, .queued(ahead: 0))]
        } superseding: { overtaken, newer in
            [Self.draft(overtaken, .superseded(by: newer.commit))]
        }
        signals.notices.fire()
        guard case .accepted(let operation) = acceptance else { throw TestFailure("\(acceptance)") }
        return operation
    }

    func record(
        _ operation: Deploys.Operation, _ phase: Phase, _ change: (inout Report) -> Void = { _ in }
    ) async throws {
        try await journal.record(operation, notices: [Self.draft(operation, phase, change)])
        signals.notices.fire()
    }

    /// - Returns: the operation with its build.
    func beginBuild(_ operation: Deploys.Operation) async throws -> (Deploys.Operation, Build) {
        var operation = operation
        let commit = try XCTUnwrap(operation.commit)
        let build = try await journal.beginBuild(of: commit.id, for: operation, at: .now)
        operation.buildNumber = build.number
        try await record(operation, .preparing)
        return (operation, build)
    }

    func finish(_ build: Build) async throws {
        var build = build
        build.images = ["": ImageReference("registry/cats@sha256:1")]
        try await journal.finishBuild(build, at: .now)
    }

    func fail(_ operation: Deploys.Operation, _ failure: Failure) async throws {
        var ended = operation
        (ended.state, ended.finishedAt) = (.failed, .now)
        try await journal.settle(ended, .nothing, notices: [Self.draft(ended, .failed(failure))])
        signals.notices.fire()
    }

    static func draft(
        _ operation: Deploys.Operation, _ phase: Phase, _ change: (inout Report) -> Void = { _ in }
    ) -> NoticeDraft {
        var report = Report(operation: operation, appLabel: "cats", phase: phase)
        report.logURL = "https://iterapp.example/operations/\(operation.id)"
        change(&report)
        return .live(report)
    }

    // MARK: What GitHub shows

    var checkRuns: [JSON] { gitHub.gitHub.checkRuns(of: Self.fullName) }
    var deployments: [JSON] { gitHub.gitHub.deployments(of: Self.fullName) }

    func states(_ deployment: JSON?) -> [String] {
        deployment?["statuses"]?.array?.compactMap { $0["state"]?.string } ?? []
    }
}

/// Passes on, and tells what was written down.
private struct WatchedBook: CommitBook {
    let book: any CommitBook
    let events: Watched<[String]>

    private func note(_ event: String, _ news: CommitNews) {
        events.change { $0.append("\(event) \(news.kind.rawValue) \(news.target.operation)") }
    }

    func commitLanes(atMost maxCount: Int) async throws(JournalError) -> [CommitLane] {
        try await book.commitLanes(atMost: maxCount)
    }
    func nextCommitNews(in lane: CommitLane) async throws(JournalError) -> CommitNews? {
        try await book.nextCommitNews(in: lane)
    }
    func begin(_ news: CommitNews) async throws(JournalError) { try await book.begin(news) }
    func opened(_ news: CommitNews, as id: Int64) async throws(JournalError) {
        try await book.opened(news, as: id)
        note("opened", news)
    }
    func told(_ news: CommitNews) async throws(JournalError) {
        try await book.told(news)
        note("told", news)
    }
    func forgetEntry(of news: CommitNews) async throws(JournalError) { try await book.forgetEntry(of: news) }
    func putAside(_ news: CommitNews, reason: String) async throws(JournalError) {
        try await book.putAside(news, reason: reason)
        note("aside", news)
    }
    func retryRefusedCommits() async throws(JournalError) { try await book.retryRefusedCommits() }
    func giveUpCommits(before date: Date) async throws(JournalError) { try await book.giveUpCommits(before: date) }
}

private struct WatchedBoard: CommitBoard {
    let board: any CommitBoard
    let errors: Watched<[CommitBoardError]>

    private func watching<T: Sendable>(
        _ body: () async throws(CommitBoardError) -> T
    ) async throws(CommitBoardError) -> T {
        do throws(CommitBoardError) { return try await body() } catch {
            errors.change { $0.append(error) }
            throw error
        }
    }

    func open(_ check: CheckPage, of target: CommitTarget) async throws(CommitBoardError) -> OpenedEntry {
        try await watching { () async throws(CommitBoardError) in try await board.open(check, of: target) }
    }
    func update(_ id: Int64, to check: CheckPage, of target: CommitTarget) async throws(CommitBoardError) {
        try await watching { () async throws(CommitBoardError) in try await board.update(id, to: check, of: target) }
    }
    func find(_ check: CheckPage, of target: CommitTarget) async throws(CommitBoardError) -> Int64? {
        try await watching { () async throws(CommitBoardError) in try await board.find(check, of: target) }
    }
    func open(_ deployment: DeploymentMark, of target: CommitTarget) async throws(CommitBoardError) -> OpenedEntry {
        try await watching { () async throws(CommitBoardError) in try await board.open(deployment, of: target) }
    }
    func update(
        _ id: Int64, to deployment: DeploymentMark, description: String, of target: CommitTarget
    ) async throws(CommitBoardError) {
        try await watching { () async throws(CommitBoardError) in
            try await board.update(id, to: deployment, description: description, of: target)
        }
    }
    func find(_ deployment: DeploymentMark, of target: CommitTarget) async throws(CommitBoardError) -> Int64? {
        try await watching { () async throws(CommitBoardError) in try await board.find(deployment, of: target) }
    }
}
