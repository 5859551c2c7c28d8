import JSON
import XCTest

@testable import Kubernetes
@testable import Sandbox

/// The levels that the two namespaces enforce are the strictest that their pods fit.
final class PodSecurityTests: XCTestCase {
    private func pod(_ deployment: String, in namespace: String) throws -> JSON {
        let objects = Installation.objects(InstallOptions(host: "iterapp.example.com"))
        let found = objects.first { $0["kind"] == "Deployment" && $0.at("metadata", "name")?.string == deployment }
        let template = try XCTUnwrap(found?.at("spec", "template"))
        var spec = template["spec"] ?? [:]
        spec["serviceAccountName"] = nil
        return [
            "apiVersion": "v1", "kind": "Pod", "spec": spec,
            "metadata": [
                "name": .string(deployment), "namespace": .string(namespace),
                "labels": template.at("metadata", "labels") ?? [:],
            ],
        ]
    }

    func testTheBotFitsRestrictedAndBuildKitNothingButPrivileged() async throws {
        try await EmbeddedCluster.with { cluster in
            for level in ["restricted", "baseline", "privileged"] {
                _ = try await cluster.client().apply([
                    "apiVersion": "v1", "kind": "Namespace",
                    "metadata": [
                        "name": .string(level),
                        "labels": ["pod-security.kubernetes.io/enforce": .string(level)],
                    ],
                ])
                for (deployment, levels) in [
                    ("iterapp", ["restricted", "baseline", "privileged"]), ("buildkitd", ["privileged"]),
                ] {
                    let pod = try pod(deployment, in: level)
                    do throws(KubernetesError) {
                        _ = try await cluster.client().create(pod, as: .pods)
                        XCTAssertTrue(levels.contains(level), "\(deployment) fits \(level)")
                    } catch {
                        XCTAssertFalse(levels.contains(level), "\(deployment), \(level): \(error)")
                        XCTAssertTrue(error.sentence.contains("violates PodSecurity"), error.sentence)
                    }
                }
            }
        }
    }

    func testTheNamespacesEnforceThese() {
        let namespaces = Installation.objects(InstallOptions(host: "iterapp.example.com"))
            .filter { $0["kind"] == "Namespace" }
        let levels = namespaces.compactMap { $0.at("metadata", "labels", "pod-security.kubernetes.io/enforce")?.string }
        XCTAssertEqual(levels, ["restricted", "privileged"])
    }
}
