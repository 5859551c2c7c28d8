import Crypto
import Deploys
import Foundation
import JSON
import XCTest

@testable import Addons

final class NATSTokenTests: XCTestCase {
    private func key(_ kind: NKey.Kind, _ byte: UInt8) throws -> NKey {
        try XCTUnwrap(NKey(kind, seed: [UInt8](repeating: byte, count: 32)))
    }

    func testATokenIsReadBackAndSaysWhoIssuedIt() throws {
        let (operatorKey, account) = (try key(.operator, 1), try key(.account, 2))
        let token = NATSToken(
            ["type": "account"], about: account.publicText, name: "cats", issuedAt: 7, signedBy: operatorKey)
        let read = try XCTUnwrap(NATSToken(verifying: token.text, issuedBy: .operator))
        XCTAssertEqual(read, token)
        XCTAssertEqual(read.issuer, operatorKey.publicText)
        XCTAssertEqual(read.subject, account.publicText)
        XCTAssertEqual(read.issuedAt, 7)
        XCTAssertEqual(read.claims.at("nats", "version"), 2)
        XCTAssertEqual(read.claims["jti"]?.string?.count, 52)
        XCTAssertNil(NATSToken(verifying: token.text, issuedBy: .account))
    }

    func testAnythingElseIsNoToken() throws {
        let token = NATSToken(
            ["type": "account"], about: try key(.account, 2).publicText, name: "cats", issuedAt: 7,
            signedBy: try key(.operator, 1))
        let parts = token.text.split(separator: ".").map(String.init)
        let forged = NATSToken.base64(Array(token.claims.text.replacing("cats", with: "dogs").utf8))
        let none = NATSToken.base64(Array(#"{"typ":"JWT","alg":"none"}"#.utf8))
        for text in [
            "", ".", "..", "a.b.c", parts[0], "\(parts[0]).\(parts[1])", "\(parts[0]).\(forged).\(parts[2])",
            "\(none).\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1]).", token.text + "A", token.text + ".x",
        ] {
            XCTAssertNil(NATSToken(verifying: text, issuedBy: .operator), text)
        }
    }

    func testCredentialsAreAFileWithFences() throws {
        let credentials = try XCTUnwrap(
            NATSCredentials.make(
                signedBy: try key(.account, 2), name: "cats", issuedAt: 7, seed: [UInt8](repeating: 3, count: 32)))
        let lines = credentials.text.split(separator: "\n").map(String.init)
        XCTAssertEqual(
            lines.filter { $0.hasPrefix("-") },
            [
                "-----BEGIN NATS USER JWT-----", "------END NATS USER JWT------", "-----BEGIN USER NKEY SEED-----",
                "------END USER NKEY SEED------",
            ])
        for text in [credentials.text, credentials.text.replacing("\n", with: "\r\n")] {
            let read = try XCTUnwrap(NATSCredentials(text: text))
            XCTAssertEqual(read.token, credentials.token)
            XCTAssertEqual(read.key, credentials.key)
        }
    }

    func testCredentialsWhosePartsDoNotBelongTogetherAreNone() throws {
        let account = try key(.account, 2)
        let mine = try XCTUnwrap(NATSCredentials.make(signedBy: account, name: "a", issuedAt: 7, seed: randomBytes(32)))
        let yours = try XCTUnwrap(NATSCredentials.make(signedBy: account, name: "a", issuedAt: 7, seed: randomBytes(32)))
        XCTAssertNil(NATSCredentials(text: mine.text.replacing(mine.key.seedText, with: yours.key.seedText)))
        XCTAssertNil(NATSCredentials(text: mine.text.replacing(mine.key.seedText, with: account.seedText)))
        XCTAssertNil(NATSCredentials(text: mine.token.text))
        XCTAssertNil(NATSCredentials(text: ""))
    }

    /// Other keys would be other accounts: what apps say to each other would be cut in two.
    func testTheKeyOfAnAccountStaysTheSameForEver() throws {
        let operatorKey = try key(.operator, 1)
        func account(_ place: AddOnPlace, installation: String = "here") -> String {
            DerivedAccount(of: place, operator: operatorKey, installation: installation).key.publicText
        }
        let cats = account(try NATSBench.place("cats"))
        XCTAssertEqual(cats, "AACAWCS3I5X33XJ2ZQI33WTOTEUS7LT2R76M4NUVTOT4IGIYYJF4Y6XR")
        XCTAssertEqual(account(try NATSBench.place("Cats")), cats)
        let signer = DerivedAccount(of: try NATSBench.place("cats"), operator: operatorKey, installation: "here").signer
        XCTAssertEqual(signer.publicText, "ADRLYCK77R2ZAWGWF5QBQ44YZCVCKRXZ5ENNWV27MA2ASNEMOESVLDNC")
        let others = [
            account(try NATSBench.place("cats", .prod)), account(try NATSBench.place("dogs")),
            account(try NATSBench.place("acme/cats")), account(try NATSBench.place("cats", appling: "frontend")),
            account(try NATSBench.place("cats"), installation: "there"),
            DerivedAccount(of: try NATSBench.place("cats"), operator: try key(.operator, 2), installation: "here").key.publicText,
        ]
        XCTAssertEqual(Set(others + [cats]).count, 7)
    }

    func testAddresses() {
        XCTAssertEqual(
            NATSAddress.list("nats://a.example, tls://b.example:4333,nats://[::1]:1"),
            [
                NATSAddress(host: "a.example", port: 4_222),
                NATSAddress(host: "b.example", port: 4_333, requiresTLS: true), NATSAddress(host: "::1", port: 1),
            ])
        for text in ["", "a.example", "http://a", "nats://", "nats://me:pw@a", "nats://a,", "nats://a/path"] {
            XCTAssertNil(NATSAddress.list(text), text)
        }
    }
}
