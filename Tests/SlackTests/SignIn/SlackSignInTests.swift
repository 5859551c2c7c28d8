import Deploys
import Foundation
import HTTP
import JSON
import Sandbox
import Store
import TestSupport
import XCTest

@testable import Slack

/// Against the stand-in, which refuses what Slack refuses.
final class SlackSignInTests: XCTestCase {
    private static let id = "25259531569.11152291"
    private static let secret = "the secret of the app"
    private static let redirectURL = "https://iterapp.example.com/slack/sign-in/callback"

    private struct Bench {
        let server: SlackServer
        let keeper: InstallationKeeper
        let http = HTTPClient()
        let now: Date

        func signIn(
            secret: String = SlackSignInTests.secret, redirectURL: String = SlackSignInTests.redirectURL
        ) -> SlackSignIn {
            SlackSignIn(
                .init(id: SlackSignInTests.id, secret: secret, redirectURL: redirectURL), http: http,
                apiURL: server.url + "/api/", installation: keeper)
        }

        /// Somebody agrees on Slack's page: what their browser comes back with.
        func agree(_ address: String, as member: String? = Workspace.memberID) async throws -> [String: String] {
            let page = try await http.send(HTTPClientRequest("GET", address))
            XCTAssertEqual(page.status, 200, String(decoding: page.body, as: UTF8.self))
            let parts = try XCTUnwrap(URLComponents(string: address))
            var form = parts.percentEncodedQuery ?? ""
            if let member { form += "&member=\(member)" }
            let answer = try await http.send(HTTPClientRequest(
                "POST", server.url + parts.path, headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array(form.utf8)))
            let target = try XCTUnwrap(answer.headers["Location"], "\(answer.status)")
            XCTAssertTrue(target.hasPrefix(SlackSignInTests.redirectURL + "?"), target)
            let items = URLComponents(string: target.replacing("+", with: "%20"))?.queryItems ?? []
            return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
        }
    }

    private func withBench(isLearned: Bool = true, _ body: (Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let now = Date(timeIntervalSince1970: 1_790_000_000)
            let server = try SlackServer(now: { now })
            try server.start()
            server.standIn.signIn.register(.init(id: Self.id, secret: Self.secret, redirectURLs: [Self.redirectURL]))
            let journal = try await SQLiteJournal.open(directory) { now }
            let api = SlackWebAPI(client: HTTPClient(), baseURL: server.url + "/api/", token: "xoxb-test")
            let keeper = InstallationKeeper(api: api, keepsakes: journal, appID: nil, log: .silent)
            if isLearned { await keeper.learn() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(Bench(server: server, keeper: keeper, now: now))) } catch {
                result = .failure(error)
            }
            await journal.close()
            await server.stop()
            try result.get()
        }
    }

    private func assertRefused(
        _ wanted: SignInError, _ bench: Bench, _ signIn: SlackSignIn, code: String, nonce: String = "n",
        file: StaticString = #filePath, line: UInt = #line
    ) async {
        do throws(SignInError) {
            let person = try await signIn.person(code: code, nonce: nonce, at: bench.now)
            XCTFail("\(person) came in", file: file, line: line)
        } catch { XCTAssertEqual(error, wanted, file: file, line: line) }
    }

    func testSomebodyOfTheWorkspaceSignsIn() async throws {
        try await withBench { bench in
            let signIn = bench.signIn()
            let address = signIn.address(state: "a state & more", nonce: "n")
            XCTAssertTrue(address.contains("&team=\(Workspace.teamID)"), address)
            let back = try await bench.agree(address)
            XCTAssertEqual(back["state"], "a state & more")
            let person = try await signIn.person(code: try XCTUnwrap(back["code"]), nonce: "n", at: bench.now)
            XCTAssertEqual(person.id, Workspace.memberID)
            XCTAssertFalse(person.name.isEmpty)
            let call = try XCTUnwrap(bench.server.calls.of("openid.connect.token").first)
            XCTAssertNil(call.arguments["client_secret"], "the stand-in keeps no secret")
        }
    }

    func testACodeIsGoodOnceAndForThisAppAlone() async throws {
        try await withBench { bench in
            let signIn = bench.signIn()
            let code = try await bench.agree(signIn.address(state: "s", nonce: "n"))["code"] ?? ""
            await assertRefused(.refused("bad_client_secret"), bench, bench.signIn(secret: "wrong"), code: code)
            await assertRefused(
                .refused("bad_redirect_uri"), bench, bench.signIn(redirectURL: "https://evil.example"), code: code)
            await assertRefused(.refused("another nonce"), bench, signIn, code: code, nonce: "m")
            await assertRefused(.refused("code_already_used"), bench, signIn, code: code)
            await assertRefused(.refused("invalid_code"), bench, signIn, code: "guessed")
            let declined = try await bench.agree(signIn.address(state: "s", nonce: "n"), as: nil)
            XCTAssertEqual(declined, ["error": "access_denied", "state": "s"])
        }
    }

    func testATokenForSomebodyElseIsRefused() async throws {
        try await withBench { bench in
            let signIn = bench.signIn()
            let late = JSON.int(Int(bench.now.timeIntervalSince1970) - 301)
            let early = JSON.int(Int(bench.now.timeIntervalSince1970) + 301)
            let table: [([String: JSON], SignInError)] = [
                (["iss": "https://evil.example"], .refused("another issuer")), (["iss": .null], .refused("another issuer")),
                (["aud": "9.9"], .refused("another audience")), (["aud": [.string(Self.id), "9.9"]], .refused("another audience")),
                (["nonce": .null], .refused("another nonce")), (["exp": late], .refused("it is too old")),
                (["exp": .null], .refused("it is too old")), (["iat": early], .refused("it is of another time")),
                (["https://slack.com/team_id": "T0OTHER"], .foreign), (["https://slack.com/team_id": .null], .foreign),
                (["https://slack.com/user_id": .null, "sub": .null], .refused("it names nobody")),
            ]
            for (claims, wanted) in table {
                bench.server.standIn.signIn.spoil(claims)
                let code = try await bench.agree(signIn.address(state: "s", nonce: "n"))["code"] ?? ""
                await assertRefused(wanted, bench, signIn, code: code)
            }
            bench.server.standIn.signIn.spoil(["aud": [.string(Self.id)]])
            let code = try await bench.agree(signIn.address(state: "s", nonce: "n"))["code"] ?? ""
            let person = try await signIn.person(code: code, nonce: "n", at: bench.now)
            XCTAssertEqual(person.id, Workspace.memberID)
        }
    }

    func testWhileSlackIsAwayNobodySignsIn() async throws {
        try await withBench { bench in
            let signIn = bench.signIn()
            bench.server.faults.next(1, .status(503), of: "openid.connect.token")
            await assertRefused(.outage("Slack answered 503"), bench, signIn, code: "c")
            bench.server.faults.next(1, .cut, of: "openid.connect.token")
            do throws(SignInError) {
                _ = try await signIn.person(code: "c", nonce: "n", at: bench.now)
                XCTFail("somebody came in")
            } catch {
                guard case .outage(let reason) = error else { return XCTFail("\(error)") }
                XCTAssertFalse(reason.contains(Self.secret), reason)
            }
        }
        try await withBench(isLearned: false) { bench in
            await assertRefused(
                .outage("it is not known yet which workspace is ours"), bench, bench.signIn(), code: "c")
        }
    }

    func testWhatIsNoTokenIsNone() {
        for text in ["", "a.b", "a.b.c", "..", "e30.e30.", "x.W10.y", "x.bm90IGpzb24.y", String(repeating: "A", count: 100_000)] {
            if let token = IDToken(text) {
                XCTAssertEqual(token.claims, [:], text)
                XCTAssertThrowsError(
                    try token.check(clientID: "1", nonce: "n", Installation(teamID: "T1"), at: .now), text)
            }
        }
    }
}
