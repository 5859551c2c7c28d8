import JSON
import XCTest

@testable import Sandbox

/// `chat.*`, over sockets.
final class SlackChatTests: XCTestCase {
    private let section: JSON = ["type": "section", "text": ["type": "mrkdwn", "text": "hello"]]

    func testAPostIsSeenAndNamed() async throws {
        try await SlackHarness.with { slack in
            for (channel, id) in [
                (Workspace.channelID, Workspace.channelID), ("#general", Workspace.generalID),
                ("general", Workspace.generalID), (Workspace.annID, Workspace.directID(of: Workspace.annID)),
                (Workspace.directID(of: Workspace.bobID), Workspace.directID(of: Workspace.bobID)),
            ] {
                let answer = try await slack.call("chat.postMessage", [
                    "channel": .string(channel), "text": "fallback", "blocks": [section],
                    "metadata": ["event_type": "t", "event_payload": ["a": 1]],
                ])
                XCTAssertEqual(answer["ok"], true, answer.text)
                XCTAssertEqual(answer["channel"]?.string, id)
                let message = try await slack.workspace.message(try XCTUnwrap(answer["ts"]?.string), in: id)
                XCTAssertEqual(message?.text, "fallback")
                XCTAssertEqual(message?.blocks.first?["text"], section["text"])
                XCTAssertNotNil(message?.blocks.first?["block_id"]?.string, "blocks get ids")
                XCTAssertEqual(message?.metadata?["event_payload"], ["a": 1])
                XCTAssertEqual(answer["message"]?["app_id"]?.string, Workspace.appID)
            }
        }
    }

    func testArgumentsMayComeAsAForm() async throws {
        try await SlackHarness.with { slack in
            let answer = try await slack.call("chat.postMessage", [
                "channel": .string(Workspace.channelID), "text": "a+b & ö", "blocks": [section],
            ], as: .form)
            let message = try await slack.workspace.message(try XCTUnwrap(answer["ts"]?.string, answer.text))
            XCTAssertEqual(message?.text, "a+b & ö")
            XCTAssertEqual(message?.blocks.count, 1)
            let broken = try await slack.error("chat.postMessage", [
                "channel": .string(Workspace.channelID), "blocks": "[{",
            ], as: .form)
            XCTAssertEqual(broken, "invalid_blocks_format")
        }
    }

    func testWhereTheBotMayNotPost() async throws {
        try await SlackHarness.with { slack in
            try await slack.workspace.setArchived(Workspace.generalID, true)
            for (channel, error) in [
                ("C0NOWHERE1", "channel_not_found"), ("#nowhere", "channel_not_found"),
                ("U0NOBODY", "channel_not_found"),
                (Workspace.randomID, "not_in_channel"), ("#random", "not_in_channel"),
                (Workspace.privateID, "channel_not_found"), ("#plans", "channel_not_found"),
                (Workspace.generalID, "is_archived"),
            ] {
                let said = try await slack.error("chat.postMessage", ["channel": .string(channel), "text": "x"])
                XCTAssertEqual(said, error, channel)
            }
            try await slack.workspace.invite(Workspace.botID, to: Workspace.privateID)
            let invited = try await slack.call("chat.postMessage", ["channel": "#plans", "text": "x"])
            XCTAssertEqual(invited["channel"]?.string, Workspace.privateID)
            try await slack.workspace.setArchived(Workspace.generalID, false)
            let back = try await slack.error("chat.postMessage", ["channel": "#general", "text": "x"])
            XCTAssertEqual(back, "not_in_channel", "bringing a channel back does not bring its bots back")
            slack.server.grant.scopes.insert("chat:write.public")
            let open = try await slack.call("chat.postMessage", ["channel": "#random", "text": "x"])
            XCTAssertEqual(open["ok"], true)
        }
    }

    func testWhatIsNoMessage() async throws {
        try await SlackHarness.with { slack in
            let channel = JSON.string(Workspace.channelID)
            func expect(_ arguments: JSON, _ error: String, line: UInt = #line) async throws {
                try await slack.expect("chat.postMessage", arguments, error, line: line)
            }
            try await expect(["channel": channel], "no_text")
            try await expect(["channel": channel, "text": "", "blocks": []], "no_text")
            try await expect(["text": "x"], "invalid_arguments")
            try await expect(["channel": 7, "text": "x"], "invalid_arguments")
            try await expect(["channel": channel, "text": ["x"]], "invalid_arguments")
            try await expect(["channel": channel, "blocks": ["type": "divider"]], "invalid_blocks_format")
            try await expect(["channel": channel, "blocks": [["type": "nonsense"]]], "invalid_blocks")
            try await expect(["channel": channel, "text": "x", "thread_ts": "yesterday"], "invalid_thread_ts")
            try await expect(
                ["channel": channel, "text": "x", "metadata": ["event_type": "a"]], "invalid_metadata_schema")
            try await expect(["channel": channel, "text": "x", "metadata": [1]], "invalid_metadata_format")
            let large: JSON = [
                "event_type": "a", "event_payload": ["x": .string(String(repeating: "x", count: 16 << 10))],
            ]
            try await expect(["channel": channel, "text": "x", "metadata": large], "metadata_too_large")
            let shown = try await slack.workspace.shown()
            XCTAssertEqual(shown, [])
        }
    }

    func testLongTextsAndManyBlocks() async throws {
        try await SlackHarness.with { slack in
            let timestamp = try await slack.post(String(repeating: "é", count: 41_000))
            let posted = try await slack.workspace.message(timestamp)
            XCTAssertEqual(posted?.text.count, 40_000, "what is too long is cut off")
            let channel = JSON.string(Workspace.channelID)
            func update(_ count: Int) async throws -> String? {
                try await slack.error("chat.update", [
                    "channel": channel, "ts": .string(timestamp), "text": .string(String(repeating: "x", count: count)),
                ])
            }
            let fitting = try await update(4_000)
            let tooLong = try await update(4_001)
            XCTAssertNil(fitting)
            XCTAssertEqual(tooLong, "msg_too_long")

            var long = section
            long["text"] = ["type": "mrkdwn", "text": .string(String(repeating: "x", count: 2_600))]
            let within = try await slack.error("chat.postMessage", [
                "channel": channel, "blocks": .array(Array(repeating: long, count: 5)),
            ])
            let beyond = try await slack.error("chat.postMessage", [
                "channel": channel, "blocks": .array(Array(repeating: long, count: 5) + [section]),
            ])
            XCTAssertNil(within)
            XCTAssertEqual(beyond, "msg_blocks_too_long")
        }
    }

    func testThreads() async throws {
        try await SlackHarness.with { slack in
            let root = try await slack.post("root")
            let answer = try await slack.post("answer", thread: root)
            let replies = try await slack.workspace.replies(to: root, Workspace.Range(limit: 9))
            XCTAssertEqual(replies.map(\.timestamp), [answer])
            let gone = try await slack.post("gone")
            try await slack.workspace.delete(gone)
            let lost = try await slack.call("chat.postMessage", [
                "channel": .string(Workspace.channelID), "text": "lost", "thread_ts": .string(gone),
            ])
            XCTAssertEqual(lost["ok"], true)
            XCTAssertNil(lost["message"]?["thread_ts"], "without a root, Slack posts into the channel itself")
            try await slack.workspace.delete(root)
            let late = try await slack.call("chat.postMessage", [
                "channel": .string(Workspace.channelID), "text": "late", "thread_ts": .string(root),
            ])
            XCTAssertEqual(late["message"]?["thread_ts"]?.string, root, "a thread with answers outlives its root")
        }
    }

    func testEdits() async throws {
        try await SlackHarness.with { slack in
            let channel = JSON.string(Workspace.channelID)
            let answer = try await slack.call("chat.postMessage", [
                "channel": channel, "text": "one", "blocks": [section],
                "metadata": ["event_type": "t", "event_payload": [:]],
            ])
            let timestamp = try XCTUnwrap(answer["ts"])
            func message() async throws -> ChatMessage? {
                try await slack.workspace.message(timestamp.string ?? "")
            }
            let header: JSON = ["type": "header", "text": ["type": "plain_text", "text": "new"]]
            try await slack.call("chat.update", ["channel": channel, "ts": timestamp, "blocks": [header]])
            var now = try await message()
            XCTAssertEqual(now?.text, "one", "a text that is not mentioned stays")
            XCTAssertEqual(now?.blocks.first?["type"], "header")
            XCTAssertNotNil(now?.metadata, "metadata that is not mentioned stays")
            XCTAssertEqual(now?.edit?.user, Workspace.botID)

            try await slack.call("chat.update", ["channel": channel, "ts": timestamp, "text": "two"])
            now = try await message()
            XCTAssertEqual(now?.text, "two")
            XCTAssertEqual(now?.blocks, [], "a text without blocks takes their place")
            try await slack.call("chat.update", ["channel": channel, "ts": timestamp, "text": "3", "metadata": [:]])
            now = try await message()
            XCTAssertNil(now?.metadata)
        }
    }

    func testWhatCannotBeEditedOrDeleted() async throws {
        try await SlackHarness.with { slack in
            let mine = JSON.string(try await slack.post("mine"))
            let elsewhere = JSON.string(try await slack.post("elsewhere", in: "#general"))
            let theirs = JSON.string(try await slack.workspace.post(user: Workspace.annID, text: "hers").timestamp)
            let channel = JSON.string(Workspace.channelID)
            for (method, verb) in [("chat.update", "cant_update_message"), ("chat.delete", "cant_delete_message")] {
                try await slack.expect(
                    method, ["channel": channel, "ts": "1700000000.000000", "text": "x"], "message_not_found")
                try await slack.expect(
                    method, ["channel": channel, "ts": elsewhere, "text": "x"], "message_not_found")
                try await slack.expect(method, ["channel": channel, "ts": theirs, "text": "x"], verb)
                try await slack.expect(
                    method, ["channel": "#iterapp-logs", "ts": mine, "text": "x"], "channel_not_found")
                try await slack.expect(
                    method, ["channel": .string(Workspace.privateID), "ts": mine, "text": "x"], "channel_not_found")
                try await slack.expect(method, ["channel": channel, "text": "x"], "invalid_arguments")
            }
            let empty = try await slack.error("chat.update", ["channel": channel, "ts": mine])
            XCTAssertEqual(empty, "no_text")
            try await slack.workspace.setArchived(Workspace.generalID, true)
            let archived = try await slack.error(
                "chat.update", ["channel": .string(Workspace.generalID), "ts": elsewhere, "text": "x"])
            XCTAssertEqual(archived, "is_inactive")
            let deleted = try await slack.call("chat.delete", ["channel": channel, "ts": mine])
            XCTAssertEqual(deleted["ts"], mine)
            let left = try await slack.workspace.shown()
            XCTAssertEqual(left.map(\.text), ["hers"])
        }
    }

    func testOnePersonSeesAnEphemeral() async throws {
        try await SlackHarness.with { slack in
            let arguments: JSON = [
                "channel": .string(Workspace.channelID), "user": .string(Workspace.annID), "text": "psst",
            ]
            let answer = try await slack.call("chat.postEphemeral", arguments)
            let told = await slack.workspace.whispers(to: Workspace.annID)
            XCTAssertEqual(told.map(\.text), ["psst"])
            XCTAssertEqual(answer["message_ts"]?.string, told.first?.timestamp)
            let shown = try await slack.workspace.shown()
            XCTAssertEqual(shown, [])
            try await slack.workspace.remove(Workspace.annID, from: Workspace.channelID)
            let absent = try await slack.error("chat.postEphemeral", arguments)
            XCTAssertEqual(absent, "user_not_in_channel")
            let nobody = try await slack.error("chat.postEphemeral", [
                "channel": .string(Workspace.channelID), "text": "psst",
            ])
            XCTAssertEqual(nobody, "invalid_arguments")
        }
    }
}
