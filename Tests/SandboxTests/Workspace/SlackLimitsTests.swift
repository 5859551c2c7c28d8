import HTTP
import JSON
import XCTest

@testable import Sandbox

/// Slack's limits, on a clock that the test moves.
final class SlackLimitsTests: XCTestCase {
    private func status(_ slack: SlackHarness, _ method: String, _ arguments: JSON) async throws -> (Int, Int?) {
        let answer = try await slack.send(method, arguments)
        return (answer.status, answer.headers["Retry-After"].flatMap { Int($0) })
    }

    private func post(_ slack: SlackHarness, _ channel: String) async throws -> (Int, Int?) {
        try await status(slack, "chat.postMessage", ["channel": .string(channel), "text": "x"])
    }

    func testAChannelTakesAMessageASecond() async throws {
        try await SlackHarness.with(limits: .real) { slack in
            for _ in 0..<SlackLimits.real.postBurst {
                let (status, _) = try await post(slack, Workspace.channelID)
                XCTAssertEqual(status, 200)
            }
            let (refused, wait) = try await post(slack, "#iterapp-logs")
            XCTAssertEqual(refused, 429, "a channel has one limit, whichever name is used")
            XCTAssertEqual(wait, 1)
            let (other, _) = try await post(slack, Workspace.generalID)
            XCTAssertEqual(other, 200, "each channel has its own")
            slack.clock.advance(1)
            let (taken, _) = try await post(slack, Workspace.channelID)
            XCTAssertEqual(taken, 200)
            let (again, _) = try await post(slack, Workspace.channelID)
            XCTAssertEqual(again, 429)
            let shown = try await slack.workspace.shown()
            XCTAssertEqual(shown.count, SlackLimits.real.postBurst + 1, "what was refused was not done")
        }
    }

    func testEditsHaveTheirTier() async throws {
        try await SlackHarness.with(limits: .real) { slack in
            let timestamp = try await slack.post("x")
            let edit: JSON = ["channel": .string(Workspace.channelID), "ts": .string(timestamp), "text": "y"]
            for _ in 0..<50 {
                let (status, _) = try await status(slack, "chat.update", edit)
                XCTAssertEqual(status, 200)
                slack.clock.advance(0.5)
            }
            let (refused, wait) = try await status(slack, "chat.update", edit)
            XCTAssertEqual(refused, 429)
            XCTAssertEqual(wait, 35, "when the first of them is a minute old")
            let (read, _) = try await status(slack, "chat.delete", edit)
            XCTAssertEqual(read, 200, "other methods go on")
            slack.clock.advance(34)
            let (early, _) = try await status(slack, "chat.update", edit)
            XCTAssertEqual(early, 429)
            slack.clock.advance(1)
            let (taken, _) = try await status(slack, "chat.update", edit)
            XCTAssertEqual(taken, 200)
        }
    }

    func testAWorkspaceTakesSoManyMessages() async throws {
        try await SlackHarness.with(limits: .real) { slack in
            var channels: [String] = []
            for index in 0..<101 {
                let members = [Workspace.botID]
                channels.append(try await slack.workspace.makeChannel("c\(index)", kind: .open, members: members).id)
            }
            for channel in channels.prefix(100) {
                for _ in 0..<3 {
                    let (status, _) = try await post(slack, channel)
                    XCTAssertEqual(status, 200)
                }
            }
            let (refused, wait) = try await post(slack, try XCTUnwrap(channels.last))
            XCTAssertEqual(refused, 429)
            XCTAssertEqual(wait, 60)
        }
    }

    func testGenerousLimitsAreNotMet() async throws {
        try await SlackHarness.with { slack in
            for _ in 0..<120 {
                let (status, _) = try await post(slack, Workspace.channelID)
                XCTAssertEqual(status, 200)
            }
        }
    }

    func testEveryMethodHasATier() {
        // These have limits of their own, which Slack does not publish.
        let special: Set<SlackMethod> = [.postMessage, .testAuth, .exchangeCode]
        for method in SlackMethod.allCases where !special.contains(method) {
            XCTAssertTrue([20, 50, 100].contains(method.callsPerMinute ?? 0), method.rawValue)
        }
    }
}
