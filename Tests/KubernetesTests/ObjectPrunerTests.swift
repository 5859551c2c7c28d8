import Deploys
import HTTP
import JSON
import XCTest

@testable import Kubernetes

/// What earlier releases left behind, of every kind.
final class ObjectPrunerTests: XCTestCase {
    private static let ours: [String: JSON] = [
        "app.kubernetes.io/managed-by": "iterapp", "app.kubernetes.io/part-of": "cats",
    ]

    private static func put(_ path: String, _ labels: [String: JSON], on cluster: ScriptedCluster) async {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        await cluster.put(
            ["metadata": ["name": .string(name), "namespace": "apps-cats-test", "labels": .object(labels)]], at: path)
    }

    func testLeftoversOfAllKindsGo() async throws {
        let leftovers = [
            "/api/v1/namespaces/apps-cats-test/configmaps/cats-redis",
            "/api/v1/namespaces/apps-cats-test/services/cats-redis",
            "/apis/apps/v1/namespaces/apps-cats-test/deployments/cats-redis",
            "/apis/batch/v1/namespaces/apps-cats-test/cronjobs/cats-nightly",
            "/apis/batch/v1/namespaces/apps-cats-test/jobs/cats-release-0123456789",
            "/apis/policy/v1/namespaces/apps-cats-test/poddisruptionbudgets/cats",
            "/apis/monitoring.coreos.com/v1/namespaces/apps-cats-test/podmonitors/cats",
        ]
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            prepare: { cluster in
                for path in leftovers { await Self.put(path, Self.ours, on: cluster) }
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(
            Set(outcome.requests.filter { $0.method == "DELETE" }.map(\.path)), Set(leftovers))
    }

    func testKeptSecretsAndWhatCronJobsMadeStay() async throws {
        let kept = Self.ours.merging(["iterapp.no/kept": "true"]) { own, _ in own }
        var run = Self.ours
        run["app.kubernetes.io/managed-by"] = nil
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            prepare: { [run] cluster in
                await Self.put("/api/v1/namespaces/apps-cats-test/secrets/cats-redis", kept, on: cluster)
                await Self.put("/apis/batch/v1/namespaces/apps-cats-test/jobs/cats-nightly-1", run, on: cluster)
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertFalse(outcome.requests.contains { $0.method == "DELETE" })
    }

    /// Clusters without the Prometheus Operator or the Gateway API answer so.
    func testKindsThatTheClusterDoesNotKnowAreNoTrouble() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            intercept: { request in
                let isUnknown = request.path.contains("podmonitors") || request.path.contains("ingresses")
                return isUnknown ? .text(404, "404 page not found") : nil
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
    }
}
