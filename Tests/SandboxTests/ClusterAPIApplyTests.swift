import Foundation
import JSON
import Synchronization
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

    func testTimeAloneChangesNothing() async throws {
        let clock = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        let store = ObjectStore(now: { clock.withLock { $0 } })
        let api = try ClusterAPIHarness(store: store)
        try await api.makeNamespace()
        let first = try await api.apply(path, try deployment()).json
        XCTAssertEqual(first.at("metadata", "creationTimestamp"), "2027-01-15T08:00:00Z")
        clock.withLock { $0.addTimeInterval(60) }
        let again = try await api.apply(path, try deployment()).json
        XCTAssertEqual(again, first)
        let changed = try await api.apply(path, try deployment { $0.set(3, at: "spec", "replicas") }).json
        let entry = changed.at("metadata", "managedFields")?[0]
        XCTAssertEqual(entry?["time"], "2027-01-15T08:01:00Z")
    }

    func testAnUpdateNotesItsTimeAndTakesFieldsAway() async throws {
        let clock = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        let api = try ClusterAPIHarness(store: ObjectStore(now: { clock.withLock { $0 } }))
        try await api.makeNamespace()
        var object = try await api.apply(path, try deployment()).json
        for replicas in [3, 4] {
            clock.withLock { $0.addTimeInterval(60) }
            object.set(.int(replicas), at: "spec", "replicas")
            object = try await api.send("PUT", "\(path)?fieldManager=kubectl-edit", object).json
        }
        let entries = object.at("metadata", "managedFields")?.array ?? []
        let edit = entries.first { $0["manager"] == "kubectl-edit" }
        XCTAssertEqual(edit?["fieldsV1"], ["f:spec": ["f:replicas": [:]]])
        XCTAssertEqual(edit?["time"], "2027-01-15T08:02:00Z", "of the last change, though the fields are the same")
        let own = entries.first { $0["manager"] == "iterapp" }
        XCTAssertNotNil(own?.at("fieldsV1", "f:spec", "f:template"))
        XCTAssertNil(own?.at("fieldsV1", "f:spec", "f:replicas"))
        XCTAssertEqual(own?["time"], "2027-01-15T08:00:00Z")
    }

    func testClearedOwnersComeBackAsOneWithTheNextApply() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        _ = try await api.apply(path, try deployment())
        let cleared = try await api.send(
            "PATCH", "\(path)?fieldManager=x", ["metadata": ["managedFields": [[:]]]],
            type: "application/merge-patch+json")
        XCTAssertNil(cleared.json.at("metadata", "managedFields"))
        let other = try await api.apply(path, try deployment { $0.set(5, at: "spec", "replicas") })
        XCTAssertEqual(other.causes.map { $0["message"] }, ["conflict with \"before-first-apply\" using apps/v1"])
        let same = try await api.apply(path, try deployment())
        XCTAssertEqual(same.json.at("metadata", "managedFields")?.array?.compactMap { $0["manager"] }, [
            "iterapp", "before-first-apply",
        ])
    }

    func testWhatTheClusterKeepsCannotBeWritten() async throws {
        let api = try await makeAPI()
        let made = try await api.apply(path, try deployment()).json
        var forged = made
        forged.set(nil, at: "metadata", "uid")
        forged.set(nil, at: "metadata", "resourceVersion")
        forged.set(99, at: "metadata", "generation")
        forged.set("2001-01-01T00:00:00Z", at: "metadata", "creationTimestamp")
        forged.set("2001-01-01T00:00:00Z", at: "metadata", "deletionTimestamp")
        forged.set(["x": "y"], at: "metadata", "labels")
        let answer = try await api.send("PUT", path, forged).json
        XCTAssertEqual(answer.uid, made.uid)
        XCTAssertEqual(answer.generation, 1)
        XCTAssertEqual(
            answer.at("metadata", "creationTimestamp"), made.at("metadata", "creationTimestamp"))
        XCTAssertFalse(answer.isBeingDeleted)
        XCTAssertEqual(answer.labels, ["x": "y"])
        XCTAssertGreaterThan(answer.resourceVersion, made.resourceVersion)
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
