import Deploys
import Foundation
import HTTP
import JSON
import Slack
import Store
import Synchronization
import TestSupport
import XCTest

@testable import Sandbox

/// The journal's notices reach a channel through the real outbox, courier, Web API client and sockets.
final class DeliveryTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    /// One channel behind a Web API whose answers a test may spoil.
    private final class Channel: Sendable {
        enum Fault: Sendable { case refuseWith(HTTPResponse), loseAnswer }

        let workspace: Workspace
        let faults = Mutex<[String: [Fault]]>([:])
        let calls = Mutex<[String: Int]>([:])
        private let server = Mutex<HTTPServer?>(nil)

        init(_ directory: URL) throws {
            workspace = try Workspace(path: directory.appending(path: "workspace.sqlite").path) { .now }
        }

        func start() throws -> String {
            let slack = SlackStandIn(workspace: workspace, token: "xoxb-test")
            var settings = HTTPServerSettings()
            settings.port = 0
            let server = HTTPServer(settings) { [self] request in
                let method = String(request.path.dropFirst("/api/".count))
                calls.withLock { $0[method, default: 0] += 1 }
                let fault = faults.withLock { faults in
                    faults[method]?.isEmpty == false ? faults[method]?.removeFirst() : nil
                }
                switch fault {
                case .refuseWith(let answer): return answer
                case .loseAnswer:
                    _ = await slack.answer(request)
                    return .text(502, "bad gateway")
                case nil: return await slack.answer(request)
                }
            }
            self.server.withLock { $0 = server }
            return "http://127.0.0.1:\(try server.start())/api/"
        }

        func stop() async { await server.withLock { $0 }?.stop(grace: .zero) }

        func spoil(_ method: String, _ faults: [Fault]) { self.faults.withLock { $0[method] = faults } }

        func texts() async throws -> [String] {
            try await workspace.shown().map { ($0.threadTimestamp == nil ? "" : "↳ ") + $0.text }
        }
    }

    private struct Desk {
        let journal: SQLiteJournal
        let channel: Channel
        let signals = Signals()
        let courier: Courier

        init(_ directory: URL, _ channel: Channel, url: String) async throws {
            journal = try await SQLiteJournal.open(directory)
            self.channel = channel
            let api = SlackWebAPI(client: HTTPClient(), baseURL: url, token: "xoxb-test")
            courier = Courier(
                outbox: journal, messenger: SlackMessenger(api: api), signals: signals,
                pace: Pace(burst: 1_000, perSecond: 1_000), now: { .now }, log: .silent)
        }

        /// Runs the courier until nothing waits any more.
        func deliverAll() async throws {
            let running = Task { await courier.run() }
            let deadline = ContinuousClock.now + .seconds(20)
            while try await journal.statistics().undeliveredNotices > 0, ContinuousClock.now < deadline {
                signals.notices.fire()
                try await Task.sleep(for: .milliseconds(10))
            }
            running.cancel()
            await running.value
            let left = try await journal.statistics().undeliveredNotices
            XCTAssertEqual(left, 0, "notices are still waiting")
        }
    }

    private func withDesk(_ body: (Desk) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let channel = try Channel(directory)
            let url = try channel.start()
            let desk = try await Desk(directory.appending(path: "state"), channel, url: url)
            try await body(desk)
            await desk.journal.close()
            await channel.stop()
        }
    }

    private func accept(_ desk: Desk, key: String = "1") async throws -> Deploys.Operation {
        let request = OperationRequest(
            kind: .deploy, app: cats, environment: .test, revision: Revision("main"),
            trigger: .command(Person(id: "U1", name: "ada")), channel: "#iterapp-logs", deduplicationKey: key)
        let acceptance = try await desk.journal.accept(request, at: .now) { operation, ahead in
            [.live(Report(operation: operation, appLabel: "cats", phase: .queued(ahead: ahead)))]
        } superseding: { _, _ in [] }
        guard case .accepted(let operation) = acceptance else { throw TestFailure("a duplicate, unexpectedly") }
        return operation
    }

    private func finish(_ operation: Deploys.Operation, _ desk: Desk) async throws {
        var ended = operation
        ended.state = .succeeded
        let report = Report(operation: ended, appLabel: "cats", phase: .live([Site(url: "http://cats/")]))
        try await desk.journal.settle(
            ended, .nothing,
            notices: [.live(report), .detail(title: "Details", lines: ["one"]), .announcement(report)])
    }

    private let delivered = [
        "✅ cats is live on test", "↳ Details", "✅ cats is live on test: <http://cats/|cats>",
    ]

    func testOneLiveMessageIsEditedAndTheRestFollowsInOrder() async throws {
        try await withDesk { desk in
            let operation = try await accept(desk)
            try await desk.deliverAll()
            let first = try await desk.channel.texts()
            XCTAssertEqual(first, ["⏳ Deploying cats to test"])
            try await finish(operation, desk)
            try await desk.deliverAll()
            let all = try await desk.channel.texts()
            XCTAssertEqual(all, delivered)
        }
    }

    func testALostAnswerIsNoSecondMessage() async throws {
        try await withDesk { desk in
            let operation = try await accept(desk)
            desk.channel.spoil("chat.postMessage", [.loseAnswer])
            try await desk.deliverAll()
            try await finish(operation, desk)
            desk.channel.spoil("chat.postMessage", [.loseAnswer, .loseAnswer])
            try await desk.deliverAll()
            let all = try await desk.channel.texts()
            XCTAssertEqual(all, delivered)
        }
    }

    func testRetryAfterIsHonoured() async throws {
        try await withDesk { desk in
            let refusal = HTTPResponse(status: 429, headers: ["Retry-After": "2"])
            desk.channel.spoil("chat.postMessage", [.refuseWith(refusal)])
            let start = ContinuousClock.now
            _ = try await accept(desk)
            try await desk.deliverAll()
            XCTAssertGreaterThanOrEqual(ContinuousClock.now - start, .seconds(1.9))
            XCTAssertEqual(desk.channel.calls.withLock { $0["chat.postMessage"] }, 2)
        }
    }

    func testEditsCoalesceWhileTheChannelIsSlow() async throws {
        try await withDesk { desk in
            let operation = try await accept(desk)
            try await desk.deliverAll()
            for ready in 0..<200 {
                let report = Report(
                    operation: operation, appLabel: "cats", phase: .rollingOut(ready: ready, wanted: 200))
                try await desk.journal.record(operation, notices: [.live(report)])
            }
            try await finish(operation, desk)
            try await desk.deliverAll()
            let edits = desk.channel.calls.withLock { $0["chat.update"] ?? 0 }
            XCTAssertEqual(edits, 1, "only the newest state is worth an edit")
            let all = try await desk.channel.texts()
            XCTAssertEqual(all, delivered)
        }
    }

    func testTheTokenReachesSlackAndNobodyElse() async throws {
        try await withDesk { desk in
            desk.channel.spoil("chat.postMessage", [.refuseWith(.text(500, "xoxb-other"))])
            let lines = Mutex<[String]>([])
            let api = SlackWebAPI(client: HTTPClient(), baseURL: "http://127.0.0.1:1/", token: "xoxb-secret")
            let courier = Courier(
                outbox: desk.journal, messenger: SlackMessenger(api: api), signals: desk.signals, now: { .now },
                log: Log { _, line in lines.withLock { $0.append(line) } })
            _ = try await accept(desk)
            let running = Task { await courier.run() }
            let deadline = ContinuousClock.now + .seconds(20)
            while lines.withLock({ $0.isEmpty }), ContinuousClock.now < deadline {
                desk.signals.notices.fire()
                try await Task.sleep(for: .milliseconds(10))
            }
            running.cancel()
            await running.value
            let said = lines.withLock { $0.joined(separator: "\n") }
            XCTAssertTrue(said.contains("no connection"), said)
            XCTAssertFalse(said.contains("xoxb-secret"))
        }
    }
}
