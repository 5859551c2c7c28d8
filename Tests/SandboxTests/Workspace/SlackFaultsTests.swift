import HTTP
import JSON
import XCTest

@testable import Sandbox

/// What tests of the bot can make go wrong.
final class SlackFaultsTests: XCTestCase {
    private let message: JSON = ["channel": .string(Workspace.channelID), "text": "x"]

    private func count(_ slack: SlackHarness) async throws -> Int { try await slack.workspace.shown().count }

    func testStatusesAndRefusals() async throws {
        try await SlackHarness.with { slack in
            slack.server.faults.next(2, .status(429, retryAfterSeconds: 7), of: "chat.postMessage")
            slack.server.faults.next(1, .status(503), of: "chat.postMessage")
            slack.server.faults.next(1, .refuse("fatal_error"))
            let other = try await slack.send("auth.test")
            XCTAssertEqual(try JSON.parse(other.body)["error"], "fatal_error", "a plan without a method means all")
            var seen: [String] = []
            for _ in 0..<4 {
                let answer = try await slack.send("chat.postMessage", message)
                seen.append("\(answer.status) \(answer.headers["Retry-After"] ?? "-")")
            }
            XCTAssertEqual(seen, ["429 7", "429 7", "503 -", "200 -"])
            let left = try await count(slack)
            XCTAssertEqual(left, 1)
            XCTAssertEqual(slack.server.calls.all.map(\.outcome), ["fatal_error", "429", "429", "503", "ok"])
            XCTAssertEqual(slack.server.calls.of("chat.postMessage").last?.arguments["text"], "x")
        }
    }

    func testBrokenConnections() async throws {
        try await SlackHarness.with { slack in
            for (fault, done) in [
                (SlackFaults.Fault.cut, 0), (.dropAnswer, 1), (.badGateway, 2), (.delay(.milliseconds(1)), 3),
            ] {
                slack.server.faults.next(1, fault)
                let answer = try? await slack.send("chat.postMessage", message)
                switch fault {
                case .badGateway: XCTAssertEqual(answer?.status, 502)
                case .delay: XCTAssertEqual(answer?.status, 200)
                default: XCTAssertNil(answer)
                }
                let left = try await count(slack)
                XCTAssertEqual(left, done, "\(fault)")
            }
        }
    }

    func testHangingCallsAreLetGo() async throws {
        try await SlackHarness.with { slack in
            slack.server.faults.next(1, .hangAfterwards, of: "chat.postMessage") { $0["text"] == "slow" }
            slack.server.faults.next(1, .hang, of: "chat.update")
            let message = message
            let quick = try await slack.error("chat.postMessage", message)
            XCTAssertNil(quick, "the plan means another text")
            let late: JSON = ["channel": .string(Workspace.channelID), "text": "slow"]
            async let slow = slack.send("chat.postMessage", late)
            async let edit = slack.send("chat.update", message)
            await slack.server.faults.wait(untilHanging: 2)
            let done = try await count(slack)
            XCTAssertEqual(done, 2)
            slack.server.faults.clear()
            let (first, second) = (try? await slow, try? await edit)
            XCTAssertNil(first)
            XCTAssertNil(second)
        }
    }

    func testSlackGoesDownAndComesBack() async throws {
        try await SlackHarness.with { slack in
            let url = slack.server.url
            await slack.server.stop()
            do {
                _ = try await slack.send("auth.test")
                XCTFail("somebody answered")
            } catch let error as HTTPClientError {
                guard case .cannotConnect = error else { return XCTFail("\(error)") }
            }
            let back = try slack.server.start()
            XCTAssertEqual(back, url)
            try await slack.expect("auth.test", [:], nil)
        }
    }

    func testCallsCanBeWaitedFor() async throws {
        try await SlackHarness.with { slack in
            let calls = slack.server.calls
            async let waited: Void = calls.wait { $0.count { $0.method == "chat.postMessage" } == 2 }
            for _ in 0..<2 { _ = try await slack.post("x") }
            await waited
            let never = Task { await calls.wait { _ in false } }
            never.cancel()
            await never.value
            XCTAssertEqual(calls.of("chat.postMessage").count, 2)
        }
    }
}
