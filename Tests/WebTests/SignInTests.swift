import Deploys
import Foundation
import HTTP
import Synchronization
import TestSupport
import XCTest

@testable import Web

final class SignInTests: XCTestCase {
    /// Vouches for whoever brings the code `good`.
    private final class Voucher: SignIn {
        let begun = Mutex<(state: String, nonce: String)>(("", ""))

        func address(state: String, nonce: String) -> String {
            begun.withLock { $0 = (state, nonce) }
            return "https://slack.example/authorize?state=\(state)"
        }

        func person(code: String, nonce: String, at now: Date) async throws(SignInError) -> Person {
            guard nonce == begun.withLock({ $0.nonce }) else { throw .refused("another nonce") }
            switch code {
            case "good": return Person(id: "U1", name: "Kåri <b>; x=1")
            case "foreign": throw .foreign
            case "outage": throw .outage("away")
            default: throw .refused("invalid_code")
            }
        }
    }

    private struct Bench {
        let slack = Voucher()
        let clock = Watched(LogBench.noon)
        let isSecure: Bool
        let secret: String
        let lines = Watched<[String]>([])
        var log: Log { Log { [lines] _, line in lines.change { $0.append(line) } } }

        func get(_ target: String, cookies: [String] = [], method: String = "GET") async throws -> HTTPResponse {
            let now = clock.value
            let pages = SignInPages(signIn: slack, secret: secret, isSecure: isSecure, now: { now }, log: log)
            var headers: HTTPHeaders = [:]
            if !cookies.isEmpty { headers["Cookie"] = cookies.joined(separator: "; ") }
            let answer = await pages.answer(
                HTTPRequest(method: method, target: target, headers: headers, body: [], peer: ""))
            return try XCTUnwrap(answer, target)
        }

        var pages: SignInPages {
            let now = clock.value
            return SignInPages(signIn: slack, secret: secret, isSecure: isSecure, now: { now }, log: log)
        }

        func state() -> String { slack.begun.withLock { $0.state } }

        func person(_ cookies: [String]) -> Person? {
            var headers: HTTPHeaders = [:]
            if !cookies.isEmpty { headers["Cookie"] = cookies.joined(separator: "; ") }
            return pages.person(HTTPRequest(method: "GET", target: "/", headers: headers, body: [], peer: ""))
        }
    }

    private func bench(isSecure: Bool = true, secret: String = "s") -> Bench { Bench(isSecure: isSecure, secret: secret) }

    /// The cookies that an answer sets, as they come back.
    private func cookies(_ answer: HTTPResponse) -> [String] {
        answer.headers.all("Set-Cookie").compactMap { $0.split(separator: ";").first.map(String.init) }
            .filter { !$0.hasSuffix("=") }
    }

    private func text(_ answer: HTTPResponse) -> String {
        guard case .bytes(let bytes) = answer.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func signedIn(_ bench: Bench, to: String = "/operations/12") async throws -> HTTPResponse {
        let begun = try await bench.get("/slack/sign-in?to=" + LogPosition.encoded(to))
        XCTAssertEqual(begun.status, 303)
        return try await bench.get(
            "/slack/sign-in/callback?code=good&state=\(bench.state())", cookies: cookies(begun))
    }

    func testPeopleComeBackToThePageThatTheyAskedFor() async throws {
        let bench = bench()
        let answer = try await signedIn(bench)
        XCTAssertEqual(answer.status, 303)
        XCTAssertEqual(answer.headers["Location"], "/operations/12")
        let session = cookies(answer)
        XCTAssertEqual(session.count, 1)
        XCTAssertEqual(bench.person(["other=1", session[0]]), Person(id: "U1", name: "Kåri <b>; x=1"))
        let setting = try XCTUnwrap(answer.headers["Set-Cookie"])
        XCTAssertTrue(setting.hasPrefix("__Host-iterapp="), setting)
        XCTAssertTrue(setting.hasSuffix("; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax; Secure"), setting)
        XCTAssertEqual(bench.lines.value, ["U1 signed in"], "the log tells no code")
    }

    func testOverPlainHTTPCookiesWorkToo() async throws {
        let bench = bench(isSecure: false)
        let answer = try await signedIn(bench)
        XCTAssertFalse(answer.headers["Set-Cookie"]?.contains("Secure") ?? true)
        XCTAssertNotNil(bench.person(cookies(answer)))
    }

    func testASessionEnds() async throws {
        let bench = bench()
        let session = cookies(try await signedIn(bench))
        bench.clock.change { $0 += 12 * 3_600 - 1 }
        XCTAssertNotNil(bench.person(session))
        bench.clock.change { $0 += 1 }
        XCTAssertNil(bench.person(session))
        let left = try await bench.get("/slack/sign-out", method: "POST")
        XCTAssertTrue(left.headers.all("Set-Cookie").contains { $0.hasPrefix("__Host-iterapp=; Max-Age=0;") })
        let wrong = try await bench.get("/slack/sign-out")
        XCTAssertEqual(wrong.status, 405, "an image on another page would sign people out")
    }

    func testNobodyMakesACookieButWe() async throws {
        let bench = bench()
        let answer = try await signedIn(bench)
        let session = try XCTUnwrap(cookies(answer).first)
        let value = try XCTUnwrap(session.split(separator: "=").last)
        let parts = value.split(separator: ".")
        let begun = cookies(try await bench.get("/slack/sign-in"))[0]
        let forged = [
            "__Host-iterapp=", "__Host-iterapp=..", "__Host-iterapp=\(parts[0]).\(parts[1]).", "__Host-iterapp=x",
            "__Host-iterapp=9999999999.\(parts[1]).\(parts[2])", "iterapp=\(value)", "__host-iterapp=\(value)",
            "__Host-iterapp=\(parts[0]).5532-5532.\(parts[2])", "__Host-iterapp=\(value)0",
            // A sign-in that was only begun is no session.
            "__Host-iterapp=" + begun.split(separator: "=")[1],
            "__Host-iterapp=" + String(repeating: "a", count: 20_000),
        ]
        for cookie in forged { XCTAssertNil(bench.person([cookie]), cookie) }
        XCTAssertNil(self.bench(secret: "t").person([session]), "another bot's")
        XCTAssertNotNil(bench.person(["__Host-iterapp=x", session]))
    }

    func testASignInThatWasNotBegunInThisBrowserIsRefused() async throws {
        let bench = bench()
        let begun = cookies(try await bench.get("/slack/sign-in?to=%2Foperations%2F12"))
        let state = bench.state()
        for (query, sent) in [
            ("code=good&state=\(state)", []), ("code=good&state=\(state)0", begun), ("code=good", begun),
            ("code=good&state=", begun), ("", begun),
        ] {
            let answer = try await bench.get("/slack/sign-in/callback?" + query, cookies: sent)
            XCTAssertEqual(answer.status, 400, query)
            XCTAssertEqual(cookies(answer), [], "a session without a sign-in")
        }
        bench.clock.change { $0 += 601 }
        let late = try await bench.get("/slack/sign-in/callback?code=good&state=\(state)", cookies: begun)
        XCTAssertEqual(late.status, 400)
    }

    func testWhatWentWrongIsSaidAndCanBeTriedAgain() async throws {
        let bench = bench()
        for (query, status, words) in [
            ("error=access_denied", 403, "Slack was not allowed to say who you are."), ("code=bad", 403, "does not vouch"),
            ("code=foreign", 403, "another Slack workspace"), ("code=outage", 503, "Try again in a minute."),
        ] {
            let begun = cookies(try await bench.get("/slack/sign-in?to=%2Foperations%2F12"))
            let answer = try await bench.get(
                "/slack/sign-in/callback?\(query)&state=\(bench.state())", cookies: begun)
            XCTAssertEqual(answer.status, status, query)
            XCTAssertTrue(text(answer).contains(words), text(answer))
            XCTAssertTrue(text(answer).contains("href=\"/slack/sign-in?to=%2Foperations%2F12\""), text(answer))
            XCTAssertEqual(cookies(answer), [])
        }
    }

    func testTheLineThatWasMeantComesAlong() async throws {
        for (wanted, reached) in [
            ("/operations/12#web-L120-L130", "/operations/12#web-L120-L130"), ("/operations/12#L3", "/operations/12#L3"),
            ("/operations/12#<b>", "/operations/12"), ("/operations/12#a\r\nX: y", "/operations/12"),
            ("#L3", "/"), ("//evil.example#L3", "/"),
        ] {
            let answer = try await signedIn(bench(), to: wanted)
            XCTAssertEqual(answer.headers["Location"], reached, wanted)
        }
    }

    func testNobodyIsSentToAnotherSite() async throws {
        for target in [
            "https://evil.example", "//evil.example", "/\\evil.example", "/operations/12/../../x", "javascript:alert(1)",
            "/slack/sign-out", "/operations/12/raw", "/operations/12/1-a", "/operations/12\r\nX: y", "operations/12", "",
        ] {
            let answer = try await signedIn(bench(), to: target)
            XCTAssertEqual(answer.headers["Location"], "/", target)
        }
    }

    /// Signed in, no link is needed, and an old one leads to the page all the same.
    func testWhoeverSignedInReadsEveryLog() async throws {
        try await withLogBench { log in
            let operation = try await log.build(["web": ["words"]])
            let link = log.links.path(of: operation)
            let bench = bench()
            let session: HTTPHeaders = ["Cookie": cookies(try await signedIn(bench)).joined(separator: "; ")]
            let now = log.now.addingTimeInterval(3_600)
            let page = LogPage(
                links: log.links, journal: log.journal, logs: log.logs, mask: SecretMask(), news: log.news, label: \.name,
                now: { now }, signIn: bench.pages)
            func get(_ path: String, _ headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
                let found = await page.answer(
                    HTTPRequest(method: "GET", target: path, headers: headers, body: [], peer: ""))
                return try XCTUnwrap(found)
            }
            let stranger = try await get("/operations/1")
            XCTAssertEqual(stranger.status, 403)
            XCTAssertTrue(text(stranger).contains("href=\"/slack/sign-in?to=%2Foperations%2F1\""), text(stranger))
            for part in ["/raw?appling=web", "/events"] {
                let refused = try await get("/operations/1" + part)
                XCTAssertEqual(refused.status, 403, part)
            }
            let raw = try await get("/operations/1/raw?appling=web", session)
            let rawText = String(decoding: try await LogBench.bytes(raw), as: UTF8.self)
            XCTAssertEqual(rawText, "words\n")
            let own = try await get("/operations/1", session)
            XCTAssertTrue(text(own).contains("Kåri &lt;b&gt;; x=1<form method=\"post\" action=\"/slack/sign-out\">"), text(own))
            XCTAssertTrue(text(own).contains("data-base=\"/operations/1\""), text(own))
            let unknown = try await get("/operations/99", session)
            XCTAssertEqual(unknown.status, 404)
            let forged = try await get("/operations/1/99-abc/raw", session)
            XCTAssertEqual([forged.status.description, forged.headers["Location"]], ["303", "/operations/1/raw"])
            let good = try await get(link)
            XCTAssertEqual(good.status, 200, "links go on working")
        }
    }
}
