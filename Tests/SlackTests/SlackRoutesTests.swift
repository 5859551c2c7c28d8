import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Slack

/// Slack's requests, as values: verified before anything is read, written down before they are acknowledged.
final class SlackRoutesTests: XCTestCase {
    private let deploy = form([
        "command": "/iterapp", "text": "deploy cats test main", "user_id": "U1", "user_name": "ada",
        "channel_id": "C1", "channel_name": "iterapp-logs", "trigger_id": "7",
    ])

    func testACommandIsWrittenDownAndAnsweredForItsSenderOnly() async throws {
        try await SlackBench.with { bench in
            try await bench.register("cats")
            let answer = try await bench.post("/slack/commands", deploy)
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8")
            let body = try JSON.parse(answer.text)
            XCTAssertEqual(body["response_type"], "ephemeral")
            XCTAssertEqual(body["text"], "Deploying `main` of `cats` to *test*. Follow it in #iterapp-logs.")
            let again = try await bench.post("/slack/commands", deploy)
            XCTAssertEqual(again.status, 200)
            let queued = try await bench.queued()
            XCTAssertEqual(queued, 1, "the same trigger acts once")
        }
    }

    func testNothingIsReadBeforeTheSignatureHolds() async throws {
        try await SlackBench.with { bench in
            try await bench.register("cats")
            // The bodies are broken as well, and nobody is told so.
            for body in [deploy, "a=%zz", "payload=%7B", "{"] {
                for path in ["/slack/commands", "/slack/interactions", "/slack/events"] {
                    let wrong = try await bench.post(path, body, secret: "another secret")
                    XCTAssertEqual(wrong.status, 401)
                    let stale = try await bench.post(path, body, secondsOff: -301)
                    XCTAssertEqual(stale.status, 401)
                    let early = try await bench.post(path, body, secondsOff: 301)
                    XCTAssertEqual(early.status, 401)
                    XCTAssertFalse(early.text.contains("form"))
                }
            }
            let queued = try await bench.queued()
            XCTAssertEqual(queued, 0)
        }
    }

    func testWhatIsNoPostOrNotSlacks() async throws {
        try await SlackBench.with { bench in
            let answer = try await bench.post("/slack/commands", "", method: "GET")
            XCTAssertEqual(answer.status, 405)
            XCTAssertEqual(answer.headers["Allow"], "POST")
            for path in ["/", "/slack/", "/slack/other", "/slackcommands", "/github/webhooks"] {
                let other = await bench.routes.answer(
                    HTTPRequest(method: "POST", target: path, headers: [:], body: [], peer: ""))
                XCTAssertNil(other, path)
            }
        }
    }

    func testMalformedForms() async throws {
        try await SlackBench.with { bench in
            for body in ["a=%zz", "command=%FF", form(["command": "/iterapp", "text": "help"]), ""] {
                let answer = try await bench.post("/slack/commands", body)
                XCTAssertEqual(answer.status, 400, body)
            }
            let person = "\"user\":{\"id\":\"U1\"}"
            let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
            for payload in [
                "", "{", "[]", deep, "{\"type\":\"block_actions\"}", "{\(person)}", "{\"type\":\"block_actions\",\(person)}",
                "{\"type\":\"view_submission\",\(person)}", "{\"type\":\"view_submission\",\(person),\"view\":{\"id\":\"V1\"}}",
            ] {
                let answer = try await bench.post("/slack/interactions", form(["payload": payload]))
                XCTAssertEqual(answer.status, 400, payload)
            }
            let check = try await bench.post("/slack/commands", form(["ssl_check": "1", "token": "x"]))
            XCTAssertEqual(check.status, 200)
            XCTAssertEqual(check.text, "")
        }
    }

    func testOnlyWhatSlackSendsIsRead() async throws {
        try await SlackBench.with { bench in
            let wrong = [
                ("/slack/commands", "application/json"), ("/slack/interactions", "multipart/form-data; boundary=x"),
                ("/slack/events", "application/x-www-form-urlencoded"), ("/slack/events", "text/plain"),
            ]
            for (path, type) in wrong {
                let answer = try await bench.post(path, deploy, type: type)
                XCTAssertEqual(answer.status, 415, path)
            }
            let event = try await bench.post(
                "/slack/events", "{\"type\":\"url_verification\",\"challenge\":\"x\"}",
                type: "Application/JSON; charset=utf-8")
            XCTAssertEqual(event.status, 200)
        }
    }

    func testEventsAreAcknowledgedAndTheURLProvesItself() async throws {
        try await SlackBench.with { bench in
            let proof = try await bench.post(
                "/slack/events", "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1aBm2rZgRNFdxV2595E9\"}")
            XCTAssertEqual(proof.status, 200)
            XCTAssertEqual(proof.text, "3eZbrw1aBm2rZgRNFdxV2595E9")
            let event = try await bench.post("/slack/events", "{\"type\":\"event_callback\",\"event\":{}}")
            XCTAssertEqual(event.status, 200)
            for body in ["", "{", "[]", "{\"type\":\"event_callback\"}", "{\"type\":\"url_verification\"}"] {
                let broken = try await bench.post("/slack/events", body)
                XCTAssertEqual(broken.status, 400, body)
            }
        }
    }

    func testWhatWasTypedIsShownWithoutFormattingAnything() async throws {
        try await SlackBench.with { bench in
            let text = "deploy &lt;!channel&gt; test main"
            let answer = try await bench.post("/slack/commands", form([
                "command": "/iterapp", "text": text, "user_id": "U1", "channel_id": "C1",
                "channel_name": "iterapp-logs",
            ]))
            let shown = try JSON.parse(answer.text)["text"]?.string ?? ""
            XCTAssertTrue(shown.contains("`&lt;!channel&gt;` can't be a repository's name"), shown)
        }
    }

    func testAButtonActsAsItsCommandAndAnswersAtItsURL() async throws {
        let slack = try ScriptedServer(.text(200, "ok"))
        try await SlackBench.with(apiURL: slack.url + "api/") { bench in
            try await bench.register("cats")
            let answer = try await bench.press(
                "deploy cats prod abcdef1", responseURL: slack.url + "actions/1", trigger: "9")
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(answer.text, "", "an answer here would replace the message")
            try await slack.requests.wait(for: "the answer") { !$0.isEmpty }
            let sent = try XCTUnwrap(slack.requests.value.first)
            XCTAssertEqual(sent.path, "/actions/1")
            let body = try JSON.parse(sent.body)
            XCTAssertEqual(body["response_type"], "ephemeral")
            XCTAssertEqual(body["replace_original"], false)
            XCTAssertTrue(body["text"]?.string?.hasPrefix("Deploying `abcdef1` of `cats` to *prod*.") ?? false)
            _ = try await bench.press("deploy cats prod abcdef1", trigger: "9")
            let queued = try await bench.queued()
            XCTAssertEqual(queued, 1)
            let operation = try await bench.journal.operation(OperationID(2))
            XCTAssertEqual(operation?.trigger, .button(Person(id: "U1", name: "ada")))
            let elsewhere = try await bench.press("deploy cats prod main", channel: "general", trigger: "10")
            XCTAssertEqual(elsewhere.status, 200)
            let still = try await bench.queued()
            XCTAssertEqual(still, 1, "a button elsewhere is refused like a command")
        }
        await slack.stop()
    }

    func testOtherInteractionsAreAcknowledgedAndDoNothing() async throws {
        try await SlackBench.with { bench in
            try await bench.register("cats")
            let payloads: [JSON] = [
                ["type": "view_closed", "user": ["id": "U1"], "view": ["id": "V1"]],
                ["type": "shortcut", "user": ["id": "U1"]],
                ["type": "block_actions", "user": ["id": "U1"], "actions": []],
                ["type": "block_actions", "user": ["id": "U1"], "actions": [["action_id": "link", "value": "deploy cats test main"]]],
                ["type": "block_actions", "user": ["id": "U1"], "actions": [["action_id": "command"]]],
            ]
            for payload in payloads {
                let answer = try await bench.post("/slack/interactions", form(["payload": payload.text]))
                XCTAssertEqual(answer.status, 200)
            }
            let queued = try await bench.queued()
            XCTAssertEqual(queued, 0)
        }
    }

    /// A forged `response_url` must not make us call whom we can reach and the forger cannot.
    func testAnswersGoToSlackAndNowhereElse() async throws {
        let slack = try ScriptedServer(.text(200, "ok"))
        let victim = try ScriptedServer(.text(200, "secrets"))
        try await SlackBench.with(apiURL: slack.url + "api/") { bench in
            let host = String(slack.url.dropFirst("http://".count).dropLast())
            let forged = [
                victim.url + "latest/meta-data", "http://127.0.0.1/", "http://hooks.slack.com/commands/1",
                "https://hooks.slack.com:8443/", "https://hooks.slack.com.evil.example/",
                "https://evil.example/#https://hooks.slack.com/", "https://hooks.slack.com@127.0.0.1/",
                "https://user:pass@hooks.slack.com/", "http://\(host)@\(victim.url.dropFirst("http://".count))",
                "file:///etc/passwd", "gopher://hooks.slack.com/", "//hooks.slack.com/", "", "%",
            ]
            for url in forged {
                let answer = try await bench.press("help", responseURL: url)
                XCTAssertEqual(answer.status, 200, url)
            }
            await bench.routes.waitForAnswers()
            XCTAssertEqual(bench.log.all.count { $0 == "a response_url that is not Slack's was left alone" }, forged.count)
            // The answer still gets to whoever pressed, another way.
            XCTAssertEqual(Set(slack.requests.value.map(\.path)), ["/api/chat.postEphemeral"])
            _ = try await bench.press("help", responseURL: slack.url + "actions/2")
            try await slack.requests.wait(for: "the true one") { $0.contains { $0.path == "/actions/2" } }
            XCTAssertEqual(victim.requests.value.count, 0)
        }
        await slack.stop()
        await victim.stop()
    }

    func testAnAnswerThatLeadsElsewhereIsNotFollowed() async throws {
        let victim = try ScriptedServer(.text(200, "secrets"))
        let slack = try ScriptedServer(HTTPResponse(status: 302, headers: ["Location": victim.url]))
        try await SlackBench.with(apiURL: slack.url) { bench in
            _ = try await bench.press("help", responseURL: slack.url + "1")
            _ = try await bench.press("help", responseURL: slack.url + "2")
            try await slack.requests.wait(for: "both") { $0.count == 2 }
            XCTAssertEqual(victim.requests.value.count, 0)
        }
        await slack.stop()
        await victim.stop()
    }
}
