import Foundation
import HTTP
import TestSupport
import XCTest

/// Somebody without a link signs in with the demo's Slack, and reads.
final class SignInStoryTests: XCTestCase {
    private let client = HTTPClient()

    func testSomebodySignsInAndReadsAnOperation() async throws {
        try await withDemo { demo in
            _ = try await demo.outcome(of: "register cats")
            let home = "http://localhost:\(demo.port)"
            let stranger = try await get(home + "/operations/1")
            XCTAssertEqual(stranger.status, 403)
            XCTAssertTrue(text(stranger).contains("href=\"/slack/sign-in?to=%2Foperations%2F1\""), text(stranger))

            let begun = try await get(home + "/slack/sign-in?to=%2Foperations%2F1")
            let address = try XCTUnwrap(begun.headers["Location"])
            let page = try await get(address)
            let member = try XCTUnwrap(text(page).firstMatch(of: #/name="member" value="(\w+)"/#)).1
            let query = address.drop { $0 != "?" }.dropFirst()
            let agreed = try await client.send(HTTPClientRequest(
                "POST", String(address.prefix { $0 != "?" }),
                headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array("\(query)&member=\(member)".utf8)))
            let back = try XCTUnwrap(agreed.headers["Location"])
            XCTAssertTrue(back.hasPrefix(home + "/slack/sign-in/callback?code="), back)

            let elsewhere = try await get(back)
            XCTAssertEqual(elsewhere.status, 400, "in another browser")
            let signedIn = try await get(back, cookies(begun))
            XCTAssertEqual([signedIn.status.description, signedIn.headers["Location"]], ["303", "/operations/1"])
            let own = try await get(home + "/operations/1", cookies(signedIn))
            XCTAssertEqual(own.status, 200)
            XCTAssertTrue(text(own).contains("Registration of cats"), text(own))
            let again = try await get(back, cookies(begun))
            XCTAssertEqual(again.status, 403, "a code is good once")
            XCTAssertFalse(demo.log.contains("code="), "the log tells a code")
        }
    }

    private func get(_ url: String, _ cookies: String? = nil) async throws -> HTTPClientResponse {
        try await client.send(HTTPClientRequest("GET", url, headers: cookies.map { ["Cookie": $0] } ?? [:]))
    }

    private func cookies(_ answer: HTTPClientResponse) -> String {
        answer.headers.all("Set-Cookie").map { String($0.prefix { $0 != ";" }) }.joined(separator: "; ")
    }

    private func text(_ answer: HTTPClientResponse) -> String { String(decoding: answer.body, as: UTF8.self) }
}
