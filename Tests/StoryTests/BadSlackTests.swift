import Deploys
import Foundation
import HTTP
import JSON
import Slack
import Store
import TestSupport
import XCTest

@testable import Sandbox

/// What a bad day of Slack's does to the notices of the journal: late, in order, none lost, none twice. All is real
/// but Slack, and time, which runs faster.
final class BadSlackTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    private struct Desk {
        let journal: SQLiteJournal
        let slack: SlackServer
        let signals = Signals()
        let courier: Courier
        let now: @Sendable () -> Date

        /// Runs the courier until nothing waits any more, or until the condition holds.
        func deliver(until isDone: (Desk) async throws -> Bool = { _ in false }) async throws {
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
    }

    /// - Parameter speed: how many seconds pass in one.
    private func withDesk(
        speed: Double, limits: SlackLimits = .real, _ body: (Desk) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let start = Date()
            let now: @Sendable () -> Date = { start.addingTimeInterval(Date().timeIntervalSince(start) * speed) }
            let slack = try SlackServer(limits: limits, now: now)
            let api = SlackWebAPI(client: HTTPClient(), baseURL: try slack.start() + "/api/", token: "xoxb-test")
            let journal = try await SQLiteJournal.open(directory)
            let signals = Signals()
            // Wider than Slack's limits: it is they that are met here.
            let courier = Courier(
                outbox: journal, messenger: SlackMessenger(api: api), signals: signals,
                pace: Pace(burst: 1_000, perSecond: 1_000), now: now, speed: speed, log: .silent)
            let desk = Desk(journal: journal, slack: slack, courier: courier, now: now)
            do { try await body(desk) } catch {
                await slack.stop()
                throw error
            }
            await slack.stop()
            await journal.close()
        }
    }

    private func accept(_ desk: Desk, _ name: String = "1") async throws -> Deploys.Operation {
        let request = OperationRequest(
            kind: .deploy, app: cats, environment: .test, revision: Revision("main"),
            trigger: .command(Person(id: "U1", name: "ada")), channel: "#iterapp-logs", deduplicationKey: name)
        let acceptance = try await desk.journal.accept(request, at: desk.now()) { operation, ahead in
            [.live(Report(operation: operation, appLabel: "cats \(name)", phase: .queued(ahead: ahead)))]
        } superseding: { _, _ in [] }
        guard case .accepted(let operation) = acceptance else { throw TestFailure("a duplicate, unexpectedly") }
        return operation
    }

    private func finish(_ operation: Deploys.Operation, _ desk: Desk, _ name: String = "1") async throws {
        var ended = operation
        ended.state = .succeeded
        let report = Report(
            operation: ended, appLabel: "cats \(name)", phase: .live([Site(url: "http://cats\(name)/")]))
        try await desk.journal.settle(
            ended, .nothing, notices: [
                .live(report), .detail(title: "Details \(name)", lines: ["one"]), .announcement(report),
            ])
    }

    private func live(_ name: String = "1") -> [String] { ["✅ cats \(name) is live on test", "↳ Details \(name)"] }
    private func announced(_ name: String = "1") -> String {
        "✅ cats \(name) is live on test: <http://cats\(name)/|cats\(name)>"
    }

    func testAStormOf429() async throws {
        try await withDesk(speed: 30) { desk in
            let names = (1...8).map(String.init)
            var operations: [Deploys.Operation] = []
            for name in names { operations.append(try await accept(desk, name)) }
            try await desk.deliver()
            for (operation, name) in zip(operations, names) { try await finish(operation, desk, name) }
            try await desk.deliver()
            let texts = try await desk.texts()
            XCTAssertEqual(texts, names.flatMap(live) + names.map(announced))
            let calls = desk.slack.calls.of("chat.postMessage")
            XCTAssertTrue(calls.contains { $0.outcome == "429" }, "no limit was met: nothing is shown")
            for (refused, next) in zip(calls, calls.dropFirst()) where refused.outcome == "429" {
                let pause = next.time.timeIntervalSince(refused.time)
                XCTAssertGreaterThanOrEqual(pause, 0.99, "not before Retry-After")
            }
        }
    }

    func testAnHourWithoutSlack() async throws {
        try await withDesk(speed: 2_000) { desk in
            let early = try await accept(desk, "0")
            try await desk.deliver()
            await desk.slack.stop()
            let began = desk.now()
            let names = (1...5).map(String.init)
            var operations: [(Deploys.Operation, String)] = [(early, "0")]
            for name in names { operations.append((try await accept(desk, name), name)) }
            for (operation, name) in operations {
                for ready in 0..<20 {
                    let phase = Phase.rollingOut(ready: ready, wanted: 20)
                    let report = Report(operation: operation, appLabel: "cats \(name)", phase: phase)
                    try await desk.journal.record(operation, notices: [.live(report)])
                }
                try await finish(operation, desk, name)
            }
            try await desk.deliver { $0.now().timeIntervalSince(began) > 3_600 }
            desk.slack.calls.clear()
            try desk.slack.start()
            try await desk.deliver()
            let texts = try await desk.texts()
            XCTAssertEqual(texts, live("0") + names.flatMap(live) + [announced("0")], "late, in order, none lost")
            XCTAssertEqual(desk.slack.calls.of("chat.update").count, 1, "only the newest state is worth an edit")
        }
    }

    func testAnAnswerThatGotLostIsNoSecondMessage() async throws {
        for fault in [SlackFaults.Fault.dropAnswer, .badGateway, .status(500), .refuse("fatal_error"), .cut] {
            try await withDesk(speed: 60, limits: .generous) { desk in
                desk.slack.faults.next(2, fault, of: "chat.postMessage")
                let operation = try await accept(desk)
                try await desk.deliver()
                desk.slack.faults.next(2, fault, of: "chat.postMessage") { $0["thread_ts"] != nil }
                desk.slack.faults.next(2, fault, of: "chat.update")
                try await finish(operation, desk)
                try await desk.deliver()
                let texts = try await desk.texts()
                XCTAssertEqual(texts, live() + [announced()], "\(fault)")
            }
        }
    }

    func testADeletedMessageIsPostedAnew() async throws {
        try await withDesk(speed: 60) { desk in
            let operation = try await accept(desk)
            try await desk.deliver()
            let root = try await desk.slack.workspace.shown()[0]
            try await desk.slack.workspace.delete(root.timestamp)
            try await finish(operation, desk)
            try await desk.deliver()
            let texts = try await desk.texts()
            XCTAssertEqual(texts, live() + [announced()])
        }
    }

    /// What somebody has to mend: nothing is lost, Slack is not pestered, and all arrives when it is mended.
    func testWhatSomebodyHasToMend() async throws {
        let log = Workspace.channelID
        let bot = Workspace.botID
        typealias Deed = @Sendable (SlackServer) async throws -> Void
        let cases: [(String, Deed, Deed)] = [
            (
                "not_in_channel", { try await $0.workspace.remove(bot, from: log) },
                { try await $0.workspace.invite(bot, to: log) }
            ),
            (
                "is_archived", { try await $0.workspace.setArchived(log, true) },
                { slack in
                    try await slack.workspace.setArchived(log, false)
                    try await slack.workspace.invite(bot, to: log)
                }
            ),
            ("token_revoked", { $0.grant.end(with: "token_revoked") }, { $0.grant.end(with: nil) }),
            ("missing_scope", { $0.grant.scopes.remove("chat:write") }, { $0.grant.scopes.insert("chat:write") }),
        ]
        for (error, spoil, mend) in cases {
            try await withDesk(speed: 600) { desk in
                try await spoil(desk.slack)
                let operation = try await accept(desk)
                try await finish(operation, desk)
                try await desk.deliver { $0.outcomes("chat.postMessage").contains(error) }
                let waiting = try await desk.undelivered()
                XCTAssertGreaterThan(waiting, 0, error)
                XCTAssertEqual(Set(desk.outcomes("chat.postMessage")), [error])
                XCTAssertLessThanOrEqual(desk.slack.calls.all.count, 6, "\(error): Slack is pestered")
                try await mend(desk.slack)
                try await desk.deliver()
                let texts = try await desk.texts()
                XCTAssertEqual(texts, live(), error)
            }
        }
    }
}
