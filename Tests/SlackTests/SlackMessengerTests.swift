import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Slack

/// Calls of the Web API over real sockets, and what becomes of each kind of answer.
final class SlackMessengerTests: XCTestCase {
    private let detail = NoticeDraft.detail(title: "Warnings", lines: ["line one", "line two"])
    private let message = MessageReference(channel: "C1", timestamp: "17.1")
    private let since = Date(timeIntervalSince1970: 1_780_000_300)

    private func answer(_ json: JSON, status: Int = 200, headers: HTTPHeaders = [:]) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: .bytes(json.bytes))
    }

    private func refusal(_ code: String) -> HTTPResponse { answer(["ok": false, "error": .string(code)]) }
    private var taken: HTTPResponse { answer(["ok": true, "channel": "C1", "ts": "17.2"]) }

    private func messenger(_ server: ScriptedServer) -> SlackMessenger {
        SlackMessenger(api: SlackWebAPI(client: HTTPClient(), baseURL: server.url + "api", token: "xoxb-secret"))
    }

    private func error(
        _ body: () async throws(MessengerError) -> Void, line: UInt = #line
    ) async -> MessengerError? {
        do throws(MessengerError) {
            try await body()
            XCTFail("it was taken", line: line)
            return nil
        } catch { return error }
    }

    func testAPostCarriesItsWordsItsIdAndTheToken() async throws {
        let slack = try ScriptedServer(taken)
        let reference = try await messenger(slack).post(detail, id: NoticeID(5), channel: "#logs", thread: message)
        XCTAssertEqual(reference, MessageReference(channel: "C1", timestamp: "17.2"))
        let request = try XCTUnwrap(slack.requests.value.first)
        XCTAssertEqual(request.method, "POST")
        XCTAssertEqual(request.path, "/api/chat.postMessage")
        XCTAssertEqual(request.headers["Authorization"], "Bearer xoxb-secret")
        XCTAssertEqual(request.headers["Content-Type"], "application/json; charset=utf-8")
        let body = try JSON.parse(request.body)
        XCTAssertEqual(body["channel"], "C1", "the thread's channel")
        XCTAssertEqual(body["thread_ts"], "17.1")
        XCTAssertEqual(body["text"], "Warnings")
        XCTAssertEqual(body["blocks"]?.array?.count, 1)
        XCTAssertEqual(body.at("metadata", "event_payload", "notice"), "5")
        await slack.stop()
    }

    /// One message that Slack will never take must not hold up all that come after it.
    func testWhatSlackWillNeverTakeIsSentAsItsWordsAlone() async throws {
        for code in ["msg_too_long", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"] {
            let slack = try ScriptedServer(refusal(code), taken)
            _ = try await messenger(slack).post(detail, id: NoticeID(5), channel: "#logs", thread: nil)
            let bodies = try slack.requests.value.map { try JSON.parse($0.body) }
            XCTAssertEqual(bodies.count, 2)
            XCTAssertEqual(bodies[1]["blocks"], [], "an edit would keep the old ones otherwise")
            let text = bodies[1]["text"]?.string ?? ""
            XCTAssertTrue(text.contains("line one\nline two"), text)
            XCTAssertTrue(text.hasSuffix("(Slack refused the whole message: \(code).)"), text)
            XCTAssertEqual(bodies[1]["metadata"], bodies[0]["metadata"], "it can still be found")
            XCTAssertEqual(bodies[1]["channel"], "#logs")
            await slack.stop()
        }
        let slack = try ScriptedServer(refusal("msg_too_long"), taken)
        let lines = (1...400).map { "\($0) " + String(repeating: "x", count: 50) }
        try await messenger(slack).edit(message, to: .detail(title: "Log", lines: lines), id: NoticeID(6))
        let short = try JSON.parse(slack.requests.value[1].body)
        XCTAssertEqual(short["ts"], "17.1")
        XCTAssertLessThan(short["text"]?.string?.utf16.count ?? 0, 1_600)
        await slack.stop()
    }

    func testAMessageRefusedTwiceIsPutAside() async throws {
        let slack = try ScriptedServer(refusal("msg_too_long"))
        let error = await error { () async throws(MessengerError) in
            _ = try await messenger(slack).post(detail, id: NoticeID(5), channel: "#logs", thread: nil)
        }
        XCTAssertEqual(error, .unacceptable(reason: "chat.postMessage: msg_too_long"))
        XCTAssertEqual(slack.requests.value.count, 2, "tried once more, not for ever")
        await slack.stop()
    }

    func testEachAnswerHasItsMeaning() async throws {
        let cases: [(HTTPResponse, MessengerError)] = [
            (refusal("not_in_channel"), .refused(.channel, reason: "not_in_channel")),
            (refusal("is_archived"), .refused(.channel, reason: "is_archived")),
            (refusal("a_new_word"), .refused(.channel, reason: "a_new_word")),
            (refusal("invalid_auth"), .refused(.workspace, reason: "invalid_auth")),
            (refusal("token_revoked"), .refused(.workspace, reason: "token_revoked")),
            (refusal("metadata_too_large"), .unacceptable(reason: "chat.postMessage: metadata_too_large")),
            (answer(["ok": false, "error": "missing_scope", "needed": "chat:write"]),
             .refused(.workspace, reason: "missing_scope; it needs the scope chat:write")),
            (refusal("thread_not_found"), .messageGone),
            (refusal("restricted_action_thread_locked"), .noReplies),
            (refusal("cannot_reply_to_message"), .noReplies),
            (refusal("internal_error"), outage("internal_error", mayHaveArrived: true)),
            (refusal("fatal_error"), outage("fatal_error", mayHaveArrived: true)),
            (refusal("service_unavailable"), outage("service_unavailable", mayHaveArrived: false)),
            (answer([:], status: 429, headers: ["Retry-After": "30"]),
             .limited(seconds: 30, reason: "chat.postMessage: too many requests")),
            (answer(["ok": false, "error": "ratelimited"], headers: ["Retry-After": "7"]),
             .limited(seconds: 7, reason: "chat.postMessage: too many requests")),
            (answer([:], status: 429, headers: ["Retry-After": "99999999"]),
             .limited(seconds: 3_600, reason: "chat.postMessage: too many requests")),
            (answer([:], status: 429),
             .limited(seconds: 1, reason: "chat.postMessage: too many requests")),
            (.text(502, "<html>"), outage("Slack answered 502", mayHaveArrived: true)),
            (.text(200, "<html>"), outage("Slack answered 200", mayHaveArrived: true)),
            (answer(["ok": true]), outage("Slack's answer lacks channel or ts", mayHaveArrived: true)),
        ]
        for (response, expected) in cases {
            let slack = try ScriptedServer(response)
            let error = await error { () async throws(MessengerError) in
                _ = try await messenger(slack).post(detail, id: NoticeID(5), channel: "#logs", thread: message)
            }
            XCTAssertEqual(error, expected)
            await slack.stop()
        }
    }

    private func outage(_ what: String, mayHaveArrived: Bool) -> MessengerError {
        .outage(reason: "chat.postMessage: \(what)", mayHaveArrived: mayHaveArrived)
    }

    func testAnEditCannotArriveTwiceSoItIsNeverInDoubt() async throws {
        let slack = try ScriptedServer(.text(502, ""))
        let error = await error { () async throws(MessengerError) in
            try await messenger(slack).edit(message, to: detail, id: NoticeID(5))
        }
        XCTAssertEqual(error, .outage(reason: "chat.update: Slack answered 502", mayHaveArrived: false))
        await slack.stop()
        let gone = await self.error { () async throws(MessengerError) in
            try await messenger(slack).edit(message, to: detail, id: NoticeID(5))
        }
        guard case .outage(let reason, false) = gone else { return XCTFail("\(String(describing: gone))") }
        XCTAssertTrue(reason.hasPrefix("chat.update: no connection"), reason)
        XCTAssertFalse(reason.contains("xoxb"))
    }

    func testADoubtfulPostIsLookedForByItsId() async throws {
        let channels = answer([
            "ok": true, "channels": [["name": "other", "id": "C0"]], "response_metadata": ["next_cursor": "more+/="],
        ])
        let more = answer(["ok": true, "channels": [["name": "logs", "id": "C1"]]])
        let history = answer([
            "ok": true,
            "messages": [
                ["ts": "19.1", "text": "5"],
                ["ts": "18.1", "metadata": ["event_type": "iterapp_notice", "event_payload": ["notice": "55"]]],
                ["ts": "17.5", "metadata": ["event_type": "iterapp_notice", "event_payload": ["notice": "5"]]],
            ],
        ])
        let slack = try ScriptedServer(channels, more, history)
        let messenger = messenger(slack)
        let found = try await messenger.find(detail, id: NoticeID(5), channel: "#logs", thread: nil, since: since)
        XCTAssertEqual(found, MessageReference(channel: "C1", timestamp: "17.5"))
        let missing = try await messenger.find(
            detail, id: NoticeID(6), channel: "#logs", thread: message, since: since)
        XCTAssertNil(missing)
        let asked = slack.requests.value.map(\.target)
        XCTAssertEqual(asked.count, 4, "the channel's id is remembered")
        XCTAssertTrue(asked[1].contains("cursor=more%2B/%3D&"), asked[1])
        XCTAssertEqual(
            asked[2], "/api/conversations.history?channel=C1&include_all_metadata=true&limit=200"
                + "&oldest=1780000000")
        XCTAssertTrue(asked[3].hasPrefix("/api/conversations.replies?channel=C1"))
        XCTAssertTrue(asked[3].hasSuffix("ts=17.1"))
        await slack.stop()
    }

    func testAChannelThatTheBotCannotSeeIsNamed() async throws {
        let slack = try ScriptedServer(answer(["ok": true, "channels": []]))
        let error = await error { () async throws(MessengerError) in
            _ = try await messenger(slack).find(
                detail, id: NoticeID(5), channel: "#logs", thread: nil, since: since)
        }
        XCTAssertEqual(error, .refused(.channel, reason: "the workspace has no channel #logs that the bot can see"))
        await slack.stop()
    }
}
