import Deploys
import Foundation
import HTTP
import Kubernetes
import Store
import TestSupport
import XCTest

@testable import Bot

/// From the settings to the end of the process.
final class ServiceTests: XCTestCase {
    /// A server that takes requests and answers none, until it is told to.
    private struct SilentServer: Sendable {
        let asked = Watched(0)
        let mayAnswer = Watched(false)
        let url: String
        private let server: HTTPServer

        init() throws {
            var settings = HTTPServerSettings()
            settings.port = 0
            server = HTTPServer(settings) { [asked, mayAnswer] _ in
                asked.change { $0 += 1 }
                try? await mayAnswer.wait(for: "the end of the test") { $0 }
                return .text(404, "")
            }
            url = "http://127.0.0.1:\(try server.start())"
        }

        func stop() async {
            mayAnswer.change { $0 = true }
            await server.stop(grace: .zero)
        }
    }

    /// A stop in the middle of everything: a request that is being answered, an operation that runs.
    func testAStopFinishesAnsweringPutsWorkBackAndLetsGoOfTheJournal() async throws {
        let gitHub = try SilentServer()
        let cluster = LeaseServer()
        let clusterURL = try cluster.start()
        try await BotBench.with { bench in
            var settings = try bench.settings(["ITERAPP_SOURCE": "github", "GITHUB_URL": gitHub.url])
            settings.cluster.connection = KubernetesConnection(server: clusterURL)
            let slow = Watched(false)
            let mayAnswer = Watched(false)
            let service = Service(settings, log: bench.log.log) { request in
                guard request.path == "/slow" else { return nil }
                slow.change { $0 = true }
                try? await mayAnswer.wait(for: "the stop") { $0 }
                return .text(200, "answered")
            }
            let port = Watched(0)
            let stop = Signal()
            let running = Task {
                try await service.run(until: { await stop.wait() }) { number in port.change { $0 = number } }
            }
            try await port.wait(for: "the port") { $0 > 0 }
            let url = "http://127.0.0.1:\(port.value)"
            let http = HTTPClient()
            let command = bench.command("register cats")
            let accepted = try await http.send(HTTPClientRequest(
                "POST", url + command.target, headers: command.headers, body: command.body))
            XCTAssertEqual(accepted.status, 200)
            try await gitHub.asked.wait(for: "the look-up of the repository") { $0 > 0 }
            XCTAssertNotNil(cluster.holder)
            async let answer = http.send(HTTPClientRequest("GET", url + "/slow"))
            try await slow.wait(for: "the slow request") { $0 }

            let start = ContinuousClock.now
            stop.fire()
            try await waitUntilRefused(url)
            mayAnswer.change { $0 = true }
            let answered = try await answer
            XCTAssertEqual(String(decoding: answered.body, as: UTF8.self), "answered")
            try await running.value
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(10))
            XCTAssertNil(cluster.holder, "the next one need not wait")

            let journal = try await SQLiteJournal.open(bench.state)
            let figures = try await journal.statistics()
            XCTAssertEqual(figures.operations[.queued], 1, "it goes on at the next start")
            XCTAssertEqual(figures.operations[.running], 0)
            XCTAssertGreaterThan(figures.undeliveredNotices, 0, "nobody was told yet, and nothing is lost")
            await journal.close()
            XCTAssertEqual(bench.log.all.last, "info stopped")
            let log = bench.log.all.joined(separator: "\n")
            for secret in [BotBench.signingSecret, BotBench.botToken, BotBench.webhookSecret, BotBench.gitHubToken] {
                XCTAssertFalse(log.contains(secret))
            }
        }
        await gitHub.stop()
        await cluster.stop()
    }

    func testOfTwoBotsOnOneClusterOneWorksAndTheOtherOneSaysSo() async throws {
        let gitHub = try SilentServer()
        let cluster = LeaseServer()
        let clusterURL = try cluster.start()
        cluster.put(holder: "the-other-bot")
        try await BotBench.with { bench in
            var settings = try bench.settings(["ITERAPP_SOURCE": "github", "GITHUB_URL": gitHub.url])
            settings.cluster.connection = KubernetesConnection(server: clusterURL)
            let service = Service(settings, log: bench.log.log)
            let port = Watched(0)
            let stop = Signal()
            let running = Task {
                try await service.run(until: { await stop.wait() }) { number in port.change { $0 = number } }
            }
            try await port.wait(for: "the port") { $0 > 0 }
            let url = "http://127.0.0.1:\(port.value)"
            try await bench.log.wait(for: "the-other-bot, holds the Lease")
            let http = HTTPClient()
            let ready = try await http.send(HTTPClientRequest("GET", url + "/readyz"))
            XCTAssertEqual(ready.status, 503)
            XCTAssertTrue(String(decoding: ready.body, as: UTF8.self).contains("the-other-bot"))
            let metrics = try await http.send(HTTPClientRequest("GET", url + "/metrics"))
            XCTAssertTrue(String(decoding: metrics.body, as: UTF8.self).contains("\niterapp_lease_held 0\n"))
            let command = bench.command("register cats")
            let accepted = try await http.send(HTTPClientRequest(
                "POST", url + command.target, headers: command.headers, body: command.body))
            XCTAssertEqual(accepted.status, 200, "what people ask for is kept")
            XCTAssertEqual(gitHub.asked.value, 0, "and not done")
            stop.fire()
            try await running.value
            XCTAssertEqual(cluster.holder, "the-other-bot")
        }
        await gitHub.stop()
        await cluster.stop()
    }

    /// The service stops accepting first; that shows from outside only.
    private func waitUntilRefused(_ url: String) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            do throws(HTTPClientError) {
                _ = try await HTTPClient().send(HTTPClientRequest("GET", url + "/healthz", timeout: .seconds(2)))
            } catch {
                if case .cannotConnect = error { return }
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        XCTFail("connections are still taken")
    }

    func testAPortThatIsTakenIsNamedAndTheJournalGivenBack() async throws {
        let other = try SilentServer()
        try await BotBench.with { bench in
            let port = other.url.split(separator: ":").last ?? ""
            let service = Service(try bench.settings(["ITERAPP_LISTEN": "127.0.0.1:\(port)"]), log: bench.log.log)
            do {
                try await service.run(until: {}) { _ in }
                XCTFail("it started")
            } catch {
                XCTAssertTrue("\(error)".contains(port), "\(error)")
            }
            let journal = try await SQLiteJournal.open(bench.state)
            await journal.close()
        }
        await other.stop()
    }

    func testAStartThatFailsAfterwardsStopsEverything() async throws {
        struct NotReady: Error {}
        try await BotBench.with { bench in
            let service = Service(try bench.settings(), log: bench.log.log)
            do {
                try await service.run(until: { XCTFail("it ran") }) { _ in throw NotReady() }
                XCTFail("it started")
            } catch {
                XCTAssertTrue(error is NotReady, "\(error)")
            }
            let journal = try await SQLiteJournal.open(bench.state)
            await journal.close()
        }
    }

    func testASecondServiceInTheSameDirectoryIsRefused() async throws {
        try await BotBench.with { bench in
            let parts = try await ServiceParts(try bench.settings(), log: .silent)
            do {
                _ = try await ServiceParts(try bench.settings(), log: .silent)
                XCTFail("two work in one directory")
            } catch {
                XCTAssertTrue("\(error)".contains("in use by another process"), "\(error)")
            }
            await parts.close()
        }
    }

    func testALogLineStaysALine() {
        let time = Date(timeIntervalSince1970: 1_780_000_000)
        XCTAssertEqual(
            Log.line(.warning, "one\r\ntwo\nthree \u{1B}[31mred\u{7}\u{2028}four", at: time),
            "2026-05-28T20:26:40Z warning one |  | two | three \u{FFFD}[31mred\u{FFFD} | four\n")
    }
}
