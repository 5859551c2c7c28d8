import JSON
import XCTest

@testable import Sandbox

/// Kinds beside the workloads: their defaults and what is refused.
final class ClusterAPIKindsTests: XCTestCase {
    private static let access = "rbac.authorization.k8s.io/v1"

    private func apply(_ api: ClusterAPIHarness, _ object: JSON) async throws -> ClusterAPIHarness.Answer {
        let kind = try XCTUnwrap(ResourceKind.find(
            apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? ""))
        var object = object
        let place = kind.isNamespaced ? "/namespaces/ns" : ""
        if kind.isNamespaced { object.set("ns", at: "metadata", "namespace") }
        let root = kind.group.isEmpty ? "/api/v1" : "/apis/\(kind.apiVersion)"
        return try await api.apply("\(root)\(place)/\(kind.plural)/\(object.name)", object)
    }

    private func object(_ apiVersion: String, _ kind: String, _ rest: JSON) -> JSON {
        var object = rest
        object["apiVersion"] = .string(apiVersion)
        object["kind"] = .string(kind)
        object["metadata"] = ["name": "x"]
        return object
    }

    func testEveryKindTakesAnObject() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("ns")
        let solver: JSON = ["http01": ["gatewayHTTPRoute": ["parentRefs": [["name": "web"]]]]]
        let objects: [JSON] = [
            object("coordination.k8s.io/v1", "Lease", ["spec": [
                "holderIdentity": "bot", "leaseDurationSeconds": 15, "leaseTransitions": 0,
                "renewTime": "2026-11-20T23:25:39.512025Z",
            ]]),
            object(Self.access, "ClusterRole", ["rules": [
                ["apiGroups": ["apps"], "resources": ["*"], "verbs": ["get"]],
            ]]),
            object("networking.k8s.io/v1", "NetworkPolicy", ["spec": [
                "podSelector": [:],
                "egress": [["to": [["ipBlock": ["cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]]]]]],
            ]]),
            object("v1", "ResourceQuota", ["spec": ["hard": ["requests.cpu": "1", "pods": 4]]]),
            object("gateway.networking.k8s.io/v1", "ReferenceGrant", ["spec": [
                "from": [["group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "a"]],
                "to": [["group": "", "kind": "Service"]],
            ]]),
            object("cert-manager.io/v1", "ClusterIssuer", ["spec": ["acme": [
                "server": "https://acme.example/directory", "privateKeySecretRef": ["name": "key"],
                "solvers": [solver],
            ]]]),
            object("cert-manager.io/v1", "CertificateRequest", ["spec": [
                "issuerRef": ["name": "i"], "request": "YQ==",
            ]]),
            object("acme.cert-manager.io/v1", "Order", ["spec": [
                "issuerRef": ["name": "i"], "request": "YQ==", "dnsNames": ["cats.example"],
            ]]),
            object("acme.cert-manager.io/v1", "Challenge", ["spec": [
                "authorizationURL": "https://a", "dnsName": "cats.example", "issuerRef": ["name": "i"],
                "key": "k", "solver": solver, "token": "t", "type": "HTTP-01", "url": "https://c",
            ]]),
        ]
        for object in objects {
            let answer = try await apply(api, object)
            XCTAssertEqual(answer.status, 201, answer.text)
        }
        let order = try await api.apply(
            "/apis/acme.cert-manager.io/v1/namespaces/ns/orders/x/status",
            [
                "apiVersion": "acme.cert-manager.io/v1", "kind": "Order",
                "metadata": ["name": "x", "namespace": "ns"],
                "status": ["state": "errored", "reason": "rate limited"],
            ], manager: "cert-manager")
        XCTAssertEqual(order.json.at("status", "state"), "errored", order.text)
    }

    func testDefaults() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("ns")
        let scaler = try await apply(api, object("autoscaling/v2", "HorizontalPodAutoscaler", ["spec": [
            "maxReplicas": 3, "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "x"],
        ]]))
        XCTAssertEqual(scaler.json.at("spec", "minReplicas"), 1)
        XCTAssertEqual(
            scaler.json.at("spec", "metrics")?[0]?.at("resource", "target", "averageUtilization"), 80)
        let policy = try await apply(api, object("networking.k8s.io/v1", "NetworkPolicy", ["spec": [
            "podSelector": [:], "ingress": [["ports": [["port": 80]]]],
        ]]))
        XCTAssertEqual(policy.json.at("spec", "policyTypes"), ["Ingress"])
        XCTAssertEqual(policy.json.at("spec", "ingress")?[0]?["ports"]?[0]?["protocol"], "TCP")
        let binding = try await apply(api, object(Self.access, "RoleBinding", [
            "roleRef": ["kind": "ClusterRole", "name": "view"],
            "subjects": [["kind": "User", "name": "ada"], ["kind": "ServiceAccount", "name": "bot"]],
        ]))
        XCTAssertEqual(binding.json.at("roleRef", "apiGroup")?.string, "rbac.authorization.k8s.io")
        XCTAssertEqual(binding.json["subjects"]?[0]?["apiGroup"]?.string, "rbac.authorization.k8s.io")
        XCTAssertNil(binding.json["subjects"]?[1]?["apiGroup"])
        let claim = try await apply(api, object("v1", "PersistentVolumeClaim", ["spec": [
            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
        ]]))
        XCTAssertEqual(claim.json.at("spec", "volumeMode"), "Filesystem")
        XCTAssertEqual(claim.json.at("status", "phase"), "Pending")
    }

    func testRefusals() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("ns")
        let cases: [(JSON, String)] = [
            (object("coordination.k8s.io/v1", "Lease", ["spec": ["leaseDurationSeconds": 0]]),
                "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"),
            (object(Self.access, "Role", ["rules": [["apiGroups": [""], "resources": ["pods"]]]]),
                "rules[0].verbs: Required value: verbs must contain at least one value"),
            (object(Self.access, "RoleBinding", ["roleRef": ["kind": "Rolle", "name": "r"]]),
                "roleRef.kind: Unsupported value: \"Rolle\": supported values: \"ClusterRole\", \"Role\""),
            (object(Self.access, "ClusterRoleBinding", [
                "roleRef": ["kind": "ClusterRole", "name": "r"],
                "subjects": [["kind": "ServiceAccount", "name": "s"]],
            ]), "subjects[0].namespace: Required value"),
            (object("autoscaling/v2", "HorizontalPodAutoscaler", ["spec": [
                "scaleTargetRef": ["kind": "Deployment", "name": "x"],
            ]]), "spec.maxReplicas: Required value"),
            (object("networking.k8s.io/v1", "NetworkPolicy", ["spec": [
                "podSelector": [:], "ingress": [["from": [["ipBlock": ["cidr": "10.0.0.1"]]]]],
            ]]), "must be a valid CIDR value"),
            (object("v1", "PersistentVolumeClaim", ["spec": ["accessModes": ["ReadWriteOnce"]]]),
                "spec.resources[storage]: Required value"),
            (object("acme.cert-manager.io/v1", "Challenge", ["spec": [
                "authorizationURL": "a", "dnsName": "d", "issuerRef": ["name": "i"], "key": "k",
                "solver": [:], "token": "t", "type": "TLS-01", "url": "u",
            ]]), "spec.type: Unsupported value: \"TLS-01\": supported values: \"HTTP-01\", \"DNS-01\""),
        ]
        for (object, sentence) in cases {
            let answer = try await apply(api, object)
            XCTAssertEqual(answer.status, 422, answer.text)
            XCTAssertTrue(answer.message.contains(sentence), answer.message)
        }
        let time = try await apply(api, object("coordination.k8s.io/v1", "Lease", [
            "spec": ["renewTime": "2026-11-20T23:25:39Z"],
        ]))
        XCTAssertEqual(time.status, 500, "seconds of a Lease have six digits: \(time.text)")
        XCTAssertTrue(time.message.hasSuffix("cannot parse \"Z\" as \".000000\""), time.message)
    }

    func testALeaseIsReplacedInTheVersionThatWasReadOnly() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("ns")
        var lease = try await apply(api, object("coordination.k8s.io/v1", "Lease", [:])).json
        lease.set(nil, at: "metadata", "resourceVersion")
        let answer = try await api.send("PUT", "/apis/coordination.k8s.io/v1/namespaces/ns/leases/x", lease)
        XCTAssertEqual(answer.status, 422)
        XCTAssertEqual(
            answer.message,
            "leases.coordination.k8s.io \"x\" is invalid: metadata.resourceVersion: Invalid value: 0: must be "
                + "specified for an update")
    }

    func testTheRoleOfABindingStays() async throws {
        let api = try ClusterAPIHarness()
        let first = object(Self.access, "ClusterRoleBinding", [
            "roleRef": ["kind": "ClusterRole", "name": "view"],
        ])
        _ = try await apply(api, first)
        var second = first
        second.set("edit", at: "roleRef", "name")
        let answer = try await apply(api, second)
        XCTAssertEqual(answer.status, 422)
        XCTAssertTrue(answer.message.hasSuffix("cannot change roleRef"), answer.message)
    }
}
