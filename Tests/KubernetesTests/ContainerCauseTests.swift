import JSON
import XCTest

@testable import Kubernetes

/// What one container's status and its events come to.
final class ContainerCauseTests: XCTestCase {
    private typealias Cats = FollowedDeployment

    private func cats(_ status: [String: JSON]) -> Cats {
        var cats = Cats()
        cats.pods = [cats.pod(1, status)]
        return cats
    }

    private func ended(_ members: [String: JSON], restarts: Int = 0) -> Cats {
        cats(["restartCount": .int(restarts), "state": ["terminated": .object(members)]])
    }

    func testChildProcessThatIsKilledForItsMemory() {
        // The container's first process got over it and ended by itself.
        let cats = ended(["exitCode": 1, "reason": "OOMKilled"], restarts: 2)
        XCTAssertEqual(
            cats.sentence(),
            "cats runs out of memory: one of its processes is stopped when they reach the end of what the machine has, "
                + "and it ends with exit code 1 (3 starts so far).")
        XCTAssertEqual(cats.diagnosis.first?.patience, .zero)
    }

    func testKilledWithoutAReasonIsMostlyMemory() throws {
        let cats = ended(["exitCode": 137, "reason": "Error"], restarts: 2)
        XCTAssertEqual(cats.sentence(), "cats is killed by SIGKILL, exit code 137 (3 starts so far).")
        let cause = try XCTUnwrap(cats.diagnosis.first?.cause)
        XCTAssertEqual(cats.target.words.advice(cause)?.contains("memory"), true)
    }

    func testExitCodesThatHaveAMeaning() {
        let expected = [
            0: "cats ends by itself with exit code 0, but a server has to keep running (at its first start).",
            126: "cats cannot be run (exit code 126): its command is no executable file (at its first start).",
            127: "cats cannot be run (exit code 127): its command was not found in the image (at its first start).",
            139: "cats crashes with a segmentation fault, exit code 139 (at its first start).",
            143: "cats is stopped by signal 15, exit code 143 (at its first start).",
        ]
        for (code, sentence) in expected {
            XCTAssertEqual(ended(["exitCode": .int(code), "reason": "Error"]).sentence(), sentence)
        }
    }

    func testProgramThatRanForAWhileDoesNotStopWhenItStarts() {
        let cats = ended([
            "exitCode": 1, "reason": "Error", "startedAt": "2026-11-20T23:25:52Z",
            "finishedAt": "2026-11-20T23:26:54Z",
        ])
        XCTAssertEqual(cats.sentence(), "cats stops with exit code 1 after 62 seconds (at its first start).")
    }

    func testProgramThatRunsAgainIsNotGivenUpButToldAtTheEnd() {
        var again = Cats.crashed(1, restarts: 3)
        again["state"] = ["running": ["startedAt": "2026-11-20T23:26:28Z"]]
        let cats = cats(again)
        XCTAssertNil(cats.diagnosis.first?.patience, "this run may be the good one")
        XCTAssertEqual(cats.sentence(), "cats stops with exit code 1 when it starts (4 starts so far).")
        XCTAssertEqual(cats.diagnosis.first?.log?.previous, true)
        let failing = cats.event("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")
        XCTAssertEqual(
            cats.sentence([failing]),
            "cats runs, but its health check still fails 2 seconds after its start: GET /health on port 3000 answers "
                + "with status 503.", "an answer is newer than the end of the run before")
        let old = cats.event(
            "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", at: "2026-11-20T23:26:20Z")
        XCTAssertEqual(cats.diagnosis([old]).first?.cause, .exited(code: 1, restarts: 3), "of an earlier run")
    }

    func testStartupCheckThatStopsTheContainer() {
        let cats = ended(["exitCode": 143, "reason": "Error"], restarts: 2)
        let failing = cats.event("Unhealthy", "Startup probe failed: dial tcp 10.0.0.1:80: connect: connection refused")
        XCTAssertEqual(cats.diagnosis([failing]).first?.cause, .checkFailing(.startup, .refused, restarts: 2))
        let liveness = cats.event("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500")
        XCTAssertEqual(
            cats.sentence([liveness]),
            "cats is restarted because its liveness check fails: GET /alive on port 3000 answers with status 500 "
                + "(3 starts so far).")
        let other = cats.event(
            "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500", container: "istio-proxy")
        XCTAssertEqual(
            cats.diagnosis([other]).first?.cause, .exited(code: 143, restarts: 2), "a check of another container")
    }

    func testRegistryThatSaysNoIsBelievedAtOnce() {
        func patience(_ message: String, _ reason: String = "ErrImagePull") -> Duration? {
            cats(Cats.waiting(reason, message)).diagnosis.first?.patience
        }
        XCTAssertEqual(patience("failed to resolve reference \"x\": x: not found"), .zero)
        XCTAssertEqual(patience("pull access denied, repository does not exist: insufficient_scope"), .zero)
        XCTAssertEqual(patience("failed to do request: dial tcp 10.0.0.1:443: i/o timeout"), .seconds(35))
        XCTAssertEqual(patience("unexpected status: 503 Service Unavailable", "ImagePullBackOff"), .seconds(35))
        XCTAssertEqual(patience("Container image is not present", "ErrImageNeverPull"), .zero)
        XCTAssertNotNil(patience("", "RegistryUnavailable"))
    }

    func testBareBackOffIsExplainedByItsEvent() {
        let cats = cats(Cats.waiting("ImagePullBackOff", "Back-off pulling image \"registry.test/cats:1\""))
        let event = cats.event(
            "Failed",
            "Failed to pull image \"registry.test/cats:1\": rpc error: failed to resolve reference "
                + "\"registry.test/cats:1\": registry.test/cats:1: not found")
        XCTAssertEqual(
            cats.sentence([event]), "The cluster cannot fetch the image of cats (registry.test/cats:1): not found.")
        XCTAssertEqual(cats.diagnosis([event]).first?.patience, .zero)
    }

    func testSecretsThatAreMissingInEveryWayThatTheyCanBeUsed() {
        var cats = Cats()
        func cause(_ container: JSON, _ message: String) -> RollOutCause? {
            cats.pods = [cats.pod(1, Cats.waiting("CreateContainerConfigError", message))]
            cats.pods[0]["spec"]?["containers"] = [container]
            return cats.diagnosis.first?.cause
        }
        let all: JSON = ["name": "cats", "envFrom": [["secretRef": ["name": "api"]]]]
        XCTAssertEqual(cause(all, "secret \"api\" not found"), .secretMissing(name: "api", keys: []))
        let one: JSON = [
            "name": "cats", "env": [["name": "T", "valueFrom": ["secretKeyRef": ["name": "api", "key": "t"]]]],
        ]
        XCTAssertEqual(cause(one, "secret \"api\" not found"), .secretMissing(name: "api", keys: ["t"]))
        XCTAssertEqual(
            cause(one, "couldn't find key t in Secret ns/api"), .secretKeyMissing(secret: "api", key: "t"))
    }

    func testMountThatFailedOnceAndWorkedThenIsNoCause() {
        var cats = cats(Cats.waiting("ContainerCreating", ""))
        cats.pods[0]["spec"]?["volumes"] = [["name": "files-1", "secret": ["secretName": "keys"]]]
        let failed = cats.event(
            "FailedMount", "MountVolume.SetUp failed for volume \"files-1\" : secret \"keys\" not found",
            at: "2026-11-20T23:26:00Z")
        let pulling = cats.event("Pulling", "Pulling image", at: "2026-11-20T23:26:00Z")
        XCTAssertEqual(cats.diagnosis([failed]).first?.cause, .secretMissing(name: "keys", keys: []))
        XCTAssertNil(cats.diagnosis([failed, pulling]).first)
        XCTAssertNotNil(cats.diagnosis([pulling, cats.event("FailedMount", "again")]).first)
        cats.pods[0]["status"]?["conditions"] = [["type": "PodReadyToStartContainers", "status": "True"]]
        XCTAssertNil(cats.diagnosis([failed]).first)
    }

    func testInitContainersAndSidecarsAreNamed() {
        var cats = Cats()
        func sentence(_ name: String, _ status: [String: JSON], sidecar: Bool) -> String? {
            var pod = cats.pod(1, ["state": ["waiting": ["reason": "PodInitializing"]]])
            let common: [String: JSON] = ["name": .string(name), "ready": false, "restartCount": 0]
            pod["spec"]?["initContainers"] = [
                .compact(["name": .string(name), "image": "tools:1", "restartPolicy": sidecar ? "Always" : nil])
            ]
            pod["status"]?["initContainerStatuses"] = [.object(common.merging(status) { _, own in own })]
            cats.pods = [pod]
            return cats.sentence()
        }
        XCTAssertEqual(
            sentence("wait-for-it", Cats.crashed(4, restarts: 2), sidecar: false),
            "The init container “wait-for-it” of cats stops with exit code 4 when it starts (3 starts so far).")
        XCTAssertEqual(
            sentence("mesh", Cats.crashed(4, restarts: 2), sidecar: true),
            "The sidecar “mesh” of cats stops with exit code 4 when it starts (3 starts so far).")
        XCTAssertEqual(
            sentence("mesh", Cats.waiting("ErrImagePull", "not found"), sidecar: true),
            "The cluster cannot fetch the image of the sidecar “mesh” of cats (tools:1): not found.")
        XCTAssertEqual(
            sentence("wait-for-it", Cats.running, sidecar: false),
            "The init container “wait-for-it” of cats does not come to its end, and cats cannot start before that.")
        XCTAssertNil(sentence("wait-for-it", ["state": ["terminated": ["exitCode": 0]]], sidecar: false))
    }

    func testContainerBesideTheAppIsNamedToo() {
        var cats = Cats()
        var pod = cats.pod(1, ["ready": true, "state": Cats.running["state"] ?? [:]])
        pod["spec"]?["containers"] = [["name": "istio-proxy", "image": "mesh:1"], cats.container]
        let own = pod.at("status", "containerStatuses")?.array ?? []
        let beside = Cats.crashed(1, restarts: 2).merging(["name": "istio-proxy"]) { own, _ in own }
        pod["status"]?["containerStatuses"] = .array(own + [.object(beside)])
        cats.pods = [pod]
        XCTAssertEqual(
            cats.sentence(),
            "The sidecar “istio-proxy” of cats stops with exit code 1 when it starts (3 starts so far).")
    }

    func testMachinesThatAreClosedForOtherReasonsThanSize() {
        var cats = Cats()
        cats.pods = [
            cats.pod(conditions: [
                Cats.unscheduled(
                    "0/3 nodes are available: 3 node(s) had untolerated taint {maintenance: yes}. preemption: none.")
            ])
        ]
        XCTAssertEqual(
            cats.sentence(),
            "No machine of the cluster takes cats: 0/3 nodes are available: 3 node(s) had untolerated taint "
                + "{maintenance: yes}.")
    }
}
