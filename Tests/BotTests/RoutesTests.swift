import Foundation
import HTTP
import XCTest

@testable import Bot

/// The bot's own pages.
final class RoutesTests: XCTestCase {
    private func get(_ path: String, _ routes: Routes, method: String = "GET") async -> HTTPResponse {
        await routes.answer(HTTPRequest(method: method, target: path, headers: [:], body: [], peer: ""))
    }

    func testHealthReadinessAndMetrics() async throws {
        try await BotBench.with { bench in
            let parts = try await ServiceParts(try bench.settings(), log: bench.log.log)
            let state = ServiceState()
            let routes = Routes(parts: parts, state: state)
            let health = await get("/healthz", routes)
            XCTAssertEqual(health.status, 200)
            XCTAssertEqual(health.text, "ok\n")
            let ready = await get("/readyz?verbose", routes)
            XCTAssertEqual(ready.status, 200)
            let metrics = await get("/metrics", routes)
            XCTAssertEqual(
                metrics.headers["Content-Type"], "application/openmetrics-text; version=1.0.0; charset=utf-8")
            XCTAssertTrue(metrics.text.contains("\niterapp_journal_up 1\n"), metrics.text)
            let home = await get("/", routes, method: "HEAD")
            XCTAssertEqual(home.status, 200)

            state.isStopping = true
            let stopping = await get("/readyz", routes)
            XCTAssertEqual(stopping.status, 503)
            let alive = await get("/healthz", routes)
            XCTAssertEqual(alive.status, 200, "it lives until it has stopped")

            state.isStopping = false
            await parts.close()
            let closed = await get("/readyz", routes)
            XCTAssertEqual(closed.status, 503)
            XCTAssertTrue(closed.text.hasPrefix("the journal can't be used: "), closed.text)
            let down = await get("/metrics", routes)
            XCTAssertEqual(down.status, 200)
            XCTAssertTrue(down.text.contains("\niterapp_journal_up 0\n"), down.text)
        }
    }

    /// Slack tells it again when it reads that it was not kept.
    func testNewsOfAChannelAreNotTakenThatCannotBeWrittenDown() async throws {
        try await BotBench.with { bench in
            let parts = try await ServiceParts(try bench.settings(), log: bench.log.log)
            let routes = Routes(parts: parts, state: ServiceState())
            let rename = #"{"type": "channel_rename", "channel": {"id": "C1", "name": "deploys"}}"#
            let news = bench.signed("/slack/events", #"{"type": "event_callback", "event": \#(rename)}"#)
            let kept = await routes.answer(news)
            XCTAssertEqual(kept.status, 200)
            await parts.close()
            let lost = await routes.answer(news)
            XCTAssertEqual(lost.status, 503)
        }
    }

    func testEverythingElseIsNotFound() async throws {
        try await BotBench.with { bench in
            let parts = try await ServiceParts(try bench.settings(), log: bench.log.log)
            let routes = Routes(parts: parts, state: ServiceState())
            for (method, path) in [("GET", "/nothing"), ("POST", "/healthz"), ("DELETE", "/"), ("POST", "/slack/x")] {
                let answer = await get(path, routes, method: method)
                XCTAssertEqual(answer.status, 404, "\(method) \(path)")
            }
            let hook = await get("/github/webhooks", routes, method: "POST")
            XCTAssertEqual(hook.status, 401)
            await parts.close()
        }
    }

    func testWithoutKeysThePageForEncryptingSaysHowToMakeOne() async throws {
        try await BotBench.with { bench in
            let parts = try await ServiceParts(try bench.settings(), log: bench.log.log)
            let page = await get("/encrypt_secret", Routes(parts: parts, state: ServiceState()))
            XCTAssertEqual(page.status, 404)
            XCTAssertTrue(page.text.contains("export ITERAPP_KEYS="), page.text)
            await parts.close()
        }
    }

    func testWithoutASecretThereAreNoWebhooks() async throws {
        try await BotBench.with { bench in
            let parts = try await ServiceParts(try bench.settings(["GITHUB_WEBHOOK_SECRET": ""]), log: bench.log.log)
            let hook = await get("/github/webhooks", Routes(parts: parts, state: ServiceState()), method: "POST")
            XCTAssertEqual(hook.status, 404)
            await parts.close()
        }
    }
}
