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
        do throws(Failure) { try MissingConnection.refuse(purpose, of: file) } catch { return error }
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
}
