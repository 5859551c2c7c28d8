import Deploys
import Foundation
import HTTP
import TestSupport
import XCTest

@testable import Web

/// Signing in as people do it, with a Slack that lets everybody in.
final class SignInBrowserTests: XCTestCase {
    private static let browser = SharedBrowser()
    override class func tearDown() { browser.end() }

    private struct OpenDoor: SignIn {
        func address(state: String, nonce: String) -> String { "/slack/sign-in/callback?code=good&state=\(state)" }
        func person(code: String, nonce: String, at now: Date) async throws(SignInError) -> Person {
            Person(id: "U1", name: "kari")
        }
    }

    /// Somebody was sent a link to a line.
    func testPeopleComeBackToTheirLine() async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        let browser = try await Self.browser.get()
        try await withLogBench { log in
            _ = try await log.build(["web": (1...400).map { "line \($0)" }])
            let now = log.now
            let signIn = SignInPages(signIn: OpenDoor(), secret: "s", isSecure: false, now: { now }, log: .silent)
            let page = LogPage(
                links: log.links, journal: log.journal, logs: log.logs, mask: SecretMask(), news: log.news, label: \.name,
                now: { now }, signIn: signIn)
            var settings = HTTPServerSettings()
            settings.port = 0
            let server = HTTPServer(settings) { request in
                if let answer = await page.answer(request) { return answer }
                return await signIn.answer(request) ?? .text(404, "")
            }
            let port = try server.start()
            let result: Result<Void, any Error>
            do {
                try await browser.open("http://localhost:\(port)/operations/1#web-L120")
                try await browser.click("a.button")
                try await browser.wait(
                    "the line", until: "document.querySelector('.row.linked .text')?.textContent === 'line 120'")
                let address = try await browser.value("location.pathname + location.hash")
                XCTAssertEqual(address, "/operations/1#web-L120")
                result = .success(())
            } catch { result = .failure(error) }
            _ = try? await browser.open("about:blank")
            await server.stop(grace: .zero)
            try result.get()
        }
    }
}
