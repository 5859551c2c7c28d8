import Foundation
import HTTP
import JSON
import XCTest

@testable import Sandbox

/// What Slack refuses about a sign-in, the stand-in refuses, too.
final class StandInSignInTests: XCTestCase {
    private static let redirectURL = "http://localhost:1/callback?x=1"

    private func withDesk(_ body: (SlackHarness) async throws -> Void) async throws {
        try await SlackHarness.with { slack in
            slack.server.standIn.signIn.register(.init(id: "1.2", secret: "s", redirectURLs: [Self.redirectURL]))
            try await body(slack)
        }
    }

    private func authorize(
        _ slack: SlackHarness, _ change: [String: String?] = [:], method: String = "GET"
    ) async throws -> HTTPClientResponse {
        var fields: [String: String?] = [
            "client_id": "1.2", "redirect_uri": Self.redirectURL, "response_type": "code", "scope": "openid profile",
            "state": "a&b", "nonce": "n",
        ]
        for (name, value) in change { fields[name] = value }
        let form = fields.compactMap { name, value in value.map { "\(name)=\(FormEncoding.encoded($0))" } }
            .joined(separator: "&")
        let url = slack.server.url + "/openid/connect/authorize"
        if method == "GET" { return try await slack.client.send(HTTPClientRequest("GET", url + "?" + form)) }
        return try await slack.client.send(HTTPClientRequest("POST", url, body: Array(form.utf8)))
    }

    private func text(_ answer: HTTPClientResponse) -> String { String(decoding: answer.body, as: UTF8.self) }

    func testOnlyARegisteredAppMayAsk() async throws {
        try await withDesk { slack in
            let page = try await authorize(slack)
            XCTAssertEqual(page.status, 200)
            XCTAssertTrue(text(page).contains("name=\"state\" value=\"a&amp;b\""), text(page))
            for (name, value, code) in [
                ("client_id", "9.9", "invalid_client_id"), ("redirect_uri", "http://evil.example/", "bad_redirect_uri"),
                ("redirect_uri", Self.redirectURL + "/", "bad_redirect_uri"), ("response_type", "token", "invalid_response_type"),
                ("scope", "profile", "invalid_scope"), ("team", "T0OTHER", "invalid_team"),
            ] {
                let refused = try await authorize(slack, [name: value])
                XCTAssertEqual(refused.status, 400, code)
                XCTAssertTrue(text(refused).contains(code), text(refused))
            }
            let nobody = try await authorize(slack, ["member": "U0NOBODY"], method: "POST")
            XCTAssertEqual(nobody.status, 400)
        }
    }

    func testACodeIsExchangedOnceWithinTenMinutes() async throws {
        try await withDesk { slack in
            func code() async throws -> String {
                let answer = try await authorize(slack, ["member": Workspace.memberID], method: "POST")
                let target = try XCTUnwrap(answer.headers["Location"])
                XCTAssertTrue(target.hasPrefix(Self.redirectURL + "&code="), target)
                XCTAssertTrue(target.hasSuffix("&state=a%26b"), target)
                return String(target.split(separator: "=")[2].prefix { $0 != "&" })
            }
            func exchange(_ code: String, _ change: JSON = [:]) async throws -> JSON {
                var arguments: JSON = [
                    "client_id": "1.2", "client_secret": "s", "code": .string(code), "redirect_uri": .string(Self.redirectURL),
                    "grant_type": "authorization_code",
                ]
                for (name, value) in change.object ?? [:] { arguments[name] = value }
                return try await slack.call("openid.connect.token", arguments, as: .form, token: nil)
            }
            let first = try await code()
            for (change, error) in [
                (["client_secret": "x"], "bad_client_secret"), (["client_id": "x"], "invalid_client_id"),
                (["redirect_uri": "x"], "bad_redirect_uri"), (["grant_type": "x"], "invalid_grant_type"),
                (["code": "x"], "invalid_code"),
            ] as [(JSON, String)] {
                let refused = try await exchange(first, change)
                XCTAssertEqual(refused["error"]?.string, error)
            }
            let taken = try await exchange(first)
            XCTAssertEqual(taken["token_type"], "Bearer")
            XCTAssertEqual(taken["id_token"]?.string?.split(separator: ".").count, 3)
            let again = try await exchange(first)
            XCTAssertEqual(again["error"], "code_already_used")
            let second = try await code()
            slack.clock.advance(601)
            let late = try await exchange(second)
            XCTAssertEqual(late["error"], "code_expired")
        }
    }
}
