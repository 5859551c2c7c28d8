import AppFile
import Deploys
import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// Secrets that people have to make are asked for before anything is changed.
final class RequiredSecretsTests: XCTestCase {
    private func release() throws -> Release {
        var settings = Appling()
        settings.files = MountedFiles(common: [MountedSecret(path: "/app/secrets", secret: "my-secret")])
        let variables: [ReleasedAppling.Variable] = [
            .init(name: "DB_PASSWORD", value: .secret(name: "db-keys", key: "password")),
            .init(name: "DB_USER", value: .secret(name: "db-keys", key: "user")),
            .init(name: "PORT", value: .plain("3000")),
        ]
        return try TestReleases.release([TestReleases.appling(settings, variables: variables)])
    }

    private func rollOut(_ release: Release, secrets: [String: [String]]) async throws -> RollOutBench.Outcome {
        try await RollOutBench.rollOut(
            release,
            prepare: { cluster in
                for (name, keys) in secrets {
                    let data = Dictionary(uniqueKeysWithValues: keys.map { ($0, JSON.string("eA==")) })
                    await cluster.put(
                        ["metadata": ["name": .string(name), "namespace": "apps-cats-test"], "data": .object(data)],
                        at: "/api/v1/namespaces/apps-cats-test/secrets/\(name)")
                }
            }, script: RollOutBench.healthy)
    }

    func testWhatIsMissingIsNamedWithTheCommandsThatMakeIt() async throws {
        let outcome = try await rollOut(try release(), secrets: [:])
        XCTAssertEqual(
            outcome.error,
            .unmet(
                "There is no Secret `db-keys` in the namespace apps-cats-test, and `DB_PASSWORD` and `DB_USER` need it. "
                    + "There is no Secret `my-secret` in the namespace apps-cats-test, and `/app/secrets` needs it.",
                advice: "Make it, then deploy again: `kubectl --namespace apps-cats-test create secret generic db-keys "
                    + "--from-literal=password=… --from-literal=user=…` and `kubectl --namespace apps-cats-test create "
                    + "secret generic my-secret --from-file=./…`"))
        let changed = outcome.requests.filter { $0.method == "PATCH" && $0.fields["dryRun"] == nil }.map(\.path)
        XCTAssertEqual(changed, ["/api/v1/namespaces/apps-cats-test"], "nothing but the namespace is there")
    }

    func testAKeyThatIsMissingIsNamed() async throws {
        let outcome = try await rollOut(try release(), secrets: ["db-keys": ["user"], "my-secret": []])
        XCTAssertEqual(
            outcome.error,
            .unmet(
                "The Secret `db-keys` in the namespace apps-cats-test lacks `password`, and `DB_PASSWORD` needs it.",
                advice: "Make it, then deploy again: `kubectl --namespace apps-cats-test patch secret db-keys --type merge "
                    + "--patch '{\"stringData\":{\"password\":\"…\"}}'`"))
    }

    func testWhatIsThereIsEnough() async throws {
        let secrets = ["db-keys": ["user", "password"], "my-secret": ["file.json"]]
        let outcome = try await rollOut(try release(), secrets: secrets)
        XCTAssertNil(outcome.error)
    }

    func testWhatTheServiceMakesItselfIsNotAskedOfPeople() throws {
        let release = try TestReleases.furnished()
        let objects = try KubernetesObjects.render(release).objects
        let required = RequiredSecrets(objects, release.places, namespace: release.namespace)
        XCTAssertEqual(required.names, ["partner", "signing-keys"])
    }
}
