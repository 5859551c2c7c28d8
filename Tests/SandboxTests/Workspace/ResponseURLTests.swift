import HTTP
import JSON
import XCTest

@testable import Sandbox

final class ResponseURLTests: XCTestCase {
    private func respond(_ slack: SlackHarness, _ url: String, _ answer: JSON) async throws -> Int {
        try await slack.client.send(
            HTTPClientRequest("POST", url, headers: ["Content-Type": "application/json"], body: answer.bytes)
        ).status
    }

    private func pressed(
        _ slack: SlackHarness, _ bot: BotDouble, _ caller: SlackCaller
    ) async throws -> (ChatMessage, String) {
        let message = try await slack.workspace.post(
            user: Workspace.botID, text: "live", blocks: [BlockSamples.actions([BlockSamples.button])])
        let place = SlackPlace.message(channel: Workspace.channelID, timestamp: message.timestamp)
        try await caller.press(Press("b", on: place, by: Workspace.annID))
        return (message, try XCTUnwrap(bot.last?.payload["response_url"]?.string))
    }

    func testFiveAnswersWithinHalfAnHour() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let (_, url) = try await pressed(slack, bot, caller)
            for index in 0..<6 {
                let status = try await respond(slack, url, ["text": "\(index)"])
                XCTAssertEqual(status, index < 5 ? 200 : 404)
            }
            let told = await slack.workspace.whispers(to: Workspace.annID)
            XCTAssertEqual(told.map(\.text), ["0", "1", "2", "3", "4"])
            let (_, late) = try await pressed(slack, bot, caller)
            slack.clock.advance(30 * 60 + 1)
            let expired = try await respond(slack, late, ["text": "late"])
            XCTAssertEqual(expired, 404)
            XCTAssertEqual(slack.server.calls.of("response_url").map(\.outcome).suffix(2), ["used_url", "expired_url"])
        }
    }

    func testFaultsMeetThemToo() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let (_, url) = try await pressed(slack, bot, caller)
            slack.server.faults.next(1, .status(503), of: "response_url")
            let failed = try await respond(slack, url, ["text": "x"])
            let taken = try await respond(slack, url, ["text": "x"])
            XCTAssertEqual([failed, taken], [503, 200])
            let told = await slack.workspace.whispers(to: Workspace.annID)
            XCTAssertEqual(told.count, 1)
        }
    }

    func testTheOriginalIsReplacedOrDeleted() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let (message, url) = try await pressed(slack, bot, caller)
            _ = try await respond(slack, url, ["text": "done", "replace_original": true])
            var now = try await slack.workspace.message(message.timestamp)
            XCTAssertEqual(now?.text, "done")
            XCTAssertEqual(now?.blocks, [])
            _ = try await respond(slack, url, ["text": "for all", "response_type": "in_channel"])
            let shown = try await slack.workspace.shown()
            XCTAssertEqual(shown.map(\.text), ["done", "for all"])
            _ = try await respond(slack, url, ["delete_original": true])
            now = try await slack.workspace.message(message.timestamp)
            XCTAssertNil(now)
            let empty = try await respond(slack, url, ["response_type": "ephemeral"])
            XCTAssertEqual(empty, 400)
        }
    }

    func testAnEphemeralOriginalIsReplaced() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let told = await slack.workspace.whisper(
                to: Workspace.annID, in: Workspace.channelID, text: "Sure?",
                blocks: [BlockSamples.actions([BlockSamples.button])])
            try await caller.press(Press("b", on: .ephemeral(timestamp: told.timestamp), by: Workspace.annID))
            let url = try XCTUnwrap(bot.last?.payload["response_url"]?.string)
            _ = try await respond(slack, url, ["text": "Done", "replace_original": true])
            var whispers = await slack.workspace.whispers(to: Workspace.annID)
            XCTAssertEqual(whispers.map(\.text), ["Done"])
            XCTAssertEqual(whispers.first?.timestamp, told.timestamp)
            _ = try await respond(slack, url, ["delete_original": true])
            whispers = await slack.workspace.whispers(to: Workspace.annID)
            XCTAssertEqual(whispers, [])
        }
    }
}
