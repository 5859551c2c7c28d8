import Foundation
import HTTP
import XCTest

@testable import Slack

final class SlackSignatureTests: XCTestCase {
    // The example of docs.slack.dev, "Verifying requests from Slack".
    private static let secret = "8f742231b10e8888abcd99yyyzzz85a5"
    private static let timestamp = "1531420618"
    private static let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J"
        + "%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121"
        + ".803a0bc887a14d10d2c447fce8b6703c"
    private static let signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"

    private let verifier = SlackSignature(signingSecret: secret)

    private func request(
        timestamp: String? = timestamp, signature: String? = signature, body: String = body
    ) -> HTTPRequest {
        var headers = HTTPHeaders()
        headers["X-Slack-Request-Timestamp"] = timestamp
        headers["X-Slack-Signature"] = signature
        return HTTPRequest(
            method: "POST", target: "/slack/commands", headers: headers, body: Array(body.utf8), peer: "127.0.0.1")
    }

    private func at(_ offset: Double) -> Date { Date(timeIntervalSince1970: 1_531_420_618 + offset) }

    func testSlacksOwnExampleHolds() {
        XCTAssertTrue(verifier.holds(for: request(), at: at(0)))
    }

    func testFiveMinutesInEitherDirection() {
        XCTAssertTrue(verifier.holds(for: request(), at: at(300)))
        XCTAssertTrue(verifier.holds(for: request(), at: at(-300)))
        XCTAssertFalse(verifier.holds(for: request(), at: at(301)))
        XCTAssertFalse(verifier.holds(for: request(), at: at(-301)))
    }

    func testAnythingElseDoesNotHold() {
        XCTAssertFalse(verifier.holds(for: request(signature: nil), at: at(0)))
        XCTAssertFalse(verifier.holds(for: request(timestamp: nil), at: at(0)))
        XCTAssertFalse(verifier.holds(for: request(timestamp: "1531420619"), at: at(0)))
        XCTAssertFalse(verifier.holds(for: request(timestamp: "soon"), at: at(0)))
        XCTAssertFalse(verifier.holds(for: request(signature: ""), at: at(0)))
        XCTAssertFalse(verifier.holds(for: request(signature: String(Self.signature.dropLast())), at: at(0)))
        XCTAssertFalse(verifier.holds(for: request(signature: Self.signature.uppercased()), at: at(0)))
        XCTAssertFalse(verifier.holds(for: request(body: Self.body + "&"), at: at(0)))
        XCTAssertFalse(SlackSignature(signingSecret: "other").holds(for: request(), at: at(0)))
    }
}

final class FormFieldsTests: XCTestCase {
    private func fields(_ text: String) -> FormFields? { FormFields(Array(text.utf8)) }

    func testFieldsAreDecoded() {
        let form = fields("text=deploy+cats+test+f%C3%B8%2Bo&command=%2Fiterapp&empty=&bare&text=second")
        XCTAssertEqual(form?["text"], "deploy cats test fø+o")
        XCTAssertEqual(form?["command"], "/iterapp")
        XCTAssertEqual(form?["empty"], "")
        XCTAssertEqual(form?["bare"], "")
        XCTAssertNil(form?["missing"])
    }

    func testBrokenEscapesAndBytesAreRefused() {
        for text in ["a=%", "a=%4", "a=%zz", "a=%FF", "%C3=a", "a=%+1"] { XCTAssertNil(fields(text), text) }
        XCTAssertNil(fields((0...100).map { "f\($0)=1" }.joined(separator: "&")))
    }
}
