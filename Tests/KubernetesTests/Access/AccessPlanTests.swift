import JSON
import XCTest

@testable import Kubernetes

final class AccessPlanTests: XCTestCase {
    private let kari = AccessSubject(.user, "kari@example.com")
    private let ops = AccessSubject(.group, "ops")

    private func existing(_ level: AccessLevel, _ subjects: [AccessSubject], in namespace: String = "apps-a-test") -> JSON {
        var binding = AccessPlan.binding(level, in: namespace, subjects)
        binding["metadata"]?["uid"] = "uid-1"
        binding["metadata"]?["resourceVersion"] = "7"
        return binding
    }

    func testABindingSaysWhoMayDoWhat() {
        XCTAssertEqual(
            AccessPlan.binding(.edit, in: "apps-a-test", [kari, ops]),
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
                "metadata": [
                    "name": "iterapp-edit", "namespace": "apps-a-test",
                    "labels": ["app.kubernetes.io/managed-by": "iterapp", "iterapp.no/access": "edit"],
                ],
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"],
                "subjects": [
                    ["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "kari@example.com"],
                    ["apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "ops"],
                ],
            ])
    }

    func testOnlyWhatDiffersIsDone() {
        let grants = AccessGrants([
            "apps-a-test": [.edit: [kari], .view: [ops]], "apps-b-test": [.view: [kari]], "apps-gone-test": [.edit: [kari]],
        ])
        let bindings = [
            existing(.edit, [kari]), existing(.view, [kari]), existing(.edit, [ops], in: "apps-old-test"),
        ]
        let steps = AccessPlan.steps(grants, namespaces: ["apps-a-test", "apps-b-test"], bindings: bindings)
        var changed = AccessPlan.binding(.view, in: "apps-a-test", [ops])
        changed["metadata"]?["resourceVersion"] = "7"
        XCTAssertEqual(
            steps,
            [
                .replace(changed), .delete(bindings[2]), .create(AccessPlan.binding(.view, in: "apps-b-test", [kari])),
            ])
    }

    func testARoleCannotBeExchangedSoTheBindingIsMadeAnew() {
        let grants = AccessGrants(["apps-a-test": [.edit: [kari]]])
        var other = existing(.edit, [kari])
        other["roleRef"]?["name"] = "cluster-admin"
        XCTAssertEqual(
            AccessPlan.steps(grants, namespaces: ["apps-a-test"], bindings: [other]),
            [.delete(other), .create(AccessPlan.binding(.edit, in: "apps-a-test", [kari]))])
    }

    func testAReleaseNeverHasSuchObjects() {
        XCTAssertFalse(KubernetesResource.rendered.contains(.roleBindings))
        XCTAssertFalse(KubernetesResource.rendered.contains(.leases))
    }
}
