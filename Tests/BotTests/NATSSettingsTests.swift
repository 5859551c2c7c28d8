import Foundation
import TestSupport
import XCTest

@testable import Addons
@testable import Bot

final class NATSSettingsTests: XCTestCase {
    private static let seed = NKey(.operator, seed: [UInt8](repeating: 1, count: 32))
    private static let user = NKey(.account, seed: [UInt8](repeating: 2, count: 32)).flatMap {
        NATSCredentials.make(signedBy: $0, name: "system", issuedAt: 1, seed: [UInt8](repeating: 3, count: 32))
    }

    /// - Returns: the files' settings.
    private func files(_ bench: BotBench) throws -> [String: String] {
        let contents = [
            "ITERAPP_NATS_OPERATOR_SEED_FILE": try XCTUnwrap(Self.seed).seedText + "\n",
            "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE": try XCTUnwrap(Self.user).text,
        ]
        return try contents.reduce(into: [:]) { paths, content in
            paths[content.key] = try file(bench, content.key, content.value)
        }
    }

    private func file(_ bench: BotBench, _ name: String, _ text: String) throws -> String {
        let url = bench.directory.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    private func problems(_ bench: BotBench, _ settings: [String: String]) -> [String] {
        do {
            _ = try bench.settings(settings)
            return []
        } catch { return (error as? SettingsError)?.problems ?? ["\(error)"] }
    }

    func testWithoutAnyOfItThereAreNoAccounts() async throws {
        try await BotBench.with { bench in XCTAssertNil(try bench.settings([:]).nats) }
    }

    func testEverythingIsRead() async throws {
        try await BotBench.with { bench in
            let own = try files(bench)
            let settings = try bench.settings(own.merging(["ITERAPP_NATS_URL": "tls://nats.example.com,nats://b:1"]) { $1 })
            let nats = try XCTUnwrap(settings.nats)
            XCTAssertEqual(nats.appURL, "tls://nats.example.com,nats://b:1")
            XCTAssertEqual(nats.addresses.map(\.description), ["nats.example.com:4222", "b:1"])
            XCTAssertEqual(nats.operator, Self.seed)
            XCTAssertEqual(nats.system.token, Self.user?.token)
            XCTAssertNil(nats.authoritiesPEM)
            for secret in [Self.seed?.seedText, Self.user?.key.seedText] {
                XCTAssertTrue(settings.secrets.contains(try XCTUnwrap(secret)))
            }
            let other = try bench.settings(own.merging([
                "ITERAPP_NATS_URL": "tls://nats.example.com", "ITERAPP_NATS_ADMIN_URL": "nats://nats.nats.svc:4333",
            ]) { $1 })
            XCTAssertEqual(other.nats?.appURL, "tls://nats.example.com")
            XCTAssertEqual(other.nats?.addresses.map(\.description), ["nats.nats.svc:4333"])
        }
    }

    func testTheOperatorsAuthorityIsReadAndNoOtherTakesItsPlace() async throws {
        try await BotBench.with { bench in
            let settings = try files(bench).merging(["ITERAPP_NATS_URL": "tls://nats.example.com"]) { $1 }
            let certificates = TestCertificates(in: bench.directory)
            try await certificates.make("own")
            let path = certificates.path("own.pem")
            let owned = try bench.settings(settings.merging(["ITERAPP_NATS_CA_FILE": path]) { $1 }).nats
            XCTAssertEqual(owned?.authoritiesPEM, try String(contentsOfFile: path, encoding: .utf8))
            // As OpenSSL is told of public ones.
            let others = try bench.settings(settings.merging(["SSL_CERT_FILE": path]) { $1 }).nats
            XCTAssertNotNil(others)
            XCTAssertNil(others?.authoritiesPEM)
        }
    }

    func testAllThatIsWrongIsSaidAtOnceAndNoSecretWithIt() async throws {
        try await BotBench.with { bench in
            let seed = try file(bench, "user.nk", try XCTUnwrap(Self.user).key.seedText)
            let credentials = try file(bench, "seed.nk", try XCTUnwrap(Self.seed).seedText)
            let authority = try file(bench, "ca.crt", "nothing")
            let said = problems(bench, [
                "ITERAPP_NATS_URL": "nats://me:hunter2@nats.example.com", "ITERAPP_NATS_ADMIN_URL": "nats.example.com",
                "ITERAPP_NATS_OPERATOR_SEED_FILE": seed, "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE": credentials,
                "ITERAPP_NATS_CA_FILE": authority,
            ])
            XCTAssertEqual(said.count, 5)
            XCTAssertFalse(said.joined().contains("hunter2"))
            for (problem, begin) in zip(said, [
                "ITERAPP_NATS_URL must be as in nats://", "ITERAPP_NATS_ADMIN_URL must be as in nats://",
                "ITERAPP_NATS_OPERATOR_SEED_FILE names \(seed), which holds the seed of another kind of key",
                "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE names \(credentials), which holds no credentials",
                "ITERAPP_NATS_CA_FILE names \(authority), which holds no certificate",
            ]) {
                XCTAssertTrue(problem.hasPrefix(begin), problem)
                XCTAssertFalse(problem.contains(try XCTUnwrap(Self.seed).seedText))
            }
        }
    }

    func testWhatIsMissingIsAskedFor() async throws {
        try await BotBench.with { bench in
            XCTAssertEqual(
                problems(bench, ["ITERAPP_NATS_URL": "nats://nats.example.com"]).map { $0.prefix(while: { $0 != " " }) },
                ["ITERAPP_NATS_OPERATOR_SEED_FILE", "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE"])
            XCTAssertEqual(
                problems(bench, try files(bench)),
                ["ITERAPP_NATS_URL is not set: ITERAPP_NATS_OPERATOR_SEED_FILE is good for nothing without it."])
            let none = bench.directory.appending(path: "none").path
            XCTAssertEqual(
                problems(bench, [
                    "ITERAPP_NATS_URL": "nats://nats.example.com", "ITERAPP_NATS_OPERATOR_SEED_FILE": none,
                    "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE": none,
                ]),
                [
                    "ITERAPP_NATS_OPERATOR_SEED_FILE names \(none), which can't be read.",
                    "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE names \(none), which can't be read.",
                ])
        }
    }
}
