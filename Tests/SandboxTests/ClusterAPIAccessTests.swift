import Foundation
import JSON
import Synchronization
import XCTest

@testable import Sandbox

/// Users, their roles, and what they are refused.
final class ClusterAPIAccessTests: XCTestCase {
    private let namespace = "apps-cats-test"
    private let deployments = "/apis/apps/v1/namespaces/apps-cats-test/deployments"
    private let access = "/apis/rbac.authorization.k8s.io/v1"
    private let weak = APIUser.serviceAccount("weak", namespace: "apps-cats-test")

    private func harness() async throws -> ClusterAPIHarness {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace(namespace)
        api.api.addToken("weak-token", for: weak)
        return api
    }

    private func role(_ kind: String, _ name: String, _ rules: JSON) -> JSON {
        var role: JSON = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind),
            "metadata": ["name": .string(name)], "rules": rules,
        ]
        if kind == "Role" { role.set(.string(namespace), at: "metadata", "namespace") }
        return role
    }

    private func binding(_ name: String, to role: String, kind: String = "Role") -> JSON {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "roleRef": [
                "apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(role),
            ],
            "subjects": [["kind": "ServiceAccount", "name": "weak", "namespace": .string(namespace)]],
        ]
    }

    private func grant(_ api: ClusterAPIHarness, _ name: String, _ rules: JSON) async throws {
        let made = try await api.send(
            "POST", "\(access)/namespaces/\(namespace)/roles", role("Role", name, rules))
        XCTAssertEqual(made.status, 201, made.text)
        let bound = try await api.send(
            "POST", "\(access)/namespaces/\(namespace)/rolebindings", binding(name, to: name))
        XCTAssertEqual(bound.status, 201, bound.text)
    }

    func testRefusalNamesTheMissingRight() async throws {
        let api = try await harness()
        let answer = try await api.send("GET", "\(deployments)/cats", token: "weak-token")
        let recorded = try Recording.answer("error-403.http")
        XCTAssertEqual(answer.status, recorded.status)
        XCTAssertEqual(answer.json.differences(to: try JSON.parse(recorded.body)), [])
        XCTAssertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

        let list = try await api.send("GET", "/api/v1/pods?watch=1", token: "weak-token")
        XCTAssertEqual(
            list.message,
            "pods is forbidden: User \"system:serviceaccount:apps-cats-test:weak\" cannot watch resource "
                + "\"pods\" in API group \"\" at the cluster scope")
        let scale = try await api.send("GET", "\(deployments)/cats/scale", token: "weak-token")
        XCTAssertTrue(scale.message.contains("cannot get resource \"deployments/scale\""), scale.message)
        let unknown = try await api.send("GET", "/apis/example.com/v1/things", token: "weak-token")
        XCTAssertEqual(unknown.status, 403, "rights come before the question whether there is such a kind")
        let discovery = try await api.send("GET", "/apis", token: "weak-token")
        XCTAssertEqual(discovery.status, 200)
    }

    func testRolesGrantVerbsOnResourcesAndNames() async throws {
        let api = try await harness()
        try await grant(api, "reader", [
            ["apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list"]],
            ["apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["mine"], "verbs": ["*"]],
            ["apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]],
        ])
        func status(_ method: String, _ path: String) async throws -> Int {
            try await api.send(method, path, token: "weak-token").status
        }
        let maps = "/api/v1/namespaces/\(namespace)/configmaps"
        let listed = try await status("GET", deployments)
        XCTAssertEqual(listed, 200)
        let one = try await status("GET", "\(deployments)/cats")
        XCTAssertEqual(one, 403)
        let mine = try await status("GET", "\(maps)/mine")
        XCTAssertEqual(mine, 404)
        let others = try await status("GET", "\(maps)/other")
        XCTAssertEqual(others, 403)
        let byName = try await status("GET", "\(maps)?fieldSelector=metadata.name%3Dmine")
        XCTAssertEqual(byName, 200, "a list of the one object that the rule names")
        let log = try await status("GET", "/api/v1/namespaces/\(namespace)/pods/none/log")
        XCTAssertEqual(log, 404)
        let everywhere = try await status("GET", "/apis/apps/v1/deployments")
        XCTAssertEqual(everywhere, 403, "a Role ends at its namespace")
        XCTAssertEqual(api.api.usedPermissions(of: weak).sorted().map(\.description), [
            "get configmaps", "list configmaps", "get pods/log", "list deployments.apps",
        ])
    }

    func testApplyThatCreatesNeedsTheRightToCreate() async throws {
        let api = try await harness()
        try await grant(api, "patcher", [
            ["apiGroups": [""], "resources": ["configmaps"], "verbs": ["patch"]],
        ])
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "x", "namespace": .string(namespace)],
        ]
        let path = "/api/v1/namespaces/\(namespace)/configmaps/x?fieldManager=iterapp"
        let refused = try await api.send(
            "PATCH", path, map, type: "application/apply-patch+yaml", token: "weak-token")
        XCTAssertEqual(refused.status, 403, refused.text)
        XCTAssertEqual(refused.message, "configmaps \"x\" is forbidden: ")
        let byOwner = try await api.send("PATCH", path, map, type: "application/apply-patch+yaml")
        XCTAssertEqual(byOwner.status, 201)
        let again = try await api.send(
            "PATCH", path, map, type: "application/apply-patch+yaml", token: "weak-token")
        XCTAssertEqual(again.status, 200, again.text)
    }

    func testNobodyGrantsWhatTheyDoNotHave() async throws {
        let api = try await harness()
        try await grant(api, "granter", [
            [
                "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"],
                "verbs": ["get", "create", "update", "patch"],
            ],
            [
                "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"],
                "resourceNames": ["view"], "verbs": ["bind"],
            ],
        ])
        let bindings = "\(access)/namespaces/\(namespace)/rolebindings"
        func bind(_ name: String) async throws -> ClusterAPIHarness.Answer {
            try await api.send(
                "POST", bindings, binding("b-\(name)", to: name, kind: "ClusterRole"), token: "weak-token")
        }
        let edit = try await bind("edit")
        XCTAssertEqual(edit.status, 403)
        XCTAssertTrue(
            edit.message.hasPrefix(
                "rolebindings.rbac.authorization.k8s.io \"b-edit\" is forbidden: user "
                    + "\"system:serviceaccount:apps-cats-test:weak\" (groups=[\"system:serviceaccounts\" "
                    + "\"system:serviceaccounts:apps-cats-test\" \"system:authenticated\"]) is attempting to "
                    + "grant RBAC permissions not currently held:\n{APIGroups:"), edit.message)
        let view = try await bind("view")
        XCTAssertEqual(view.status, 201, view.text)
        let pods = try await api.send("GET", "/api/v1/namespaces/\(namespace)/pods", token: "weak-token")
        XCTAssertEqual(pods.status, 200, "the binding holds from now on")
        let missing = try await bind("no-such-role")
        XCTAssertEqual(missing.status, 404)
        XCTAssertTrue(api.api.usedPermissions(of: weak).contains(
            APIPermission("bind", group: "rbac.authorization.k8s.io", resource: "clusterroles")))

        let wide = role("Role", "wide", [["apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]]])
        let refused = try await api.send(
            "POST", "\(access)/namespaces/\(namespace)/roles", wide, token: "weak-token")
        XCTAssertEqual(refused.status, 403)
        XCTAssertTrue(
            refused.message.hasSuffix("{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}"),
            refused.message)
    }

    func testTokensExpireAndDieWithTheirAccount() async throws {
        let clock = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        let api = try ClusterAPIHarness(store: ObjectStore(now: { clock.withLock { $0 } }))
        try await api.makeNamespace(namespace)
        let accounts = "/api/v1/namespaces/\(namespace)/serviceaccounts"
        _ = try await api.send("POST", accounts, [
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "weak"],
        ])
        func token() async throws -> String {
            let answer = try await api.send("POST", "\(accounts)/weak/token", [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "spec": ["expirationSeconds": 600],
            ])
            XCTAssertEqual(answer.status, 201, answer.text)
            return try XCTUnwrap(answer.json.at("status", "token")?.string)
        }
        func status(_ token: String) async throws -> Int {
            try await api.send("GET", deployments, token: token).status
        }
        let first = try await token()
        let before = try await status(first)
        XCTAssertEqual(before, 403, "it is known, and may do nothing")
        clock.withLock { $0 += 601 }
        let expired = try await status(first)
        XCTAssertEqual(expired, 401)
        let second = try await token()
        _ = try await api.send("DELETE", "\(accounts)/weak")
        let orphan = try await status(second)
        XCTAssertEqual(orphan, 401)
    }
}
