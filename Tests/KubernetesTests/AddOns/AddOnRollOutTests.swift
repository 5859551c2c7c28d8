import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// How add-ons on the operator's servers come to apps.
final class AddOnRollOutTests: XCTestCase {
    private static let secretPath = "/api/v1/namespaces/apps-cats-test/secrets/cats-postgres"

    /// A server that gives out numbered passwords.
    private final class Server: AddOnServer {
        let asked = Mutex<[String]>([])
        let error: AddOnError?
        let remarks: [String]
        /// To be kept once nothing older runs.
        let added: [String: String]

        init(error: AddOnError? = nil, remarks: [String] = [], added: [String: String] = [:]) {
            self.error = error
            self.remarks = remarks
            self.added = added
        }

        func secret(of place: AddOnPlace, kept: [String: String]?) async throws(AddOnError) -> [String: String] {
            let number = asked.withLock { asked in
                asked.append("secret")
                return asked.count
            }
            return ["PGHOST": "db.test", "PGPASSWORD": kept?["PGPASSWORD"] ?? "password-\(number)"]
        }

        func provide(_ place: AddOnPlace, _ secret: [String: String]) async throws(AddOnError) -> [String] {
            asked.withLock { $0.append("provide \(place.app.key) \(place.environment) \(secret["PGPASSWORD"] ?? "")") }
            if let error { throw error }
            return remarks
        }

        func retireOlder(
            than secret: [String: String], at place: AddOnPlace
        ) async throws(AddOnError) -> [String: String] {
            asked.withLock { $0.append("retire") }
            return added
        }
    }

    private func release() throws -> Release {
        let addOn = AddOn(.postgres(extensions: ["citext"]), name: "cats-postgres")
        return try TestReleases.release([TestReleases.appling(addOns: [addOn.name])], addOns: [addOn])
    }

    private func rollOut(
        _ server: Server?, times: Int = 1, isPuttingBack: Bool = false, andRepairs: Bool = false,
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
        prepare: (ScriptedCluster) async throws -> Void = { _ in }
    ) async throws -> RollOutBench.Outcome {
        try await RollOutBench.rollOut(
            try release(), times: times, isPuttingBack: isPuttingBack, addOns: AddOnServers(postgres: server),
            andRepairs: andRepairs, intercept: intercept, prepare: prepare, script: RollOutBench.healthy)
    }

    private static func secret(_ values: [String: String], isOurs: Bool = true) -> JSON {
        [
            "metadata": [
                "name": "cats-postgres", "namespace": "apps-cats-test", "uid": "1",
                "labels": isOurs ? ["iterapp.no/kept": "true"] : [:],
            ],
            "data": .object(values.mapValues { .string(Data($0.utf8).base64EncodedString()) }),
        ]
    }

    func testTheSecretIsMadeOnceAndTheServerProvidesWhatItOpens() async throws {
        let server = Server(remarks: ["Extension x stays."])
        let outcome = try await rollOut(server, times: 2)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.remarks, ["Extension x stays."])
        let once = ["provide iterate/cats test password-1", "retire"]
        XCTAssertEqual(server.asked.withLock { $0 }, ["secret"] + once + ["secret"] + once)
        let writes = outcome.requests.filter { $0.method != "GET" && $0.path.contains("/secrets") }
            .filter { !$0.path.contains("-env-") }
        XCTAssertEqual(writes.map(\.method), ["POST"])
        let made = try JSON.parse(writes[0].body)
        XCTAssertEqual(made.at("data", "PGPASSWORD"), .string(Data("password-1".utf8).base64EncodedString()))
        XCTAssertEqual(made.at("metadata", "labels", "iterapp.no/kept"), "true")
        let place = made.at("metadata", "annotations", "iterapp.no/add-on")?.string.flatMap {
            try? PlannedAddOn.place(JSON.parse($0))
        }
        XCTAssertEqual(place, try release().places.first)
    }

    func testWhatTheServerIsCalledNowIsWrittenOverAndThePasswordStays() async throws {
        let server = Server()
        let outcome = try await rollOut(server, prepare: {
            await $0.put(Self.secret(["PGHOST": "old.test", "PGPASSWORD": "kept"]), at: Self.secretPath)
        })
        XCTAssertNil(outcome.error)
        let written = try XCTUnwrap(outcome.requests.last { $0.method == "PATCH" && $0.path == Self.secretPath })
        let data = try JSON.parse(written.body)["data"]
        XCTAssertEqual(data?["PGHOST"], .string(Data("db.test".utf8).base64EncodedString()))
        XCTAssertEqual(data?["PGPASSWORD"], .string(Data("kept".utf8).base64EncodedString()))
        XCTAssertEqual(server.asked.withLock { $0[1] }, "provide iterate/cats test kept")
    }

    func testWhatTheServerWantsToBeKeptAfterwardsIsWrittenBesides() async throws {
        let outcome = try await rollOut(Server(added: ["retired": "1"]), prepare: {
            await $0.put(Self.secret(["PGHOST": "db.test", "PGPASSWORD": "kept"]), at: Self.secretPath)
        })
        XCTAssertNil(outcome.error)
        let written = try XCTUnwrap(outcome.requests.last { $0.method == "PATCH" && $0.path == Self.secretPath })
        let values = try JSON.parse(written.body)["data"]?.object?.mapValues {
            String(decoding: Data(base64Encoded: $0.string ?? "") ?? Data(), as: UTF8.self)
        }
        XCTAssertEqual(values, ["PGHOST": "db.test", "PGPASSWORD": "kept", "retired": "1"])
    }

    /// The release before may still have to be put back.
    func testNothingOlderIsRetiredByADeployThatFailsAtItsEnd() async throws {
        let server = Server()
        let outcome = try await rollOut(server) { request in
            guard request.path.contains("/httproutes/"), request.fields["dryRun"] == nil else { return nil }
            return StandInAPI.recorded("error-403.http")
        }
        XCTAssertNotNil(outcome.error)
        XCTAssertEqual(server.asked.withLock { $0 }, ["secret", "provide iterate/cats test password-1"])
    }

    /// The servers are not asked then, and what pods write in their need is told all the same.
    func testThePasswordOfWhatIsPutBackOrRepairedIsLearned() async throws {
        func learned(isPuttingBack: Bool, andRepairs: Bool) async throws -> [String] {
            let learned = Mutex<[String]>([])
            var passwords = Passwords()
            passwords.learn = { values in learned.withLock { $0 += values } }
            let outcome = try await RollOutBench.rollOut(
                try release(), isPuttingBack: isPuttingBack, passwords: passwords,
                addOns: AddOnServers(postgres: Server()), andRepairs: andRepairs,
                prepare: { await $0.put(Self.secret(["PGHOST": "db.test", "PGPASSWORD": "kept"]), at: Self.secretPath) },
                script: RollOutBench.healthy)
            XCTAssertNil(outcome.error)
            return learned.withLock { $0 }
        }
        let putBack = try await learned(isPuttingBack: true, andRepairs: false)
        XCTAssertEqual(Set(putBack), ["kept"])
        let rolledOut = try await learned(isPuttingBack: false, andRepairs: false)
        let repaired = try await learned(isPuttingBack: false, andRepairs: true)
        XCTAssertEqual(Set(repaired), ["kept"])
        XCTAssertGreaterThan(repaired.count, rolledOut.count, "the repair looks by itself")
    }

    func testASecretThatWasRemovedMeanwhileToHaveAnotherPasswordDoesNotComeBack() async throws {
        let asked = Mutex(0)
        let outcome = try await rollOut(Server(added: ["retired": "1"])) { request in
            guard request.path == Self.secretPath, request.method == "GET" else { return nil }
            let isFirst = asked.withLock { count in
                count += 1
                return count == 1
            }
            return isFirst ? nil : StandInAPI.recorded("error-404.http")
        } prepare: {
            await $0.put(Self.secret(["PGHOST": "db.test", "PGPASSWORD": "kept"]), at: Self.secretPath)
        }
        XCTAssertNil(outcome.error)
        XCTAssertEqual(asked.withLock { $0 }, 2)
        XCTAssertFalse(outcome.requests.contains { $0.method == "PATCH" && $0.path == Self.secretPath })
    }

    func testSecondOfTwoDeploysTakesTheFirstOnesSecret() async throws {
        // Absent when asked for, and there a moment later.
        let asked = Mutex(0)
        let server = Server()
        let outcome = try await rollOut(server) { request in
            guard request.path == Self.secretPath, request.method == "GET" else { return nil }
            let isFirst = asked.withLock { count in
                count += 1
                return count == 1
            }
            return isFirst ? StandInAPI.recorded("error-404.http") : nil
        } prepare: {
            await $0.put(Self.secret(["PGHOST": "db.test", "PGPASSWORD": "firsts"]), at: Self.secretPath)
        }
        XCTAssertNil(outcome.error)
        XCTAssertTrue(server.asked.withLock { $0 }.contains("provide iterate/cats test firsts"))
        XCTAssertFalse(server.asked.withLock { $0 }.contains { $0.hasSuffix("password-1") })
    }

    func testWhatCannotBeMadeStopsTheDeployBeforeAnythingRunsDifferently() async throws {
        let refused = AddOnError.refused("No extension x.", advice: "Take it out.")
        let outcome = try await rollOut(Server(error: refused))
        XCTAssertEqual(outcome.error, .unmet("No extension x.", advice: "Take it out."))
        let changed = outcome.requests.filter { $0.method == "PATCH" && $0.fields["dryRun"] == nil }.map(\.path)
        XCTAssertEqual(changed, ["/api/v1/namespaces/apps-cats-test"])
        let away = try await rollOut(Server(error: .unreachable("It is away.")))
        XCTAssertEqual(away.error, .unmet("It is away.", advice: "Deploy again once it answers."))
    }

    func testAReleaseThatIsPutBackNeedsNoServer() async throws {
        let server = Server(error: .unreachable("It is away."))
        let outcome = try await rollOut(server, isPuttingBack: true)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(server.asked.withLock { $0 }, [])
    }

    /// Another password, or another server, would lock out pods that began with what was there.
    func testARepairLeavesThemAlone() async throws {
        let server = Server()
        let outcome = try await rollOut(server, andRepairs: true)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(server.asked.withLock { $0 }, ["secret", "provide iterate/cats test password-1", "retire"])
    }

    func testSomebodyElsesSecretIsNotTaken() async throws {
        let outcome = try await rollOut(Server(), prepare: {
            await $0.put(Self.secret(["PGPASSWORD": "mine"], isOurs: false), at: Self.secretPath)
        })
        guard case .unmet(let sentence, _)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.hasPrefix("There is a Secret cats-postgres in the namespace apps-cats-test already"))
    }

    func testWithoutAServerItIsRefused() async throws {
        let outcome = try await rollOut(nil)
        guard case .unmet(let sentence, _)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("Postgres database `cats-postgres`"), sentence)
    }
}
