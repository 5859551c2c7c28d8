import Foundation
import HTTP
import JSON
import Slack
import XCTest

@testable import Sandbox

/// Slack's own client for Python drives the stand-in, and judges signatures and blocks beside us.
final class SlackSDKTests: XCTestCase {
    func testTheClientFindsWhatItExpects() async throws {
        try await SlackHarness.with { slack in
            slack.server.faults.next(2, .status(429, retryAfterSeconds: 1)) { $0["text"] == "limited" }
            let workspace = slack.workspace
            let said = try await SlackSDK.run("client.py", [
                "url": .string(slack.server.url), "token": "xoxb-test", "bot": .string(Workspace.botID),
                "member": .string(Workspace.annID), "channel": .string(Workspace.channelID),
                "general": .string(Workspace.generalID), "random": .string(Workspace.randomID),
                "private": .string(Workspace.privateID),
                "triggers": [
                    .string(await workspace.newTrigger(for: Workspace.annID)),
                    .string(await workspace.newTrigger(for: Workspace.annID)),
                ],
            ])
            XCTAssertEqual(said["names"], ["general", "iterapp-logs", "random"])
            XCTAssertEqual(said["patience"], [429, "1"])
            XCTAssertEqual(said["refusals"], [
                "token": "invalid_auth", "private": "channel_not_found", "outside": "not_in_channel",
                "empty": "no_text", "blocks": "invalid_blocks", "gone": "message_not_found",
                "trigger": "exchanged_trigger_id", "history": "not_in_channel", "user": "user_not_found",
                "code": "invalid_client_id",
            ])
            let root = try await workspace.message(try XCTUnwrap(said["ts"]?.string))
            XCTAssertEqual(root?.text, "cats is live")
            XCTAssertEqual(root?.blocks.count, 3)
            let thread = try await workspace.replies(to: root?.timestamp ?? "", Workspace.Range(limit: 9))
            XCTAssertEqual(thread.map(\.text), ["line 1\nline 2", "The whole log"])
            let file = try await workspace.file(thread.last?.files.first?["id"]?.string ?? "")
            XCTAssertEqual(file.map { String(decoding: $0.content, as: UTF8.self) }, "one\ntwo\n")
            let told = await workspace.whispers(to: Workspace.annID)
            XCTAssertEqual(told.map(\.text), ["psst"])
            let modal = await workspace.modal(of: Workspace.annID)
            XCTAssertEqual(modal?.privateMetadata, "42")
            let home = try await workspace.home(of: Workspace.annID)
            XCTAssertEqual(home?.blocks.first?.at("text", "text"), "My apps")
            let used = Set(slack.server.calls.all.map(\.method))
            let missed = SlackMethod.allCases.map(\.rawValue).filter { !used.contains($0) }
            XCTAssertEqual(missed, [], "the client used every method")
        }
    }

    func testSignaturesAreTheSameBothWays() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            try await caller.command("/iterapp deploy cats ö & <b> 😀")
            try await caller.press(Press("b", on: .home))
            _ = try await caller.openHome()
            let now = Int(slack.clock.now.timeIntervalSince1970)
            func item(_ sent: BotDouble.Received, body: String? = nil) -> JSON {
                [
                    "body": .string(body ?? String(decoding: sent.body, as: UTF8.self)),
                    "timestamp": .string(sent.headers["X-Slack-Request-Timestamp"] ?? ""),
                    "signature": .string(sent.headers["X-Slack-Signature"] ?? ""),
                ]
            }
            let sent = bot.all
            XCTAssertEqual(sent.count, 3)
            let bodies = ["", "payload=%7B%7D", "{\"text\":\"ö 😀\"}"]
            let stamps = [now, now - 299, now + 299].map(String.init)
            let said = try await SlackSDK.run("signatures.py", [
                "secret": .string(BotDouble.secret), "now": .int(now),
                "check": .array(sent.map { item($0) } + [item(sent[0], body: "text=other")]),
                "sign": .array(zip(bodies, stamps).map { ["body": .string($0), "timestamp": .string($1)] }),
            ])
            XCTAssertEqual(said["valid"], [true, true, true, false])
            let ours = SlackSignature(signingSecret: BotDouble.secret)
            for (index, body) in bodies.enumerated() {
                let signature = said["signatures"]?[index]?.string ?? ""
                func request(_ body: String) -> HTTPRequest {
                    HTTPRequest(
                        method: "POST", target: "/slack/events",
                        headers: ["X-Slack-Request-Timestamp": stamps[index], "X-Slack-Signature": signature],
                        body: Array(body.utf8), peer: "")
                }
                XCTAssertTrue(ours.holds(for: request(body), at: slack.clock.now))
                XCTAssertFalse(ours.holds(for: request(body + " "), at: slack.clock.now))
            }
        }
    }
}
