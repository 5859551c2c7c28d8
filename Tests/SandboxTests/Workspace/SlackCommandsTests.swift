import HTTP
import JSON
import XCTest

@testable import Sandbox

/// Slash commands, presses and `response_url`s, as a bot gets them.
final class SlackCommandsTests: XCTestCase {
    func testACommand() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            bot.answerNext(["text": "Understood", "response_type": "ephemeral"])
            let answer = try await caller.command(
                "/iterapp deploy cats & <dogs>+ö", by: Workspace.annID, in: Workspace.generalID)
            XCTAssertNil(answer.failure)
            let sent = try XCTUnwrap(bot.last)
            XCTAssertTrue(sent.isSigned)
            XCTAssertEqual(sent.path, "/slack/commands")
            for (name, value) in [
                ("command", "/iterapp"), ("text", "deploy cats & <dogs>+ö"), ("user_id", Workspace.annID),
                ("user_name", "ann"), ("channel_id", Workspace.generalID), ("channel_name", "general"),
                ("team_id", Workspace.teamID), ("api_app_id", Workspace.appID), ("is_enterprise_install", "false"),
            ] { XCTAssertEqual(sent.field(name), value) }
            let told = await slack.workspace.whispers(to: Workspace.annID)
            XCTAssertEqual(told.map(\.text), ["Understood"])
            XCTAssertEqual(told.first?.channel, Workspace.generalID)

            bot.answerNext(["text": "For all", "response_type": "in_channel"])
            try await caller.command("/iterapp", in: Workspace.directID(of: Workspace.memberID))
            XCTAssertEqual(bot.last?.field("channel_name"), "directmessage")
            XCTAssertEqual(bot.last?.field("text"), "")
            let shown = try await slack.workspace.shown(in: Workspace.directID(of: Workspace.memberID))
            XCTAssertEqual(shown.map(\.text), ["For all"])
        }
    }

    func testAnswersThatSlackCannotShow() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            bot.answerNext(["blocks": [["type": "sofa"]]])
            let odd = try await caller.command("/iterapp help")
            XCTAssertTrue(odd.failure?.contains("invalid_command_response") ?? false, odd.failure ?? "taken")
            bot.answerNext([.text(500, "oops")])
            let broken = try await caller.command("/iterapp help")
            XCTAssertTrue(broken.failure?.contains("500") ?? false)
            await bot.stop()
            let gone = try await caller.command("/iterapp help")
            XCTAssertEqual(gone.status, 0)
            let told = await slack.workspace.whispers(to: Workspace.memberID)
            XCTAssertEqual(told, [])
        }
    }

    private let blocks: [JSON] = [
        [
            "type": "actions", "block_id": "steps",
            "elements": [
                BlockSamples.button,
                [
                    "type": "overflow", "action_id": "more",
                    "options": [["text": ["type": "plain_text", "text": "Log"], "value": "log-7"]],
                ],
            ],
        ]
    ]

    func testAPressOnAMessage() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let message = try await slack.workspace.post(user: Workspace.botID, text: "live", blocks: blocks)
            let place = SlackPlace.message(channel: Workspace.channelID, timestamp: message.timestamp)
            try await caller.press(Press("b", on: place, by: Workspace.bobID))
            let payload = try XCTUnwrap(bot.last?.payload)
            XCTAssertEqual(payload["type"], "block_actions")
            XCTAssertEqual(payload.at("user", "id")?.string, Workspace.bobID)
            XCTAssertEqual(payload.at("team", "id")?.string, Workspace.teamID)
            XCTAssertEqual(payload["api_app_id"]?.string, Workspace.appID)
            XCTAssertEqual(payload.at("channel", "id")?.string, Workspace.channelID)
            XCTAssertEqual(payload.at("message", "ts")?.string, message.timestamp)
            XCTAssertEqual(payload.at("container", "type"), "message")
            XCTAssertEqual(payload.at("container", "is_ephemeral"), false)
            let action = payload["actions"]?[0]
            XCTAssertEqual(action?["value"], "1")
            XCTAssertEqual(action?["block_id"], "steps")
            XCTAssertEqual(action?["type"], "button")
            try await caller.press(Press("more", on: place, value: "log-7"))
            let option = bot.last?.payload["actions"]?[0]
            XCTAssertEqual(option?["type"], "overflow")
            XCTAssertEqual(option?.at("selected_option", "value"), "log-7")
            XCTAssertEqual(option?.at("selected_option", "text", "text"), "Log")
            // A client that shows an older state of the message.
            try await caller.press(Press("gone", on: place, value: "v"))
            XCTAssertEqual(bot.last?.payload["actions"]?[0]?["value"], "v")
        }
    }

    func testAPressOnWhatOnePersonSeesAndOnAHomeTab() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let told = await slack.workspace.whisper(
                to: Workspace.annID, in: Workspace.generalID, text: "?", blocks: blocks, thread: "1.000000")
            try await caller.press(Press("b", on: .ephemeral(timestamp: told.timestamp), by: Workspace.annID))
            let payload = try XCTUnwrap(bot.last?.payload)
            XCTAssertNil(payload["message"], "Slack does not tell what an ephemeral message says")
            XCTAssertEqual(payload.at("container", "is_ephemeral"), true)
            XCTAssertEqual(payload.at("container", "thread_ts"), "1.000000")
            XCTAssertEqual(payload.at("channel", "id")?.string, Workspace.generalID)

            let home = try await slack.workspace.publishHome(
                for: Workspace.annID, hash: nil, ["type": "home", "blocks": .array(blocks)])
            try await caller.press(Press("b", on: .home, by: Workspace.annID))
            let pressed = try XCTUnwrap(bot.last?.payload)
            XCTAssertEqual(pressed.at("view", "id")?.string, home.id)
            XCTAssertEqual(pressed.at("view", "hash")?.string, home.hash)
            XCTAssertEqual(pressed.at("container", "type"), "view")
            XCTAssertNil(pressed["channel"])
            XCTAssertNil(pressed["response_url"])
            let trigger = try XCTUnwrap(pressed["trigger_id"]?.string)
            let user = try await slack.workspace.exchange(trigger)
            XCTAssertEqual(user, Workspace.annID)
        }
    }
}
