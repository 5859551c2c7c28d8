import AppFile
import Deploys
import Foundation
import JSON
import TestSupport
import XCTest

@testable import Kubernetes
@testable import Sandbox

/// What is kept for add-ons is found again, in all namespaces, with the rights that the bot's account has.
final class AddOnSecretsTests: XCTestCase {
    private struct Server: AddOnServer {
        func secret(of place: AddOnPlace, kept: [String: String]?) async throws(AddOnError) -> [String: String] {
            ["URL": "nats://\(place.app.name)\n"]
        }

        func provide(_ place: AddOnPlace, _ secret: [String: String]) async throws(AddOnError) -> [String] { [] }
    }

    private func place(_ app: String, _ environment: EnvironmentName, _ kind: AddOn.Kind) -> AddOnPlace {
        AddOnPlace(
            app: AppID(organisation: "iterate", name: app), environment: environment,
            namespace: "apps-\(app)-\(environment)", addOn: AddOn(kind, name: "\(app)-\(kind == .nats ? "nats" : "postgres")"))
    }

    func testAllOfAKindAreFoundAndNothingElse() async throws {
        try await RightsBench.with(isAlive: false) { bench in
            let accounts = [place("cats", .test, .nats), place("dogs", .prod, .nats)]
            let all = accounts + [place("cats", .test, .postgres(extensions: []))]
            for namespace in Set(all.map(\.namespace)) { try await bench.cluster.makeNamespace(namespace) }
            let keeper = AddOnKeeper(
                client: bench.client, patience: Patience(bench.client, maxSilence: .seconds(1)) { _ in },
                servers: AddOnServers(postgres: Server(), nats: Server()))
            _ = try await keeper.keep(all)
            // Somebody else's, which only looks like one.
            _ = try await bench.client.create([
                "apiVersion": "v1", "kind": "Secret",
                "metadata": [
                    "name": "other", "namespace": .string(all[0].namespace),
                    "labels": [
                        "app.kubernetes.io/managed-by": "iterapp", "app.kubernetes.io/component": "nats",
                        "iterapp.no/kept": "true",
                    ],
                ],
            ])
            let list = AddOnSecretList(bench.client)
            let found = try await list.kept(.nats).sorted { $0.place.namespace < $1.place.namespace }
            XCTAssertEqual(found.map(\.place), accounts)
            XCTAssertEqual(found.map(\.secret), [["URL": "nats://cats\n"], ["URL": "nats://dogs\n"]])
            let databases = try await list.kept(.postgres(extensions: []))
            XCTAssertEqual(databases.map(\.place), Array(all.suffix(1)))
        }
    }

    /// Of a Redis, the Secret says no place.
    func testPasswordsOfAllKindsAreFoundForTheMask() async throws {
        try await RightsBench.with(isAlive: false) { bench in
            try await bench.cluster.makeNamespace("apps-cats-test")
            let seed = "SUAFXQXLKZGQXZGZBGJXBCZGJHOQBAKMNCLOZVWTWWKAYYYYYYYYYYYYYY"
            let secrets: [(component: String, isKept: Bool, values: [String: String])] = [
                ("redis", true, ["REDIS_PASSWORD": "of redis", "REDIS_USER": "default", "user.conf": "user default"]),
                ("postgres", true, ["PGPASSWORD": "of postgres", "DB_PASSWORD": "of postgres", "PGHOST": "db.test"]),
                ("nats", true, [
                    "NATS_URL": "nats://nats.test",
                    "NATS_CREDENTIALS": "-----BEGIN NATS USER JWT-----\ney\n------END\n\n----BEGIN\n\(seed)\n----END\n",
                ]),
                ("cronjob", false, ["PGPASSWORD": "somebody's own"]),
            ]
            for (component, isKept, values) in secrets {
                _ = try await bench.client.create([
                    "apiVersion": "v1", "kind": "Secret",
                    "metadata": [
                        "name": .string("cats-\(component)"), "namespace": "apps-cats-test",
                        "labels": .object(
                            [
                                "app.kubernetes.io/managed-by": "iterapp",
                                "app.kubernetes.io/component": .string(component),
                            ].merging(isKept ? ["iterapp.no/kept": "true"] : [:]) { own, _ in own }),
                    ],
                    "data": .object(values.mapValues { .string(Data($0.utf8).base64EncodedString()) }),
                ])
            }
            let found = try await AddOnSecretList(bench.client).passwords()
            XCTAssertEqual(Set(found), ["of redis", "of postgres", seed])
        }
    }

    func testAClusterThatIsAwayIsSaid() async throws {
        var retry = RetryPolicy()
        retry.maxAttempts = 1
        let client = KubernetesClient(
            KubernetesConnection(server: "http://127.0.0.1:1"), http: .init(), retry: retry)
        do {
            _ = try await AddOnSecretList(client).kept(.nats)
            XCTFail("it found something")
        } catch .unreachable(let sentence) {
            XCTAssertTrue(sentence.hasPrefix("The Secrets of add-ons cannot be listed: "), sentence)
        }
    }
}
