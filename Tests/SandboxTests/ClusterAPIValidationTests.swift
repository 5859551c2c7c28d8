import Foundation
import JSON
import XCTest

@testable import Sandbox

/// What is refused with 422, and what is filled in, kind by kind.
final class ClusterAPIValidationTests: XCTestCase {
    private let namespace = "apps-cats-test"

    private func makeAPI() async throws -> ClusterAPIHarness {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace(namespace)
        return api
    }

    private func path(_ kind: ResourceKind, _ name: String) -> String {
        let root = kind.group.isEmpty ? "/api/v1" : "/apis/\(kind.apiVersion)"
        return "\(root)/namespaces/\(namespace)/\(kind.plural)" + (name.isEmpty ? "" : "/\(name)")
    }

    private func object(_ kind: ResourceKind, _ name: String, _ fields: JSON) -> JSON {
        let head: [String: JSON] = [
            "apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind),
            "metadata": ["name": .string(name)],
        ]
        return .object(head.merging(fields.object ?? [:]) { _, new in new })
    }

    private func assertRefused(
        _ api: ClusterAPIHarness, _ kind: ResourceKind, _ fields: JSON, _ wanted: [String],
        line: UInt = #line
    ) async throws {
        let answer = try await api.apply(path(kind, "x"), object(kind, "x", fields))
        XCTAssertEqual(answer.status, 422, answer.text, line: line)
        let found = answer.causes.map { "\($0["field"]?.string ?? ""): \($0["message"]?.string ?? "")" }
        XCTAssertEqual(found.sorted(), wanted.sorted(), line: line)
    }

    private func workload(_ change: (inout JSON) -> Void) -> JSON {
        var spec: JSON = [
            "selector": ["matchLabels": ["app": "x"]],
            "template": [
                "metadata": ["labels": ["app": "x"]],
                "spec": ["containers": [["name": "x", "image": "i"]]],
            ],
        ]
        change(&spec)
        return ["spec": spec]
    }

    private func withContainer(_ change: (inout JSON) -> Void) -> JSON {
        workload { spec in
            var container: JSON = ["name": "x", "image": "i"]
            change(&container)
            spec.set([container], at: "template", "spec", "containers")
        }
    }

    func testDeployments() async throws {
        let api = try await makeAPI()
        let cases: [(JSON, [String])] = [
            (
                workload { $0["replicas"] = -1 },
                ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"]
            ),
            (workload { $0["selector"] = nil }, ["spec.selector: Required value"]),
            (
                workload { $0.set(["app": "y"], at: "template", "metadata", "labels") },
                [
                    "spec.template.metadata.labels: Invalid value: {\"app\":\"y\"}: `selector` does not "
                        + "match "
                        + "template `labels`"
                ]
            ),
            (
                workload { $0.set([], at: "template", "spec", "containers") },
                ["spec.template.spec.containers: Required value"]
            ),
            (
                workload { $0["strategy"] = ["type": "Blue"] },
                [
                    "spec.strategy.type: Unsupported value: \"Blue\": supported values: \"Recreate\", "
                        + "\"RollingUpdate\""
                ]
            ),
            (
                workload { $0["strategy"] = ["type": "Recreate", "rollingUpdate": ["maxSurge": 1]] },
                [
                    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is "
                        + "'Recreate'"
                ]
            ),
            (
                workload { $0["strategy"] = ["rollingUpdate": ["maxSurge": 0, "maxUnavailable": 0]] },
                [
                    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when "
                        + "`maxSurge` is 0"
                ]
            ),
            (
                workload { $0.set("Never", at: "template", "spec", "restartPolicy") },
                [
                    "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: "
                        + "\"Always\""
                ]
            ),
            (
                workload {
                    $0["progressDeadlineSeconds"] = 5; $0["minReadySeconds"] = 5
                },
                ["spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds"]
            ),
        ]
        for (fields, wanted) in cases { try await assertRefused(api, .deployment, fields, wanted) }
    }

    func testContainers() async throws {
        let api = try await makeAPI()
        let at = "spec.template.spec.containers[0]"
        let label = StringFormat.label.problems("A_b")[0]
        let cases: [(JSON, [String])] = [
            (withContainer { $0["image"] = nil }, ["\(at).image: Required value"]),
            (withContainer { $0["name"] = "A_b" }, ["\(at).name: Invalid value: \"A_b\": \(label)"]),
            (
                withContainer { $0["ports"] = [["containerPort": 80, "protocol": "HTTP"]] },
                [
                    "\(at).ports[0].protocol: Unsupported value: \"HTTP\": supported values: \"SCTP\", "
                        + "\"TCP\", \"UDP\""
                ]
            ),
            (
                withContainer { $0["readinessProbe"] = ["periodSeconds": -1] },
                [
                    "\(at).readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal "
                        + "to 0",
                    "\(at).readinessProbe: Required value: must specify a handler type",
                ]
            ),
            (
                withContainer { $0["livenessProbe"] = ["httpGet": ["port": 0], "successThreshold": 2] },
                [
                    "\(at).livenessProbe.httpGet.port: Required value",
                    "\(at).livenessProbe.successThreshold: Invalid value: 2: must be 1",
                ]
            ),
            (
                withContainer {
                    $0["env"] = [["name": "A", "value": "1", "valueFrom": ["fieldRef": ["fieldPath": "x"]]]]
                },
                [
                    "\(at).env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is "
                        + "not empty"
                ]
            ),
            (
                withContainer { $0["env"] = [["name": "A", "valueFrom": ["secretKeyRef": ["name": "s"]]]] },
                ["\(at).env[0].valueFrom.secretKeyRef.key: Required value"]
            ),
            (
                withContainer { $0["volumeMounts"] = [["name": "data", "mountPath": "/data"]] },
                ["\(at).volumeMounts[0].name: Not found: \"data\""]
            ),
            (
                withContainer { $0["resources"] = ["requests": ["cpu": "2"], "limits": ["cpu": "1500m"]] },
                [
                    "\(at).resources.requests: Invalid value: \"2\": must be less than or equal to cpu "
                        + "limit of 1500m"
                ]
            ),
            (
                withContainer { $0["imagePullPolicy"] = "Sometimes" },
                [
                    "\(at).imagePullPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", "
                        + "\"IfNotPresent\", \"Never\""
                ]
            ),
        ]
        for (fields, wanted) in cases { try await assertRefused(api, .deployment, fields, wanted) }
    }

    func testOtherKinds() async throws {
        let api = try await makeAPI()
        try await assertRefused(
            api, .service, ["spec": ["selector": ["app": "x"]]], ["spec.ports: Required value"])
        try await assertRefused(
            api, .service, ["spec": ["ports": [["port": 80], ["port": 70_000, "name": "b"]]]],
            [
                "spec.ports[0].name: Required value",
                "spec.ports[1].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
                "spec.ports[1].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
            ])
        try await assertRefused(
            api, .ingress, ["spec": ["rules": [["http": ["paths": [["path": "x", "backend": [:]]]]]]]],
            [
                "spec.rules[0].http.paths[0].backend: Required value: port name or number is required",
                "spec.rules[0].http.paths[0].path: Invalid value: \"x\": must be an absolute path",
                "spec.rules[0].http.paths[0].pathType: Required value",
            ])
        try await assertRefused(
            api, .job, ["spec": ["template": ["spec": ["containers": [["name": "x", "image": "i"]]]]]],
            ["spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""])
        try await assertRefused(
            api, .podDisruptionBudget, ["spec": ["minAvailable": 1, "maxUnavailable": "x%"]],
            [
                "spec: Invalid value: {\"maxUnavailable\":\"x%\",\"minAvailable\":1}: minAvailable and "
                    + "maxUnavailable cannot be both set",
                "spec.maxUnavailable: Invalid value: \"x%\": a valid percent string must be a numeric string "
                    + "followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is "
                    + "'[0-9]+%')",
            ])
        try await assertRefused(
            api, .certificate, ["spec": ["dnsNames": ["cats.cool"], "issuerRef": ["kind": "ClusterIssuer"]]],
            ["spec.issuerRef.name: Required value", "spec.secretName: Required value"])
        try await assertRefused(
            api, .httpRoute,
            ["spec": ["hostnames": ["*.Cats"], "rules": [["backendRefs": [["name": "", "port": 0]]]]]],
            [
                "spec.hostnames[0]: Invalid value: \"*.Cats\": spec.hostnames[0] in body should match "
                    + "'^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'",
                "spec.rules[0].backendRefs[0].name: Invalid value: \"\": "
                    + "spec.rules[0].backendRefs[0].name in body "
                    + "should be at least 1 chars long",
                "spec.rules[0].backendRefs[0].port: Invalid value: 0: spec.rules[0].backendRefs[0].port "
                    + "in body "
                    + "should be greater than or equal to 1",
            ])
        try await assertRefused(
            api, .configMap, ["data": ["a/b": "x"]],
            ["data[a/b]: Invalid value: \"a/b\": \(StringFormat.configKey.problems("a/b")[0])"])
    }

    func testNamesLabelsAndAnnotations() async throws {
        let api = try await makeAPI()
        let map = object(
            .configMap, "Cats",
            [
                "metadata": [
                    "name": "Cats", "labels": ["a b": "x", "ok": "-"], "annotations": ["/x": "y"],
                ]
            ])
        let answer = try await api.send("POST", path(.configMap, ""), map)
        XCTAssertEqual(answer.status, 422)
        XCTAssertEqual(
            answer.causes.map { $0["field"] },
            ["metadata.name", "metadata.labels", "metadata.labels", "metadata.annotations"])
        XCTAssertTrue(
            answer.message.hasPrefix(
                "ConfigMap \"Cats\" is invalid: [metadata.name: Invalid value: \"Cats\": a lowercase RFC "
                    + "1123 subdomain must consist of"
            ), answer.message)
        let service = try await api.send(
            "POST", path(.service, ""), object(.service, "1cats", ["spec": ["ports": [["port": 1]]]]))
        XCTAssertEqual(service.causes.map { $0["field"] }, ["metadata.name"])
    }

    func testImmutableFields() async throws {
        let api = try await makeAPI()
        _ = try await api.apply(path(.deployment, "x"), object(.deployment, "x", workload { _ in }))
        let moved = workload {
            $0["selector"] = ["matchLabels": ["app": "x", "b": "c"]]
            $0.set(["app": "x", "b": "c"], at: "template", "metadata", "labels")
        }
        try await assertRefused(
            api, .deployment, moved,
            [
                "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"x\",\"b\":\"c\"}}: field is "
                    + "immutable"
            ])

        let made = try await api.apply(
            path(.service, "x"), object(.service, "x", ["spec": ["ports": [["port": 80]]]])
        ).json
        XCTAssertEqual(made.at("spec", "ports"), [["port": 80, "protocol": "TCP", "targetPort": 80]])
        XCTAssertEqual(made.at("spec", "clusterIPs"), made.at("spec", "clusterIP").map { [$0] })
        XCTAssertEqual(made["status"], ["loadBalancer": [:]])
        try await assertRefused(
            api, .service, ["spec": ["clusterIP": "10.0.0.1", "ports": [["port": 80]]]],
            ["spec.clusterIPs[0]: Invalid value: [\"10.0.0.1\"]: may not change once set"])
    }

    func testSecretsKeepBase64AndTakePlainText() async throws {
        let api = try await makeAPI()
        let secret = object(.secret, "x", ["stringData": ["A": "ä"], "data": ["B": "MQ=="]])
        let answer = try await api.apply(path(.secret, "x"), secret)
        XCTAssertEqual(
            answer.json["data"], ["A": .string(Data("ä".utf8).base64EncodedString()), "B": "MQ=="])
        XCTAssertNil(answer.json["stringData"])
        XCTAssertEqual(answer.json["type"], "Opaque")
        let broken = object(.secret, "y", ["data": ["B": "M!"]])
        let refused = try await api.send("POST", path(.secret, ""), broken)
        XCTAssertEqual(refused.status, 400)
        XCTAssertEqual(
            refused.message,
            "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 1")
        let applied = try await api.apply(path(.secret, "y"), broken)
        XCTAssertEqual(applied.status, 500)
    }

    func testStrictAndLenientCreation() async throws {
        let api = try await makeAPI()
        let odd = object(.configMap, "x", ["dat": ["a": "1"], "data": ["b": "2"]])
        let strict = try await api.send("POST", "\(path(.configMap, ""))?fieldValidation=Strict", odd)
        XCTAssertEqual(strict.status, 400)
        XCTAssertEqual(
            strict.message,
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown "
                + "field \"dat\""
        )
        let lenient = try await api.send("POST", path(.configMap, ""), odd)
        XCTAssertEqual(lenient.status, 201)
        XCTAssertNil(lenient.json["dat"])
        let twice = try await api.send("POST", path(.configMap, ""), odd)
        XCTAssertEqual(twice.status, 409)
        XCTAssertEqual(twice.json["reason"], "AlreadyExists")
        let wrong = try await api.send(
            "POST", path(.deployment, ""), object(.deployment, "x", ["spec": ["replicas": "2"]]))
        XCTAssertEqual(wrong.status, 400)
        XCTAssertEqual(
            wrong.message,
            "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal "
                + "string into Go "
                + "struct field DeploymentSpec.spec.replicas of type int32")
        let text = try await api.send("POST", path(.configMap, ""), raw: "{", type: "application/json")
        XCTAssertEqual(text.status, 400)
        let media = try await api.send("POST", path(.configMap, ""), odd, type: "application/yaml")
        XCTAssertEqual(media.status, 415)
        let generated = try await api.send(
            "POST", path(.configMap, ""), object(.configMap, "", ["metadata": ["generateName": "x-"]]))
        XCTAssertEqual(generated.status, 201, generated.text)
        XCTAssertEqual(generated.json.name.utf8.count, 7)
    }

    func testQuantitiesAreWrittenInTheirShortestForm() {
        let cases = [
            "0.5": "500m", "1024Mi": "1Gi", "1500m": "1500m", "2000m": "2", "1000": "1k", "0.5Gi": "512Mi",
            "1e3": "1e3", "100M": "100M", "0": "0", "1.5Gi": "1536Mi", "128974848": "128974848",
            "0.1m": "100u",
        ]
        for (text, wanted) in cases { XCTAssertEqual(ExactQuantity(text)?.canonical, wanted, text) }
        for text in ["", "x", "1x", "1.2.3", "--1", "1 Gi", "Gi", ".", "1e999"] {
            XCTAssertNil(ExactQuantity(text), text)
        }
    }
}
