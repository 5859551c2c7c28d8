import Deploys
import Foundation
import HTTP
import Slack
import Store
import TestSupport
import XCTest

@testable import Sandbox

/// A journal whose notices reach a workspace through the real courier, client and sockets. All is real but Slack, and
/// time, which may run faster.
struct DeliveryDesk {
    let journal: SQLiteJournal
    let slack: SlackServer
    let signals: Signals
    let courier: Courier
    let now: @Sendable () -> Date

    /// - Parameter speed: how many seconds pass in one.
    static func with(
        speed: Double = 1, limits: SlackLimits = .generous, _ body: (DeliveryDesk) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let start = Date()
            let now: @Sendable () -> Date = {
                start.addingTimeInterval(Date().timeIntervalSince(start) * speed)
            }
            let slack = try SlackServer(limits: limits, now: now)
            let base = try slack.start()
            let journal = try await SQLiteJournal.open(directory)
            let desk = DeliveryDesk(journal: journal, slack: slack, base: base, now: now, speed: speed)
            do { try await body(desk) } catch {
                await slack.stop()
                throw error
            }
            await slack.stop()
            await journal.close()
        }
    }

    /// - Parameter base: where the workspace listens.
    init(
        journal: SQLiteJournal, slack: SlackServer, base: String, now: @escaping @Sendable () -> Date,
        speed: Double = 1
    ) {
        let api = SlackWebAPI(client: HTTPClient(), baseURL: base + "/api/", token: "xoxb-test")
        self.journal = journal
        self.slack = slack
        signals = Signals()
        // Wider than Slack's limits: it is they that are met here.
        courier = Courier(
            outbox: journal, messenger: SlackMessenger(api: api), signals: signals,
            pace: Pace(burst: 1_000, perSecond: 1_000), now: now, speed: speed, log: .silent)
        self.now = now
    }

    /// Runs the courier until nothing waits any more, or until the condition holds.
    func deliver(until isDone: (DeliveryDesk) async throws -> Bool = { _ in false }) async throws {
        let running = Task { await courier.run() }
        let deadline = ContinuousClock.now + .seconds(30)
        while try await undelivered() > 0, try await !isDone(self), ContinuousClock.now < deadline {
            signals.notices.fire()
            try await Task.sleep(for: .milliseconds(10))
        }
        running.cancel()
        await running.value
        XCTAssertLessThan(ContinuousClock.now, deadline, "notices are still waiting")
    }

    func undelivered() async throws -> Int { Int(try await journal.statistics().undeliveredNotices) }

    /// The channel, with threads below their messages.
    func texts() async throws -> [String] {
        let all = try await slack.workspace.shown()
        return all.filter { $0.threadTimestamp == nil }.flatMap { root in
            [root.text] + all.filter { $0.threadTimestamp == root.timestamp }.map { "↳ \($0.text)" }
        }
    }

    func outcomes(_ method: String) -> [String] { slack.calls.of(method).map(\.outcome) }

    // MARK: What happens in the journal

    /// - Parameter name: tells one operation's messages from another's.
    func accept(_ name: String = "1") async throws -> Deploys.Operation {
        let request = OperationRequest(
            kind: .deploy, app: AppID(organisation: "iterate", name: "cats"), environment: .test,
            revision: Revision("main"), trigger: .command(Person(id: "U1", name: "ada")),
            channel: "#iterapp-logs", deduplicationKey: name)
        let acceptance = try await journal.accept(request, at: now()) { operation, ahead in
            [.live(Report(operation: operation, appLabel: "cats \(name)", phase: .queued(ahead: ahead)))]
        } superseding: { _, _ in [] }
        guard case .accepted(let operation) = acceptance else { throw TestFailure("a duplicate, unexpectedly") }
        return operation
    }

    /// So many states that come one right after the other.
    func rollOut(_ operation: Deploys.Operation, _ name: String = "1", states: Int) async throws {
        for ready in 0..<states {
            let phase = Phase.rollingOut(ready: ready, wanted: states)
            let report = Report(operation: operation, appLabel: "cats \(name)", phase: phase)
            try await journal.record(operation, notices: [.live(report)])
        }
    }

    func finish(_ operation: Deploys.Operation, _ name: String = "1") async throws {
        var ended = operation
        ended.state = .succeeded
        let report = Report(
            operation: ended, appLabel: "cats \(name)", phase: .live([Site(url: "http://cats\(name)/")]))
        try await journal.settle(
            ended, .nothing,
            notices: [
                .live(report), .detail(title: "Details \(name)", lines: ["one"]), .announcement(report),
            ])
    }

    /// What a finished operation's live message and thread say.
    static func live(_ name: String = "1") -> [String] { ["✅ cats \(name) is live on test", "↳ Details \(name)"] }
    static func announced(_ name: String = "1") -> String {
        "✅ cats \(name) is live on test: <http://cats\(name)/|cats\(name)>"
    }
}
