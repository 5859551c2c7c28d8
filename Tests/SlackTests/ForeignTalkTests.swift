import Deploys
import Foundation
import HTTP
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// What comes from another workspace or app, signed as it may be, gets a sentence and changes nothing.
final class ForeignTalkTests: XCTestCase {
    func testCommandsAndEvents() async throws {
        try await SlackTalk.with(commandChannels: [ChannelPolicy.direct]) { talk in
            try await talk.bench.register("cats")
            let fields = [
                "command": "/iterapp", "text": "deploy cats test main", "user_id": "U9", "team_id": "T0OTHER",
                "channel_id": Workspace.channelID, "channel_name": Workspace.channelName, "trigger_id": "1",
            ]
            let answer = try await talk.bench.post("/slack/commands", form(fields))
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(try JSON.parse(answer.text)["text"]?.string, RequestWords.foreign.text)
            let event: JSON = [
                "type": "message", "channel_type": "im", "user": "U9", "channel": "D9", "text": "deploy cats test main",
            ]
            let delivery = await talk.caller.tell(event, team: "T0OTHER")
            XCTAssertTrue(delivery.isDelivered)
            await talk.bench.routes.waitForAnswers()
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0)
            XCTAssertEqual(talk.slack.calls.all.map(\.method), [], "our token says nothing there")
            XCTAssertEqual(talk.bench.routes.tally.all.first { $0.kind == .foreign }?.count, 2)
        }
    }

    func testPressesAndForms() async throws {
        let home: JSON = ["ok": true, "team_id": .string(Workspace.teamID)]
        let slack = try ScriptedServer(HTTPResponse(status: 200, body: .bytes(home.bytes)))
        try await SlackBench.with(apiURL: slack.url) { bench in
            await bench.installation.learn()
            try await bench.register("cats")
            let operation = try await bench.end(.failed(Failure(.build, "x")), offering: [.retry])
            var press: JSON = [
                "type": "block_actions", "trigger_id": "1", "team": ["id": "T0OTHER"],
                "user": ["id": "U9", "team_id": "T0OTHER"], "channel": ["id": "C9", "name": "iterapp-logs"],
                "response_url": .string(slack.url + "actions/1"),
                "actions": [["type": "button", "action_id": "x", "value": .string(Control.step(.retry, operation).value)]],
            ]
            _ = try await bench.post("/slack/interactions", form(["payload": press.text]))
            await bench.routes.waitForAnswers()
            press["response_url"] = nil
            _ = try await bench.post("/slack/interactions", form(["payload": press.text]))
            await bench.routes.waitForAnswers()
            XCTAssertEqual(slack.requests.value.map(\.path), ["/auth.test", "/actions/1"])
            let told = try JSON.parse(slack.requests.value[1].body)
            XCTAssertEqual(told["text"]?.string, RequestWords.foreign.text)
            let view: JSON = [
                "id": "V1", "callback_id": "deploy_form", "blocks": [["type": "input", "block_id": "revision"]],
                "private_metadata": .string(Self.memory.text), "state": ["values": [
                    "environment": ["environment": ["selected_option": ["value": "test"]]],
                    "revision": ["revision": ["value": "main"]],
                ]],
            ]
            for (team, isForeign) in [("T0OTHER", true), (Workspace.teamID, false)] {
                let payload: JSON = [
                    "type": "view_submission", "team": ["id": .string(team)], "view": view,
                    "user": ["id": "U9", "team_id": .string(team)],
                ]
                let sent = try await bench.post("/slack/interactions", form(["payload": payload.text]))
                let action = try JSON.parse(sent.text)["response_action"]
                XCTAssertEqual(action, isForeign ? "errors" : "clear")
                let queued = try await bench.queued()
                XCTAssertEqual(queued, isForeign ? 0 : 1)
            }
        }
        await slack.stop()
    }

    private static var memory: WindowMemory {
        var memory = WindowMemory(place: .home, responseURL: nil, since: SlackBench.now)
        memory.control = .deployForm("cats")
        return memory
    }

    func testAnotherAppsRequests() async throws {
        try await SlackBench.with(appID: "A1") { bench in
            try await bench.register("cats")
            for (app, count) in [("A2", 0), ("A1", 1)] {
                _ = try await bench.post("/slack/commands", form([
                    "command": "/iterapp", "text": "deploy cats test main", "user_id": "U1", "channel_id": "C1",
                    "channel_name": "iterapp-logs", "api_app_id": app, "trigger_id": app,
                ]))
                let queued = try await bench.queued()
                XCTAssertEqual(queued, count)
            }
        }
    }
}
