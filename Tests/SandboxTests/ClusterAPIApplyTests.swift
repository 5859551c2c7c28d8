import JSON
import XCTest

@testable import Sandbox

/// Server-side apply with several writers, over a real socket.
final class ClusterAPIApplyTests: XCTestCase {
    private let path = "/apis/apps/v1/namespaces/apps-cats-test/deployments/cats"

    private func makeAPI() async throws -> ClusterAPIHarness {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        return api
    }

    private func deployment(_ change: (inout JSON) -> Void = { _ in }) throws -> JSON {
        var object = try Recording.json("apply-deployment.request.json")
        change(&object)
        return object
    }

    private func container(_ object: JSON, _ index: Int = 0) -> JSON {
        object.at("spec", "template", "spec", "containers")?[index] ?? [:]
    }

    private func withContainer(_ change: (inout JSON) -> Void) throws -> JSON {
        try deployment {
            var container = container($0)
            change(&container)
            $0.set([container], at: "spec", "template", "spec", "containers")
        }
    }

    func testFieldsNoLongerAppliedAreRemovedOrFallBackToTheirDefault() async throws {
        let api = try await makeAPI()
        let full = try withContainer {
            $0["env"] = [["name": "A", "value": "1"], ["name": "B", "value": "2"]]
            $0["command"] = ["/bin/cats"]
        }
        _ = try await api.apply(path, full)
        let less = try withContainer {
            $0["env"] = [["name": "B", "value": "2"]]
            $0["readinessProbe"] = nil
        }
        var fewer = less
        fewer.set(nil, at: "spec", "replicas")
        let answer = try await api.apply(path, fewer)
        XCTAssertEqual(answer.status, 200, answer.text)
        XCTAssertEqual(container(answer.json)["env"], [["name": "B", "value": "2"]])
        XCTAssertNil(container(answer.json)["command"])
        XCTAssertNil(container(answer.json)["readinessProbe"], "its defaulted fields go with it")
        XCTAssertEqual(answer.json.at("spec", "replicas"), 1)
        XCTAssertEqual(answer.json.generation, 2)
    }

    func testManagersShareAnObjectFieldByField() async throws {
        let api = try await makeAPI()
        _ = try await api.apply(path, try deployment())
        let sidecar: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": "cats", "labels": ["team": "a"]],
            "spec": [
                "template": [
                    "spec": [
                        "containers": [
                            ["name": "proxy", "image": "proxy:1"],
                            ["name": "cats", "env": [["name": "PROXY", "value": "on"]]],
                        ]
                    ]
                ]
            ],
        ]
        let shared = try await api.apply(path, sidecar, manager: "mesh")
        XCTAssertEqual(shared.status, 200, shared.text)
        XCTAssertEqual(shared.json.at("metadata", "managedFields")?.array?.count, 2)

        let again = try await api.apply(path, try deployment { $0.set(3, at: "spec", "replicas") })
        let names = again.json.at("spec", "template", "spec", "containers")?.array?.map { $0["name"]?.string }
        XCTAssertEqual(Set(names ?? []), ["proxy", "cats"])
        XCTAssertEqual(again.json.labels["team"], "a")

        let withdrawn: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": "cats", "labels": ["team": "a"]],
        ]
        let left = try await api.apply(path, withdrawn, manager: "mesh")
        let containers = left.json.at("spec", "template", "spec", "containers")?.array ?? []
        XCTAssertEqual(containers.map { $0["name"] }, ["cats"])
        XCTAssertNil(containers.first?["env"])
        XCTAssertEqual(containers.first?["image"], "docker.io/library/t1:latest")
    }

    func testConflictListsEveryFieldOfEveryManager() async throws {
        let api = try await makeAPI()
        _ = try await api.apply(path, try deployment())
        let other = try withContainer { $0["image"] = "other:1" }
        let both = try await api.apply(
            path,
            {
                var both = other
                both.set(5, at: "spec", "replicas")
                return both
            }(), manager: "someone")
        XCTAssertEqual(both.status, 409)
        XCTAssertEqual(
            both.message,
            """
            Apply failed with 2 conflicts: conflicts with "iterapp":
            - .spec.replicas
            - .spec.template.spec.containers[name="cats"].image
            """)
        XCTAssertEqual(
            both.causes.map { $0["field"] },
            [
                ".spec.replicas", ".spec.template.spec.containers[name=\"cats\"].image",
            ])
        let untouched = try await api.get(path).json
        XCTAssertEqual(untouched.at("spec", "replicas"), 2)

        let forced = try await api.apply(path, other, manager: "someone", force: true)
        XCTAssertEqual(container(forced.json)["image"], "other:1")
        let back = try await api.apply(path, try deployment())
        XCTAssertEqual(
            back.message,
            "Apply failed with 1 conflict: conflict with \"someone\": "
                + ".spec.template.spec.containers[name=\"cats\"].image")
        let equal = try await api.apply(path, other, manager: "third")
        XCTAssertEqual(equal.status, 200, "equal values are owned together")
    }

    func testUpdatesTakeFieldsOverWithoutAsking() async throws {
        let api = try await makeAPI()
        _ = try await api.apply(path, try deployment())
        var live = try await api.get(path).json
        live.set(4, at: "spec", "replicas")
        live.set("x", at: "metadata", "annotations", "note")
        let updated = try await api.send("PUT", "\(path)?fieldManager=editor", live)
        XCTAssertEqual(updated.status, 200, updated.text)
        let entries = updated.json.at("metadata", "managedFields")?.array ?? []
        XCTAssertEqual(entries.map { $0["manager"] }, ["iterapp", "editor"])
        XCTAssertNil(entries[0].at("fieldsV1", "f:spec", "f:replicas"))
        XCTAssertEqual(
            entries[1]["fieldsV1"],
            [
                "f:metadata": ["f:annotations": [".": [:], "f:note": [:]]], "f:spec": ["f:replicas": [:]],
            ])
    }

    func testApplyToStatusLeavesTheSpecAlone() async throws {
        let api = try await makeAPI()
        let status: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "cats"],
            "spec": ["replicas": 9], "status": ["readyReplicas": 2],
        ]
        let early = try await api.apply("\(path)/status", status, manager: "controller")
        XCTAssertEqual(early.status, 404)
        _ = try await api.apply(path, try deployment { $0.set(7, at: "status", "readyReplicas") })
        let before = try await api.get(path).json
        XCTAssertEqual(before["status"], [:])
        let answer = try await api.apply("\(path)/status", status, manager: "controller")
        XCTAssertEqual(answer.status, 200, answer.text)
        XCTAssertEqual(answer.json.at("status", "readyReplicas"), 2)
        XCTAssertEqual(answer.json["spec"], before["spec"])
        XCTAssertEqual(answer.json.generation, 1)
        let entry = answer.json.at("metadata", "managedFields")?.array?.first {
            $0["manager"] == "controller"
        }
        XCTAssertEqual(entry?["subresource"], "status")
        XCTAssertEqual(entry?["fieldsV1"], ["f:status": ["f:readyReplicas": [:]]])
    }

    func testWrongShapesAreRefusedAsTheRealServerDoes() async throws {
        let api = try await makeAPI()
        let subject = "(apps-cats-test/cats; apps/v1, Kind=Deployment): "
        let prefix = "failed to create typed patch object \(subject)"
        let inContainer = ".spec.template.spec.containers[name=\"cats\"]"
        let cases: [(JSON, String)] = [
            (
                try deployment { $0.set("2", at: "spec", "replicas") },
                ".spec.replicas: expected numeric (int or float), got string"
            ),
            (
                try withContainer { $0["image"] = 5 },
                "\(inContainer).image: expected string, got &value.valueUnstructured{Value:5}"
            ),
            (
                try withContainer { $0["name"] = nil },
                ".spec.template.spec.containers: element 0: associative list with keys has an element that "
                    + "omits all key fields [\"name\"] (and doesn't have default values for any key fields)"
            ),
            (
                try withContainer {
                    $0["env"] = [["name": "A", "value": "1"], ["name": "A", "value": "2"]]
                },
                "\(inContainer).env: duplicate entries for key [name=\"A\"]"
            ),
            (try withContainer { $0["args"] = "x" }, "\(inContainer).args: expected list, got &{x}"),
            (
                try deployment { $0.set([], at: "spec", "selector") },
                ".spec.selector: expected map, got &{[]}"
            ),
        ]
        for (object, sentence) in cases {
            let answer = try await api.apply(path, object)
            XCTAssertEqual(answer.status, 500, answer.text)
            XCTAssertEqual(answer.message, prefix + sentence)
            XCTAssertNil(answer.json["reason"])
        }
    }

    func testValuesInTextMustMakeSense() async throws {
        let api = try await makeAPI()
        let quantity = try await api.apply(
            path, try withContainer { $0["resources"] = ["limits": ["cpu": "much"]] })
        XCTAssertEqual(quantity.status, 500)
        XCTAssertTrue(quantity.message.hasSuffix(ExactQuantity.sentence), quantity.message)
    }

    func testBodiesThatAreNotWhatTheURLSays() async throws {
        let api = try await makeAPI()
        let type = "application/apply-patch+yaml"
        let url = "\(path)?fieldManager=iterapp"
        func send(_ raw: String) async throws -> ClusterAPIHarness.Answer {
            try await api.send("PATCH", url, raw: raw, type: type)
        }
        let text = try deployment().text
        let yaml = try await send("kind: Deployment\n")
        XCTAssertEqual(yaml.status, 400)
        let slash = try await send(text.replacingOccurrences(of: "apps/v1", with: #"apps\/v1"#))
        XCTAssertEqual(slash.status, 400)
        XCTAssertTrue(slash.message.contains("found unknown escape character"), slash.message)
        let surrogates = try await send(text.replacingOccurrences(of: "index.html", with: #"\ud83d\ude00"#))
        XCTAssertEqual(surrogates.status, 400)
        let owned = try await api.apply(path, try deployment { $0.set([], at: "metadata", "managedFields") })
        XCTAssertEqual(owned.status, 400)
        XCTAssertEqual(owned.message, "metadata.managedFields must be nil")
        let renamed = try await api.apply(path, try deployment { $0.set("dogs", at: "metadata", "name") })
        XCTAssertEqual(
            renamed.message, "the name of the object (dogs) does not match the name on the URL (cats)")
        let moved = try await api.apply(path, try deployment { $0.set("other", at: "metadata", "namespace") })
        XCTAssertEqual(moved.status, 400)
        let version = try await api.apply(path, try deployment { $0["apiVersion"] = "apps/v2" })
        XCTAssertTrue(
            version.message.hasPrefix("Incorrect version specified in apply patch."), version.message)
        let media = try await api.send("PATCH", url, try deployment(), type: "application/json-patch+json")
        XCTAssertEqual(media.status, 415)
        let all = try await api.get("/apis/apps/v1/deployments").json
        XCTAssertEqual(all["items"], [], "nothing of this was written")
    }

    func testStaleVersionInAnApplyIsRefused() async throws {
        let api = try await makeAPI()
        let first = try await api.apply(path, try deployment()).json
        _ = try await api.apply(path, try deployment { $0.set(3, at: "spec", "replicas") })
        let stale = try await api.apply(
            path,
            try deployment {
                $0.set(first.at("metadata", "resourceVersion"), at: "metadata", "resourceVersion")
            })
        XCTAssertEqual(stale.status, 409)
        XCTAssertTrue(stale.message.contains("the object has been modified"), stale.message)
    }

    func testCustomResourcesAreApplied() async throws {
        let api = try await makeAPI()
        let route: JSON = [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": ["name": "cats"],
            "spec": [
                "parentRefs": [["name": "main", "namespace": "gateways"]],
                "hostnames": ["cats.test.localhost"],
                "rules": [["backendRefs": [["name": "cats", "port": 80]]]],
            ],
        ]
        let routes = "/apis/gateway.networking.k8s.io/v1/namespaces/apps-cats-test/httproutes"
        let answer = try await api.apply("\(routes)/cats", route)
        XCTAssertEqual(answer.status, 201, answer.text)
        XCTAssertEqual(answer.json.at("spec", "parentRefs")?[0]?["kind"], "Gateway")
        let rule = answer.json.at("spec", "rules")?[0]
        XCTAssertEqual(rule?["matches"], [["path": ["type": "PathPrefix", "value": "/"]]])
        XCTAssertEqual(rule?["backendRefs"]?[0]?["weight"], 1)
        XCTAssertNil(answer.json["status"])
        let again = try await api.apply("\(routes)/cats", route)
        XCTAssertEqual(
            again.json, answer.json, "defaults inside lists with one owner do not count as changes")
    }
}
