import Deploys
import Foundation
import HTTP
import Slack
import Synchronization
import TestSupport
import XCTest

@testable import Sandbox

/// The journal's notices reach a channel through the real outbox, courier, Web API client and sockets.
final class DeliveryTests: XCTestCase {
    private let delivered = DeliveryDesk.live() + [DeliveryDesk.announced()]

    func testOneLiveMessageIsEditedAndTheRestFollowsInOrder() async throws {
        try await DeliveryDesk.with { desk in
            let operation = try await desk.accept()
            try await desk.deliver()
            let first = try await desk.texts()
            XCTAssertEqual(first, ["⏳ Deploying cats 1 to test"])
            try await desk.finish(operation)
            try await desk.deliver()
            let all = try await desk.texts()
            XCTAssertEqual(all, delivered)
        }
    }

    func testRetryAfterIsHonoured() async throws {
        try await DeliveryDesk.with { desk in
            desk.slack.faults.next(1, .status(429, retryAfterSeconds: 2), of: "chat.postMessage")
            let start = ContinuousClock.now
            _ = try await desk.accept()
            try await desk.deliver()
            XCTAssertGreaterThanOrEqual(ContinuousClock.now - start, .seconds(1.9))
            XCTAssertEqual(desk.outcomes("chat.postMessage"), ["429", "ok"])
        }
    }

    func testEditsCoalesceWhileTheChannelIsSlow() async throws {
        try await DeliveryDesk.with { desk in
            let operation = try await desk.accept()
            try await desk.deliver()
            try await desk.rollOut(operation, states: 200)
            try await desk.finish(operation)
            try await desk.deliver()
            XCTAssertEqual(desk.outcomes("chat.update"), ["ok"], "only the newest state is worth an edit")
            let all = try await desk.texts()
            XCTAssertEqual(all, delivered)
        }
    }

    func testTheTokenReachesSlackAndNobodyElse() async throws {
        try await DeliveryDesk.with { desk in
            desk.slack.faults.next(1, .status(500), of: "chat.postMessage")
            let lines = Mutex<[String]>([])
            let api = SlackWebAPI(client: HTTPClient(), baseURL: "http://127.0.0.1:1/", token: "xoxb-secret")
            let courier = Courier(
                outbox: desk.journal, messenger: SlackMessenger(api: api), signals: desk.signals, now: { .now },
                log: Log { _, line in lines.withLock { $0.append(line) } })
            _ = try await desk.accept()
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
