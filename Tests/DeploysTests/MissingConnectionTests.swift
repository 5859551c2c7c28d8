import AppFile
import XCTest

@testable import Deploys

/// What settings ask for that this service cannot give.
final class MissingConnectionTests: XCTestCase {
    private func file(_ change: (inout Appling) -> Void) -> AppFile {
        var appling = Appling()
        change(&appling)
        return AppFile(applings: [appling])
    }

    private func refusal(_ purpose: MissingConnection.Purpose, _ file: AppFile) -> Failure? {
        do throws(Failure) { try MissingConnection.refuse(purpose, of: file, Connections()) } catch { return error }
        return nil
    }

    func testWhatIsConnectedIsNotRefused() {
        let file = file {
            $0.redis = RedisCache()
            $0.cloudSQLInstances = [CloudSQLInstance(port: 5433, connectionName: "a:b:c")]
            $0.releaseCommand = "migrate"
            $0.env.common = ["A": .plain("b"), "C": .secret(name: "d", key: "e")]
        }
        XCTAssertNil(refusal(.build, file))
        XCTAssertNil(refusal(.deploy(to: .prod), file))
    }

    func testOneThingIsASentenceWithAdvice() throws {
        let cases: [(AppFile, String)] = [
            (file { $0.postgres = Postgres() },
             "`[postgres]` needs a database server, and this service is not connected to one."),
            (file { $0.nats = NATSAccount() },
             "`[nats]` needs a NATS server, and this service is not connected to one."),
            (file { $0.env.common = ["B": .encrypted("x"), "A": .encrypted("y")] },
             "`A` and `B` are encrypted, and this service has no key to open encrypted values."),
            (file { $0.env.byEnvironment = ["prod": ["A": .encrypted("y")]] },
             "`A` is encrypted, and this service has no key to open encrypted values."),
        ]
        for (file, sentence) in cases {
            let failure = try XCTUnwrap(refusal(.deploy(to: .prod), file), sentence)
            XCTAssertEqual(failure.stage, .settings)
            XCTAssertEqual(failure.sentence, sentence)
            XCTAssertEqual(failure.advice, "Ask the operator of Iterapp for it, or take it out.")
            XCTAssertEqual(failure.evidence, [])
            XCTAssertNil(refusal(.build, file), "building needs none of it")
        }
    }

    func testValuesOfOtherEnvironmentsAreNotLookedAt() {
        XCTAssertNil(refusal(.deploy(to: .test), file { $0.env.byEnvironment = ["prod": ["A": .encrypted("y")]] }))
    }

    func testBuildSecretsAreRefusedBeforeABuild() {
        let secrets = (1...9).map { BuildSecret(id: "s\($0)", encrypted: "x") }
        XCTAssertEqual(
            refusal(.build, file { $0.buildSecrets = Array(secrets.prefix(1)) })?.sentence,
            "The build secret `s1` is encrypted, and this service has no key to open encrypted values.")
        XCTAssertEqual(
            refusal(.build, file { $0.buildSecrets = secrets })?.sentence,
            "The build secrets `s1`, `s2`, `s3`, `s4` and 5 more are encrypted, and this service has no key to open "
                + "encrypted values.")
    }

    func testAllThatIsMissingIsSaidAtOnce() throws {
        let failure = try XCTUnwrap(
            refusal(.deploy(to: .test), file {
                $0.postgres = Postgres()
                $0.nats = NATSAccount()
            }))
        XCTAssertEqual(failure.advice, "Ask the operator of Iterapp for them, or take them out.")
        XCTAssertEqual(failure.evidence, [
            "`[postgres]` needs a database server, and this service is not connected to one.",
            "`[nats]` needs a NATS server, and this service is not connected to one.",
        ])
    }

    // MARK: On the way

    func testWhatNothingIsConnectedToIsRefusedBeforeAnybodyWaits() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", ["iterapp.toml": "[postgres]\n"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(failure.stage, .settings)
            XCTAssertEqual(
                failure.sentence, "`[postgres]` needs a database server, and this service is not connected to one.")
            XCTAssertEqual(bench.world.count("build "), 0)
            // Only building it is no trouble, and a push is refused where it would be deployed.
            await bench.command("build cats main")
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("build "), 1)
            try await bench.push(try XCTUnwrap(bench.world.branches.withLock { $0["main"] }))
            try await bench.work(until: 3)
            let refusal = try await bench.announcedFailure()
            XCTAssertEqual(refusal.sentence, failure.sentence)
            XCTAssertEqual(bench.world.count("roll out"), 0)
        }
    }

    func testEncryptedValuesAreRefusedWhereTheyCannotBeOpened() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let secret = try sealed(.build).text
            bench.world.commit("a", ["iterapp.toml": "[build_secrets]\ntoken = { encrypted = \"\(secret)\" }\n"])
            await bench.command("build cats main")
            try await bench.work(until: 1)
            let refused = try await bench.announcedFailure()
            XCTAssertEqual(
                refused.sentence,
                "The build secret `token` is encrypted, and this service has no key to open encrypted values.")
            bench.world.commit("b", ["iterapp.toml": "[env.prod]\nTOKEN = { encrypted = \"\(try sealed(.prod).text)\" }\n"])
            await bench.command("deploy cats prod main")
            try await bench.work(until: 2)
            let closed = try await bench.announcedFailure()
            XCTAssertEqual(
                closed.sentence, "`TOKEN` is encrypted, and this service has no key to open encrypted values.")
            XCTAssertEqual(bench.world.count("build "), 0)
            await bench.command("deploy cats test main")
            try await bench.work(until: 3)
            XCTAssertEqual(bench.world.count("rolled out"), 1, "other environments need no key")
        }
    }

    func testValuesOfAnotherAppAreAMistakeInTheSettings() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let foreign = try sealed(.common, app: "iterate/dogs").text
            bench.world.commit("a", ["iterapp.toml": "[env.common]\nTOKEN = { encrypted = \"\(foreign)\" }\n"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(failure.stage, .settings)
            XCTAssertTrue(failure.sentence.contains("iterate/dogs"), failure.sentence)
        }
    }

    private func sealed(_ scope: SealedValue.Scope, app: String = "iterate/cats") throws -> SealedValue {
        try XCTUnwrap(
            SealedValue(
                scope: scope, keyID: Array(1...8), app: app, encapsulatedKey: [4] + [UInt8](repeating: 7, count: 64),
                ciphertext: [UInt8](repeating: 9, count: 20)))
    }
}
