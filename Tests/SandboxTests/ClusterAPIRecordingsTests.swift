import JSON
import XCTest

@testable import Sandbox

/// Sends what a real API server was sent, and compares the answers field by field.
final class ClusterAPIRecordingsTests: XCTestCase {
    private let deployments = "/apis/apps/v1/namespaces/apps-cats-test/deployments"

    private func compare(
        _ answer: ClusterAPIHarness.Answer, _ name: String, ignoring: Set<String> = [],
        line: UInt = #line
    ) throws {
        let recorded = try Recording.answer(name)
        XCTAssertEqual(answer.status, recorded.status, line: line)
        let body = try JSON.parse(recorded.body)
        XCTAssertEqual(answer.json.differences(to: body, ignoring: ignoring), [], line: line)
    }

    func testApplyFillsInDefaultsAndOwners() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        let request = try Recording.json("apply-deployment.request.json")
        let created = try await api.apply("\(deployments)/cats", request)
        XCTAssertEqual(created.status, 201)
        let recorded = try Recording.json("apply-deployment.response.json")
        XCTAssertEqual(created.json.differences(to: recorded), [])

        let again = try await api.apply("\(deployments)/cats", request)
        XCTAssertEqual(again.status, 200)
        XCTAssertEqual(again.json, created.json, "an apply that changes nothing writes nothing")
    }

    func testApplyOfANewVersionBehindAController() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        _ = try await api.apply("\(deployments)/cats", try Recording.json("apply-deployment.request.json"))
        let recorded = try Recording.json("apply-deployment-update.response.json")
        let status = recorded["status"] ?? [:]
        _ = try await api.store.modify(
            .deployment, namespace: "apps-cats-test", name: "cats", scope: .status,
            by: "kube-controller-manager"
        ) {
            $0["status"] = status
            $0.set("1", at: "metadata", "annotations", "deployment.kubernetes.io/revision")
        }
        var request = try Recording.json("apply-deployment.request.json")
        var container = request.at("spec", "template", "spec", "containers")?[0] ?? [:]
        container["env"] = [["name": "V", "value": "2"]]
        request.set([container], at: "spec", "template", "spec", "containers")
        let updated = try await api.apply("\(deployments)/cats", request)
        XCTAssertEqual(updated.json.differences(to: recorded), [])
    }

    func testDryRunShowsTheResultAndWritesNothing() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        let request = try Recording.json("apply-deployment.request.json")
        _ = try await api.apply("\(deployments)/cats", request)
        let before = try await api.get("\(deployments)/cats").json
        var other = request
        other.set(3, at: "spec", "replicas")
        let tried = try await api.apply("\(deployments)/cats", other, query: "&dryRun=All")
        XCTAssertEqual(tried.status, 200)
        XCTAssertEqual(tried.json.at("spec", "replicas"), 3)
        XCTAssertEqual(tried.json.generation, 2)
        XCTAssertEqual(tried.json.resourceVersion, before.resourceVersion)
        let after = try await api.get("\(deployments)/cats").json
        XCTAssertEqual(after, before)
        let tooMuch = try await api.send(
            "PATCH", "\(deployments)/cats?fieldManager=iterapp&dryRun=Some", request,
            type: "application/apply-patch+yaml")
        XCTAssertEqual(tooMuch.status, 422)
    }

    func testForcedDryRunAsRecorded() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        let request = try Recording.json("apply-deployment.request.json")
        _ = try await api.apply("\(deployments)/cats", request)
        var second = request
        var container = request.at("spec", "template", "spec", "containers")?[0] ?? [:]
        container["env"] = [["name": "V", "value": "2"]]
        second.set([container], at: "spec", "template", "spec", "containers")
        _ = try await api.apply("\(deployments)/cats", second)
        _ = try await api.send(
            "PATCH", "\(deployments)/cats/scale", ["spec": ["replicas": 3]],
            type: "application/merge-patch+json", headers: ["User-Agent": "kubectl/v1.36.0 (linux/amd64)"])
        let recorded = try JSON.parse(try Recording.answer("apply-dry-run.http").body)
        let status = recorded["status"] ?? [:]
        _ = try await api.store.modify(
            .deployment, namespace: "apps-cats-test", name: "cats", scope: .status, by: "kube-controller-manager"
        ) {
            $0["status"] = status
            $0.set("2", at: "metadata", "annotations", "deployment.kubernetes.io/revision")
        }
        let tried = try await api.apply("\(deployments)/cats", request, force: true, query: "&dryRun=All")
        XCTAssertEqual(tried.json.differences(to: recorded), [])
    }

    func testRefusalsOfTheApplyItself() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        try await api.makeNamespace("default")
        let request = try Recording.json("apply-deployment.request.json")
        var invalid = request
        var container = request.at("spec", "template", "spec", "containers")?[0] ?? [:]
        container["ports"] = [["containerPort": 808_000]]
        invalid.set([container], at: "spec", "template", "spec", "containers")
        try compare(try await api.apply("\(deployments)/cats", invalid), "error-422-invalid.http")

        var unknown = request
        container = request.at("spec", "template", "spec", "containers")?[0] ?? [:]
        container["imagge"] = container["image"]
        container["image"] = nil
        unknown.set([container], at: "spec", "template", "spec", "containers")
        try compare(
            try await api.apply("\(deployments)/cats", unknown), "error-500-unknown-field-strict.http")

        let anonymous = try await api.send(
            "PATCH", "\(deployments)/cats", request, type: "application/apply-patch+yaml")
        try compare(anonymous, "error-422-no-field-manager.http")
    }

    func testConflictNamesTheOtherManager() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        let request = try Recording.json("apply-deployment.request.json")
        _ = try await api.apply("\(deployments)/cats", request)
        let scaled = try await api.send(
            "PATCH", "\(deployments)/cats/scale", ["spec": ["replicas": 3]],
            type: "application/merge-patch+json",
            headers: ["User-Agent": "kubectl/v1.36.0 (linux/amd64)"])
        XCTAssertEqual(scaled.status, 200, scaled.text)
        try compare(try await api.apply("\(deployments)/cats", request), "error-409-conflict.http")
        let forced = try await api.apply("\(deployments)/cats", request, force: true)
        XCTAssertEqual(forced.status, 200)
        XCTAssertEqual(forced.json.at("spec", "replicas"), 2)
        XCTAssertEqual(forced.json.at("metadata", "managedFields")?.array?.count, 1)
    }

    func testRefusalsOfEverythingElse() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        try await api.makeNamespace("default")
        let unknownToken = try await api.send("GET", deployments, token: "other")
        try compare(unknownToken, "error-401.http")
        let noToken = try await api.send("GET", deployments, token: nil)
        try compare(noToken, "error-401.http")
        try compare(try await api.get("\(deployments)/none"), "error-404.http")
        try compare(try await api.get("/api/v1/namespaces/default/services/none"), "error-404-service.http")
        let elsewhere = try await api.apply(
            "/apis/apps/v1/namespaces/no-such-ns/deployments/cats",
            {
                var request = try Recording.json("apply-deployment.request.json")
                request.set("no-such-ns", at: "metadata", "namespace")
                return request
            }())
        try compare(elsewhere, "error-404-namespace.http")
    }

    func testStaleWritesAndWrongUIDs() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("default")
        let maps = "/api/v1/namespaces/default/configmaps"
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "x"], "data": ["a": "1"],
        ]
        let made = try await api.send("POST", maps, map).json
        var changed = made
        changed.set("2", at: "data", "a")
        let first = try await api.send("PUT", "\(maps)/x", changed)
        XCTAssertEqual(first.status, 200)
        try compare(try await api.send("PUT", "\(maps)/x", changed), "error-409-stale-resource-version.http")

        let recorded = try JSON.parse(try Recording.answer("error-409-uid-precondition.http").body)
        let answer = try await api.send(
            "DELETE", "\(maps)/x",
            [
                "kind": "DeleteOptions", "apiVersion": "v1",
                "preconditions": ["uid": "11111111-1111-1111-1111-111111111111"],
            ])
        XCTAssertEqual(answer.status, 409)
        let expected = recorded["message"]?.string?.replacingOccurrences(
            of: "cfe1c1ab-4604-4862-9dbb-fa256140f52b", with: made.uid)
        XCTAssertEqual(answer.message, expected)
        XCTAssertEqual(answer.json.differences(to: recorded, ignoring: ["message"]), [])
    }

    func testTerminatingNamespaceTakesNothingNew() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("dying")
        _ = try await api.send(
            "POST", "/api/v1/namespaces/dying/configmaps",
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": "x", "finalizers": ["example.com/stay"]],
            ])
        let deleted = try await api.send("DELETE", "/api/v1/namespaces/dying")
        XCTAssertEqual(deleted.json.at("status", "phase"), "Terminating")
        let stuck = try await api.get("/api/v1/namespaces/dying").json.withoutManagedFields
        let recording = try Recording.json("namespace-terminating.json")
        XCTAssertEqual(
            stuck.differences(to: recording, ignoring: [
                "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "lastTransitionTime",
            ]), [])
        var request = try Recording.json("apply-deployment.request.json")
        request.set("dying", at: "metadata", "namespace")
        let refused = try await api.apply("/apis/apps/v1/namespaces/dying/deployments/cats", request)
        try compare(refused, "error-403-namespace-terminating.http")

        let released = try await api.send(
            "PATCH", "/api/v1/namespaces/dying/configmaps/x", ["metadata": ["finalizers": .null]],
            type: "application/merge-patch+json")
        XCTAssertEqual(released.status, 200, released.text)
        let gone = try await api.get("/api/v1/namespaces/dying")
        XCTAssertEqual(gone.status, 404)
    }

    func testExpiredWatchesAndLists() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("default")
        let maps = "/api/v1/namespaces/default/configmaps"
        for name in ["a", "b", "c"] {
            let map: JSON = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)]]
            _ = try await api.send("POST", maps, map)
        }
        let part = try await api.get("\(maps)?limit=1").json
        let token = try XCTUnwrap(part.at("metadata", "continue")?.string)
        _ = try await api.send("DELETE", "\(maps)/c")
        let consistent = try await api.get("\(maps)?continue=\(token)").json
        XCTAssertEqual(consistent["items"]?.array?.map(\.name), ["b", "c"], "the list as it was")
        await api.store.compact()

        let expired = try await api.get("\(maps)?limit=1&continue=\(token)")
        try compare(expired, "list-410-expired-continue.http", ignoring: ["continue"])
        let next = try XCTUnwrap(expired.json.at("metadata", "continue")?.string)
        let rest = try await api.get("\(maps)?continue=\(next)").json
        XCTAssertEqual(rest["items"]?.array?.map(\.name), ["b"])

        let oldest = await api.store.resourceVersion
        let lines = try await api.watch("\(maps)?watch=1&resourceVersion=2", count: 5)
        let recorded = try Recording.answer("watch-410-expired.http")
        let wanted = recorded.body.replacingOccurrences(of: "5 (458)", with: "2 (\(oldest))")
        XCTAssertEqual(lines, [try JSON.parse(wanted)])
    }

    func testPodLogs() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("default")
        let pods = "/api/v1/namespaces/default/pods"
        let made = try await api.send(
            "POST", pods,
            [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "bad-d2vft"],
                "spec": ["containers": [["name": "release", "image": "i"]]],
            ])
        XCTAssertEqual(made.status, 201, made.text)
        let log = try await api.get("\(pods)/bad-d2vft/log?timestamps=true&tailLines=1")
        XCTAssertEqual(log.text, "2026-11-20T23:55:47.799807356Z done\n")
        XCTAssertEqual(log.headers["Content-Type"], "text/plain")
        try compare(
            try await api.get("\(pods)/bad-d2vft/log?previous=true"), "error-400-no-previous-log.http")
        let other = try await api.get("\(pods)/bad-d2vft/log?container=other")
        XCTAssertEqual(other.message, "container other is not valid for pod bad-d2vft")
        let missing = try await api.get("\(pods)/none/log")
        XCTAssertEqual(missing.status, 404)
    }

    func testAppliedJobsCarryTheirDefaults() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        let job = try XCTUnwrap(try Recording.json("job-added.json")["object"])
        let applied = try await api.apply(
            "/apis/batch/v1/namespaces/apps-cats-test/jobs/ok",
            [
                "apiVersion": "batch/v1", "kind": "Job",
                "metadata": ["name": "ok", "namespace": "apps-cats-test"],
                "spec": [
                    "activeDeadlineSeconds": 60, "backoffLimit": 0, "ttlSecondsAfterFinished": 600,
                    "template": [
                        "spec": [
                            "restartPolicy": "Never",
                            "containers": [
                                [
                                    "name": "release", "image": "docker.io/library/t1:latest",
                                    "imagePullPolicy": "IfNotPresent",
                                    "command": [
                                        "/bin/busybox", "sh", "-c", "echo migrating; echo done; exit 0",
                                    ],
                                ]
                            ],
                        ]
                    ],
                ],
            ], manager: "kubectl")
        let volatile: Set<String> = [
            "uid", "resourceVersion", "time", "creationTimestamp", "controller-uid",
            "batch.kubernetes.io/controller-uid",
        ]
        XCTAssertEqual(applied.json.differences(to: job, ignoring: volatile), [])
        XCTAssertEqual(applied.json.labels["controller-uid"], applied.json.uid)
    }

    func testCreatedPodsCarryTheirDefaults() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        let pod = try XCTUnwrap(try Recording.json("pod-added.json")["object"])
        let owner = try XCTUnwrap(pod.ownerReferences.first)
        var asked: JSON = ["metadata": pod["metadata"] ?? [:], "spec": pod["spec"] ?? [:]]
        for field in ["tolerations", "priority", "preemptionPolicy"] { asked.set(nil, at: "spec", field) }
        asked.set(nil, at: "metadata", "managedFields")
        let made = try await api.store.create(.pod, asked, by: "kube-controller-manager")
        XCTAssertEqual(made.ownerReferences, [owner])
        XCTAssertEqual(made.differences(to: pod), [])
    }
}
