import Foundation
import HTTP
import TestSupport
import XCTest

/// Requests that Slack or GitHub did not send, or that they would not send like this: nothing of them is written down.
final class BadRequestTests: XCTestCase {
    private static let shared = SharedDemo()
    override class func tearDown() { shared.end() }

    private let command = DemoProcess.form([
        ("command", "/iterapp"), ("text", "register cats"), ("user_id", "U0TESTER01"), ("user_name", "tester"),
        ("channel_id", "C0ITERAPP1"), ("channel_name", "iterapp-logs"), ("trigger_id", "1"),
    ])

    private func expectNothingStored(_ demo: DemoProcess, file: StaticString = #filePath, line: UInt = #line) throws {
        let records = try DemoRecords(of: demo)
        XCTAssertEqual(records.operations.count, 0, file: file, line: line)
        XCTAssertEqual(records.operationsByKey, [:], file: file, line: line)
        XCTAssertEqual(records.messages.count, 0, file: file, line: line)
    }

    func testSignaturesThatDoNotHold() async throws {
        let demo = try await Self.shared.get()
        let now = String(Int(Date.now.timeIntervalSince1970))
        for path in ["/slack/commands", "/slack/interactions", "/slack/events"] {
            let refused: [(String, DemoProcess.Acknowledgement)] = [
                ("another secret", try await demo.post(path, command, secret: "guessed")),
                ("stale", try await demo.post(path, command, at: .now - 301)),
                ("from the future", try await demo.post(path, command, at: .now + 303)),
                ("none", try await demo.post(path, command, headers: [:])),
                ("no timestamp", try await demo.post(path, command, headers: ["X-Slack-Signature": "v0=00"])),
                ("no signature", try await demo.post(path, command, headers: ["X-Slack-Request-Timestamp": now])),
                ("an empty one", try await demo.post(path, command, headers: [
                    "X-Slack-Request-Timestamp": now, "X-Slack-Signature": "",
                ])),
                ("no number", try await demo.post(path, command, headers: [
                    "X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=00",
                ])),
            ]
            for (what, answer) in refused {
                XCTAssertEqual(answer.status, 401, "\(path): \(what)")
                XCTAssertEqual(answer.text, "The request's signature or timestamp does not hold.\n")
            }
        }
        try expectNothingStored(demo)
    }

    func testMalformedForms() async throws {
        let demo = try await Self.shared.get()
        let broken = "The body is no well-formed form.\n"
        let lacking = "The form lacks command, user_id or channel_id.\n"
        let bodies: [(String, String)] = [
            ("text=%zz", broken), ("text=%4", broken), ("text=%ff%fe", broken),
            ((0...100).map { "a\($0)=" }.joined(separator: "&"), broken),
            ("", lacking), ("text=help", lacking), ("command=%2Fiterapp&user_id=U1&text=help", lacking),
            ("{\"command\": \"/iterapp\"}", lacking),
        ]
        for (body, sentence) in bodies {
            let answer = try await demo.post("/slack/commands", Array(body.utf8))
            XCTAssertEqual(answer.status, 400, body)
            XCTAssertEqual(answer.text, sentence, body)
        }
        for body in ["payload=%7B", "payload=null", "other=1", ""] {
            let answer = try await demo.post("/slack/interactions", Array(body.utf8))
            XCTAssertEqual(answer.status, 400, body)
            XCTAssertEqual(answer.text, "The body carries no well-formed payload.\n")
        }
        let event = try await demo.post("/slack/events", Array("hello".utf8))
        XCTAssertEqual(event.status, 415, "events are JSON, and say so")
        let read = try await demo.get("/slack/commands")
        XCTAssertEqual(read.status, 405)
        XCTAssertEqual(read.headers["Allow"], "POST")
        try expectNothingStored(demo)
    }

    func testPushesThatGitHubDidNotSend() async throws {
        let demo = try await Self.shared.get()
        let push = Array(#"{"ref": "refs/heads/main"}"#.utf8)
        let zeros = "sha256=" + String(repeating: "0", count: 64)
        let fields: [HTTPHeaders] = [
            ["X-GitHub-Event": "push", "X-GitHub-Delivery": "1"],
            ["X-GitHub-Event": "push", "X-GitHub-Delivery": "1", "X-Hub-Signature-256": zeros],
            ["X-GitHub-Event": "push", "X-GitHub-Delivery": "1", "X-Hub-Signature": "sha1=00"],
        ]
        for headers in fields {
            let answer = try await demo.post("/github/webhooks", push, headers: headers)
            XCTAssertEqual(answer.status, 401)
            XCTAssertEqual(answer.text, "The webhook's signature does not hold.\n")
        }
        try expectNothingStored(demo)
    }

    func testMoreThanSlackWouldSendIsRefusedBeforeItIsRead() async throws {
        let demo = try await Self.shared.get()
        let answer = try await demo.post("/slack/commands", [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20))
        XCTAssertEqual(answer.status, 413)
        let help = try await demo.command("help deploy", trigger: "after")
        XCTAssertEqual(help.status, 200)
    }
}
