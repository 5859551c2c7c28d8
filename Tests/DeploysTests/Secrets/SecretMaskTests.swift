import Foundation
import XCTest

@testable import Deploys

final class SecretMaskTests: XCTestCase {
    private let mask = SecretMask()

    private func hides(_ text: String, as expected: String, line: UInt = #line) {
        XCTAssertEqual(mask.masked(text), expected, line: line)
    }

    /// Put together here, so that no scanner takes this file for a leak.
    private static let letters = String(repeating: "a1B2c3D4e5", count: 8)

    func testTokensOfKnownIssuersAreHidden() {
        let issued: [(String, Int)] = [
            ("xoxb-", 40), ("xapp-", 40), ("xoxe.", 40), ("ghp_", 36), ("ghs_", 36), ("github_pat_", 60), ("glpat-", 20),
            ("npm_", 36), ("pypi-", 60), ("dckr_pat_", 27), ("AKIA", 16), ("AIza", 35), ("sk_live_", 24), ("sk-", 48),
            ("SUA", 55), ("AGE-SECRET-KEY-1", 58),
        ]
        for (prefix, count) in issued {
            let token = prefix + Self.letters.prefix(count)
            hides("using \(token), then", as: "using •••, then")
            hides("\"\(token)\"", as: "\"•••\"")
            hides(token, as: "•••")
        }
    }

    func testWordsThatOnlyLookSimilarStay() {
        for text in [
            "npm_config_cache=/tmp", "sk-learn 1.5", "AKIA", "risk-free", "https://example.com:8080/a@b",
            "Basic authentication is required here", "TOKEN_URL=$TOKEN_SOURCE", "token: unexpected", "12:30 a@b",
            "git@github.com:iterate/cats.git", "eyJust.eyJoking", "PASSWORD=", "ø–æ 🐈 :: == --",
        ] { hides(text, as: text) }
    }

    func testPasswordsInURLsAreHiddenAndTheirUsersStay() {
        hides("postgres://cats:hunter2@db/cats?x=1", as: "postgres://cats:•••@db/cats?x=1")
        hides("https://x-access-token:p:w@github.com/a", as: "https://x-access-token:•••@github.com/a")
        hides("redis://:geheim@redis:6379", as: "redis://:•••@redis:6379")
    }

    func testVariablesWhoseNamesSayWhatTheyHoldAreHidden() {
        hides("DB_PASSWORD=hunter2x next", as: "DB_PASSWORD=••• next")
        hides("export MY_API_KEY='a b c d'", as: "export MY_API_KEY='•••'")
        hides("ENV GITHUB_TOKEN=\"geheim99\"", as: "ENV GITHUB_TOKEN=\"•••\"")
    }

    func testFieldsAndWebTokensAreHidden() {
        hides("Authorization: Bearer \(Self.letters)", as: "Authorization: Bearer •••")
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
        hides("got \(token)!", as: "got •••!")
    }

    func testKnownValuesAreHiddenInEveryFormAndTheLongestWins() {
        let mask = SecretMask(["geheim/+1", "geheim/+1-and-more", "kurz"])
        XCTAssertEqual(mask.masked("a geheim/+1-and-more b geheim/+1"), "a ••• b •••")
        XCTAssertEqual(mask.masked(Data("geheim/+1".utf8).base64EncodedString()), "•••")
        XCTAssertEqual(mask.masked("?key=geheim%2F%2B1&x"), "?key=•••&x")
        XCTAssertEqual(mask.masked(Data("geheim/+1\n".utf8).base64EncodedString()), "•••Cg==")
        for before in ["", "u", "us", "use", "user:"] {
            for after in ["", "+", "-1", "\n"] {
                let text = before + "geheim/+1" + after
                XCTAssertTrue(mask.masked(Data(text.utf8).base64EncodedString()).contains("•••"), text)
            }
        }
        XCTAssertEqual(mask.masked("67656865696d2f2b31, 67656865696D2F2B310a"), "•••, •••0a")
        mask.learn(["?>?>?>?>"])
        XCTAssertEqual(mask.masked("Pz4_Pj8-Pz4 Pz4/Pj8+Pz4="), "••• •••=")
        XCTAssertEqual(mask.masked("kurz und gut"), "kurz und gut", "too short to be told from words")
        mask.learn(["spätergelernt"])
        XCTAssertEqual(mask.masked("spätergelernt"), "•••")
    }

    func testAnAppsOrdinaryWordsAreHiddenWhereItSpeaksAlone() {
        let (cats, dogs) = (AppID(organisation: "iterate", name: "cats"), AppID(organisation: "iterate", name: "dogs"))
        let mask = SecretMask(["operator-word"])
        mask.learn(["production", "k3Yof7cats"], of: cats)
        let text = "production k3Yof7cats operator-word cHJvZHVjdGlvbg=="
        XCTAssertEqual(mask.masked(text), "production ••• ••• cHJvZHVjdGlvbg==")
        XCTAssertEqual(mask.of(dogs).masked(text), "production ••• ••• cHJvZHVjdGlvbg==")
        XCTAssertEqual(mask.of(AppID(organisation: "Iterate", name: "Cats")).masked(text), "••• ••• ••• •••==")
        let naming = Naming(
            defaultOrganisation: "iterate", domains: .init(prod: "{app}.p", test: "{app}.t", snap: "{env}.{app}"),
            externalDomains: .init(prod: "{app}.p", test: "{app}.t", snap: "{env}.{app}"))
        let place = naming.namespace(cats, .prod)
        XCTAssertEqual(mask.of(namespace: place, naming).masked(text), "••• ••• ••• •••==")
        XCTAssertEqual(mask.of(namespace: "dogs-prod", naming).masked(text), "production ••• ••• cHJvZHVjdGlvbg==")
        // What is learned later counts at once, also where the same word is another app's, and the longest wins.
        let own = mask.of(dogs)
        mask.learn(["production", "production-9fK2"], of: dogs)
        XCTAssertEqual(own.masked("production, production-9fK2"), "•••, •••")
        XCTAssertEqual(mask.of(cats).masked("production, production-9fK2"), "•••, •••")
        XCTAssertEqual(mask.masked("production, production-9fK2"), "production, •••")
        // Of several lines, each is judged by itself.
        mask.learn(["mode = production\nkey = 93jfKE02kd"], of: cats)
        XCTAssertEqual(mask.masked("mode = production; key = 93jfKE02kd"), "mode = production; •••")
    }

    func testWhatIsMadeAtRandomIsNoOrdinaryWord() {
        for word in [
            "production", "INFO_LOG", "Europe/Oslo", "eu-north-1", "europe-west1", "info,debug", "application/json", "123456",
            "http://localhost:3000", "hunter2", "ab.cde", "------", "postgres:16",
        ] { XCTAssertEqual(OrdinaryWord.isOne(word), word != "------", word) }
        for secret in [
            "correct-horse-battery-staple", "1234567", "4f9a0c1e", "pAssword", "s3cret", "qkzjxvbnmlpwrtysd", "zürich",
            "a1b2c3", "550e8400-e29b-41d4-a716", "Tr0ub4dor", "2024-11-21T10:00", "https://example.com/hook/a",
            "the new secret", "12.34.56",
        ] { XCTAssertFalse(OrdinaryWord.isOne(secret), secret) }
        var random = SystemRandomNumberGenerator()
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let ordinary = (0..<1_000).filter { _ in
            OrdinaryWord.isOne(String((0..<20).map { _ in letters.randomElement(using: &random) ?? "a" }))
        }
        XCTAssertEqual(ordinary.count, 0, "of a thousand keys")
    }

    func testPrivateKeysAreHiddenAlsoLineByLine() {
        let key = ["-----BEGIN RSA PRIVATE KEY-----", "MIIEow", "IBAAKC", "-----END RSA PRIVATE KEY-----"]
        hides("a\n\(key.joined(separator: "\n"))\nb", as: "a\n•••\nb")
        XCTAssertEqual(LineMask.masked(["a"] + key + ["b"], by: mask), ["a", "•••", "•••", "•••", "•••", "b"])
        let certificate = ["-----BEGIN CERTIFICATE-----", "MIIEow", "-----END CERTIFICATE-----"]
        XCTAssertEqual(LineMask.masked(certificate, by: mask), certificate)
        let endless = ["-----BEGIN PRIVATE KEY-----"] + (0..<400).map { "line \($0)" }
        XCTAssertEqual(LineMask.masked(endless, by: mask).last, "line 399", "what never ends is no key")
    }

    /// Signs and digits alone are none.
    func testSignsStayAsTheyAre() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let text = String(decoding: (0..<300).map { _ in UInt8.random(in: 0x20...0x3A, using: &random) }, as: UTF8.self)
            XCTAssertEqual(mask.masked(text), text)
        }
        XCTAssertEqual(mask.masked(""), "")
    }
}
