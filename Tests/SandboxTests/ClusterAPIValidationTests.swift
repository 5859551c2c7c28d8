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
        XCTAssertEqual(answer.status, 422, "\(fields.text): \(answer.text)", line: line)
        let found = answer.causes.map { "\($0["field"]?.string ?? ""): \($0["message"]?.string ?? "")" }
        XCTAssertEqual(found.sorted(), wanted.sorted(), line: line)
    }

    private static let workload: JSON = [
        "selector": ["matchLabels": ["app": "x"]],
        "template": [
            "metadata": ["labels": ["app": "x"]],
            "spec": ["containers": [["name": "x", "image": "i"]]],
        ],
    ]

    /// What a line of `refusals.json` sends: an object as it is, or a Deployment that is right but for what
    /// is laid over its spec or its container (RFC 7396).
    private func fields(of line: JSON) -> JSON {
        if let object = line["object"] { return object }
        var spec = Self.workload.mergePatched(with: line["spec"] ?? [:])
        if let change = line["container"] {
            let container: JSON = ["name": "x", "image": "i"]
            spec.set([container.mergePatched(with: change)], at: "template", "spec", "containers")
        }
        return ["spec": spec]
    }

    func testRefusals() async throws {
        let api = try await makeAPI()
        let lines = try XCTUnwrap(try Recording.json("refusals.json").array)
        for line in lines {
            let kind = try XCTUnwrap(ResourceKind.all.first { $0.kind == line["kind"]?.string })
            try await assertRefused(
                api, kind, fields(of: line), (line["causes"]?.array ?? []).compactMap(\.string))
        }
        let right = try await api.apply(
            path(.deployment, "x"), object(.deployment, "x", ["spec": Self.workload]))
        XCTAssertEqual(right.status, 201, right.text)
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

    func testAJobStaysWhatItWas() async throws {
        let api = try await makeAPI()
        func job(_ spec: JSON) -> JSON {
            let standard: JSON = ["template": ["spec": [
                "restartPolicy": "Never", "containers": [["name": "x", "image": "i"]],
            ]]]
            return object(.job, "x", ["spec": standard.mergePatched(with: spec)])
        }
        let made = try await api.apply(path(.job, "x"), job([:]))
        XCTAssertEqual(made.status, 201, made.text)
        XCTAssertEqual(
            made.json.at("spec", "selector"),
            ["matchLabels": ["batch.kubernetes.io/controller-uid": .string(made.json.uid)]])
        let parallel = try await api.apply(path(.job, "x"), job(["parallelism": 2]))
        XCTAssertEqual(parallel.status, 200, parallel.text)
        for (change, field) in [
            (["template": ["spec": ["restartPolicy": "OnFailure"]]], "spec.template"),
            (["completions": 3], "spec.completions"), (["completionMode": "Indexed"], "spec.completionMode"),
        ] as [(JSON, String)] {
            let answer = try await api.apply(path(.job, "x"), job(change))
            XCTAssertEqual(answer.status, 422, field)
            XCTAssertTrue(answer.causes.contains {
                $0["field"]?.string == field && $0["message"]?.string?.hasSuffix("field is immutable") == true
            }, answer.text)
        }
        // Its pods' labels are its own affair.
        let chosen = job(["selector": ["matchLabels": ["a": "b"]]])
        let refused = try await api.apply(path(.job, "y"), chosen.mergePatched(with: ["metadata": ["name": "y"]]))
        XCTAssertTrue(refused.message.contains("`selector` not auto-generated"), refused.text)
        let long = String(repeating: "a", count: 53)
        let task = object(.cronJob, long, ["spec": [
            "schedule": "* * * * *", "jobTemplate": ["spec": job([:])["spec"] ?? [:]],
        ]])
        let tooLong = try await api.apply(path(.cronJob, long), task)
        XCTAssertTrue(tooLong.message.contains("must be no more than 52 characters"), tooLong.text)
    }

    func testImmutableFields() async throws {
        let api = try await makeAPI()
        let first = object(.deployment, "x", ["spec": Self.workload])
        _ = try await api.apply(path(.deployment, "x"), first)
        let moved = Self.workload.mergePatched(with: [
            "selector": ["matchLabels": ["b": "c"]], "template": ["metadata": ["labels": ["b": "c"]]],
        ])
        try await assertRefused(
            api, .deployment, ["spec": moved],
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
