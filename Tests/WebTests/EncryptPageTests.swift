import AppFile
import Crypto
import Deploys
import Foundation
import HTTP
import JSON
import Secrets
import TestSupport
import XCTest

@testable import Web

/// `ITERAPP_PICTURE=folder swift test --filter EncryptPageTests` also takes pictures.
final class EncryptPageTests: XCTestCase {
    private static let browser = SharedBrowser()
    override class func tearDown() { browser.end() }

    private static let cats = AppID(organisation: "iterate", name: "cats")
    private static let naming = Naming(
        defaultOrganisation: "iterate", domains: .init(prod: "{app}.p", test: "{app}.t", snap: "{env}.{app}"),
        externalDomains: .init(prod: "{app}.p", test: "{app}.t", snap: "{env}.{app}"))

    private struct Slack: SignIn {
        func address(state: String, nonce: String) -> String { "https://slack.example.com/?state=\(state)" }
        func person(code: String, nonce: String, at now: Date) async throws(SignInError) -> Person {
            Person(id: "U1", name: "kari")
        }
    }

    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let keyring = (try? Keyring.empty.rotated()) ?? .empty

    private var signIn: SignInPages {
        SignInPages(signIn: Slack(), secret: "s", isSecure: false, now: { [now] in now }, log: .silent)
    }

    private func page(_ signIn: SignInPages? = nil) -> EncryptPage {
        let key = keyring.newest.map {
            EncryptPage.Key(
                id: $0.id.bytes, point: $0.publicKey.bytes, pem: $0.publicKey.pem, maxValueBytes: Sealer.maxValueBytes)
        }
        return EncryptPage(
            key: { key }, apps: { [Self.cats, AppID(organisation: "acme", name: "dogs")] }, naming: Self.naming,
            signIn: signIn)
    }

    private static func request(_ target: String, cookie: String? = nil, method: String = "GET") -> HTTPRequest {
        var headers: HTTPHeaders = [:]
        if let cookie { headers["Cookie"] = cookie }
        return HTTPRequest(method: method, target: target, headers: headers, body: [], peer: "127.0.0.1")
    }

    private func get(_ page: EncryptPage, _ path: String, cookie: String? = nil, method: String = "GET") async throws -> (
        status: Int, text: String, headers: HTTPHeaders
    ) {
        let found = await page.answer(Self.request(path, cookie: cookie, method: method))
        let answer = try XCTUnwrap(found)
        guard case .bytes(let bytes) = answer.body else { throw TestFailure("no bytes") }
        return (answer.status, String(decoding: bytes, as: UTF8.self), answer.headers)
    }

    // MARK: The answers

    func testThePageCanReachNobody() async throws {
        let answer = try await get(page(), "/encrypt_secret")
        XCTAssertEqual(answer.status, 200)
        XCTAssertEqual(
            answer.headers["Content-Security-Policy"],
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; form-action 'none'; "
                + "base-uri 'none'; frame-ancestors 'none'")
        XCTAssertEqual(answer.headers["Cache-Control"], "no-store")
        XCTAssertFalse(answer.text.contains("<form"))
        XCTAssertFalse(answer.text.contains("acme/dogs"), "it lists apps for somebody who has not signed in")
        for path in answer.text.matches(of: #/(?:src|href)="(\/[^"]+)"/#).map({ String($0.1) })
        where path.hasPrefix("/encrypt_secret") {
            let asset = try await get(page(), path)
            XCTAssertEqual(asset.status, 200, path)
        }
        let posted = try await get(page(), "/encrypt_secret", method: "POST")
        XCTAssertEqual(posted.status, 405)
        let key = try await get(page(), "/encrypt_secret/key")
        XCTAssertEqual(key.text, keyring.newest?.publicKey.pem)
        let missing = try await get(page(), "/encrypt_secret/x")
        XCTAssertEqual(missing.status, 404)
        let other = await page().answer(Self.request("/encrypt_secrets"))
        XCTAssertNil(other)
    }

    func testWithoutAKeyItSaysHowToMakeOne() async throws {
        for (hasPlace, command) in [
            (
                false,
                "install -d -o iterapp /etc/iterapp\n# as iterapp\n"
                    + "export ITERAPP_KEYS=/etc/iterapp/keys.pem\niterapp keys rotate<"
            ), (true, ">iterapp keys rotate<"),
        ] {
            let page = EncryptPage(
                key: { nil }, hasPlace: hasPlace, apps: { [Self.cats] }, naming: Self.naming, signIn: nil)
            let answer = try await get(page, "/encrypt_secret")
            XCTAssertEqual(answer.status, 404)
            XCTAssertTrue(answer.text.contains("This Iterapp has no key for encrypted values yet:"), answer.text)
            XCTAssertTrue(answer.text.contains(command), answer.text)
            let key = try await get(page, "/encrypt_secret/key")
            XCTAssertEqual(key.status, 404)
            XCTAssertEqual(key.text, "This Iterapp has no key for encrypted values yet.\n")
            try await withPage(page) { browser, url in
                try await browser.open(url)
                let shown = try await browser.text("pre")
                XCTAssertTrue(shown.hasSuffix("iterapp keys rotate"), shown)
                try await look(browser, hasPlace ? "encrypt-no-key" : "encrypt-no-place")
            }
        }
    }

    func testWhoHasSignedInChoosesAnApp() async throws {
        let signIn = signIn
        let stranger = try await get(page(signIn), "/encrypt_secret")
        XCTAssertTrue(stranger.text.contains("href=\"/slack/sign-in?to="))
        XCTAssertFalse(stranger.text.contains("acme/dogs"))
        let away = await signIn.answer(Self.request("/slack/sign-in?to=%2Fencrypt_secret"))
        let state = try XCTUnwrap(away?.headers["Location"]).replacing("https://slack.example.com/?state=", with: "")
        let back = Self.request(
            "/slack/sign-in/callback?code=c&state=\(state)",
            cookie: try XCTUnwrap(away?.headers["Set-Cookie"]).components(separatedBy: ";")[0])
        let answered = await signIn.answer(back)
        let signedIn = try XCTUnwrap(answered)
        XCTAssertEqual(signedIn.headers["Location"], "/encrypt_secret")
        let cookie = signedIn.headers.all("Set-Cookie").map { $0.components(separatedBy: ";")[0] }.joined(separator: "; ")
        let known = try await get(page(signIn), "/encrypt_secret", cookie: cookie)
        XCTAssertTrue(known.text.contains("<option value=\"acme/dogs\"></option><option value=\"cats\"></option>"))
        XCTAssertTrue(known.text.contains("kari<form method=\"post\" action=\"/slack/sign-out\">"))
        XCTAssertEqual(known.headers["Content-Security-Policy"]?.contains("form-action 'self'"), true)
    }

    // MARK: In a browser

    private func withPage(_ shown: EncryptPage? = nil, _ body: (Browser, _ url: String) async throws -> Void) async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        let browser = try await Self.browser.get()
        var settings = HTTPServerSettings()
        settings.port = 0
        let page = shown ?? page(signIn)
        let server = HTTPServer(settings) { request in
            if let answer = await page.answer(request) { return answer }
            return LogAssets.answer(request.path) ?? .text(404, "Not found\n")
        }
        let port = try server.start()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(browser, "http://localhost:\(port)/encrypt_secret"))
        } catch { result = .failure(error) }
        _ = try? await browser.open("about:blank")
        await server.stop(grace: .zero)
        try result.get()
    }

    private func look(_ browser: Browser, _ name: String) async throws {
        for width in [1_280, 390] {
            try await browser.setViewport(width: width, height: 900)
            let excess = try await browser.value("document.documentElement.scrollWidth - innerWidth")
            XCTAssertEqual(excess, 0, "\(name) scrolls sideways in \(width) pixels")
            guard let folder = ProcessInfo.processInfo.environment["ITERAPP_PICTURE"] else { continue }
            try await browser.screenshot().write(to: URL(filePath: folder).appending(path: "\(name)-\(width).png"))
        }
    }

    /// The line that the page shows.
    private func encrypt(_ browser: Browser) async throws -> String {
        try await browser.click("#encrypt")
        try await browser.wait("a result", until: "!document.querySelector('#result').hidden")
        return try await browser.text("#line")
    }

    private func opened(_ shown: String, _ app: AppID, _ scope: SealedValue.Scope) throws -> String {
        let text = try XCTUnwrap(shown.firstMatch(of: #/encrypted = "([^"]+)"/#)).1
        return try KeyringOpener(keyring, mask: SecretMask()).open(String(text), of: app, for: [scope])
    }

    func testWhatTheBrowserEncryptsTheServiceOpens() async throws {
        try await withPage { browser, url in
            try await browser.open(url)
            try await browser.wait("the fields", until: "!document.querySelector('#fields').hidden")
            try await look(browser, "encrypt-empty")
            let secret = "pä\"ss\\wörd 🐈 $x"
            try await browser.type("Cats", into: "#app")
            try await browser.type(secret, into: "#value")
            let common = try await encrypt(browser)
            XCTAssertTrue(common.hasPrefix("[env.common]\nAPI_KEY = { encrypted = \""), common)
            XCTAssertEqual(try opened(common, Self.cats, .common), secret)
            try await look(browser, "encrypt-result")
            XCTAssertThrowsError(try opened(common, Self.cats, .prod))
            try await browser.value("document.documentElement.style.colorScheme = 'dark'")
            try await look(browser, "encrypt-dark")
            try await browser.value("document.documentElement.style.colorScheme = ''")

            try await browser.click("#copy")
            try await browser.wait(
                "a copy", until: "the('copy').textContent === 'Copied' || the('remark').textContent.includes('copy it')")
            try await browser.click("[value=prod]")
            try await browser.type("db.token", into: "#name")
            let prod = try await encrypt(browser)
            XCTAssertTrue(prod.hasPrefix("[env.prod]\n\"db.token\" = { encrypted = \""), prod)
            XCTAssertEqual(try opened(prod, Self.cats, .prod), secret)

            // Several lines, and the last line break is none of it.
            try await browser.value("document.querySelector('#value').value = 'line 1\\nline 2\\n'")
            try await browser.value("document.querySelector('#app').value = 'ACME/Dogs'")
            try await browser.click("[value=build]")
            try await browser.value("document.querySelector('#name').value = ''")
            let build = try await encrypt(browser)
            XCTAssertTrue(build.hasPrefix("[build_secrets]\nnpm = { encrypted = \""), build)
            XCTAssertEqual(try opened(build, AppID(organisation: "acme", name: "dogs"), .build), "line 1\nline 2")
            let remark = try await browser.text("#remark")
            XCTAssertEqual(remark, "The line break at its end was left out.")

            let long = Sealer.maxValueBytes
            try await browser.value("document.querySelector('#value').value = 'x'.repeat(\(long))")
            let longest = try await encrypt(browser)
            XCTAssertEqual(try opened(longest, AppID(organisation: "acme", name: "dogs"), .build).count, long)

            // All that the page has asked a server for came before anything was typed.
            let requests = try await browser.value(
                "performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname.split('/').pop())")
            XCTAssertEqual(Set(requests.array?.compactMap(\.string) ?? []), ["log.css", "encrypt.css", "encrypt.js"])
            let escape = "fetch('/encrypt_secret/key').then(() => 'sent').catch(() => 'kept')"
            try await browser.value("(\(escape)).then(what => document.body.dataset.escape = what)")
            try await browser.wait("an answer", until: "document.body.dataset.escape")
            let kept = try await browser.value("document.body.dataset.escape")
            XCTAssertEqual(kept, "kept", "a script could send something")
        }
    }

    func testWhatCannotBeEncryptedIsSaid() async throws {
        try await withPage { browser, url in
            try await browser.open(url)
            try await browser.wait("the fields", until: "!document.querySelector('#fields').hidden")
            func problem(_ app: String, _ name: String, _ value: String) async throws -> String {
                for (id, text) in [("app", app), ("name", name)] {
                    try await browser.value("document.querySelector('#\(id)').value = '\(text)'")
                }
                try await browser.value("document.querySelector('#value').value = \(value)")
                try await browser.click("#encrypt")
                let isShown = try await browser.value("!document.querySelector('#problem').hidden")
                return isShown == true ? try await browser.text("#problem") : ""
            }
            for (app, name, value, beginning) in [
                ("", "", "'a'", "Which app?"), ("a/b/c", "", "'a'", "Which app?"), ("-x", "", "'a'", "Which app?"),
                ("cats", "1A", "'a'", "A variable's name"), ("cats", "A", "''", "There is nothing"),
                ("cats", "A", "'\\n'", "There is nothing"), ("cats", "A", "'x'.repeat(65537)", "The value is larger than 65536"),
                ("cats", "A", "'a\\0b'", "The value has a null character"),
            ] {
                let said = try await problem(app, name, value)
                XCTAssertTrue(said.hasPrefix(beginning), "\(app) \(name) \(value): \(said)")
            }
            try await look(browser, "encrypt-problem")
            let said = try await problem("cats", "A", "'a'")
            XCTAssertEqual(said, "")
        }
    }

    /// Over plain HTTP from another host, browsers have no WebCrypto.
    func testWithoutWebCryptoItSaysWhatToDo() async throws {
        try await withPage { browser, url in
            // It leads here as well, and browsers do not count it among their own machine's names.
            try await browser.open(url.replacing("localhost", with: "0.0.0.0"))
            try await browser.wait("a sentence", until: "!document.querySelector('#insecure').hidden")
            let said = try await browser.text("#insecure")
            XCTAssertTrue(said.contains("iterapp encrypt --app APP"), said)
            let isHidden = try await browser.value("document.querySelector('#fields').hidden")
            XCTAssertEqual(isHidden, true)
            try await look(browser, "encrypt-insecure")
        }
    }
}
