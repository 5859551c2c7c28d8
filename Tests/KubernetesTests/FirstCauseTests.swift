import JSON
import XCTest

@testable import Kubernetes

/// The diagnosis of Deployments that failed on a real cluster.
final class FirstCauseTests: XCTestCase {
    private func find(_ name: String, withEvents: Bool = true) throws -> FirstCause? {
        let deployment = try XCTUnwrap(
            Recordings.items("deployments.list.json").first { $0.at("metadata", "name")?.string == name })
        let pods = Pods.current(of: deployment, among: try Recordings.items("pods-failing.list.json"))
        let events = withEvents ? try Recordings.items("events.list.json") : []
        return Diagnosis(of: deployment, pods: pods, events: EventIndex(events)).first
    }

    /// Of a Deployment of this name, as the cluster had it.
    private func words(_ name: String) throws -> CauseWords {
        let recorded = try Recordings.items("deployments.list.json").first { $0.at("metadata", "name")?.string == name }
        let object = recorded ?? ["metadata": ["name": .string(name)]]
        return CauseWords(of: object, namespace: "apps-cats-test", deadlineSeconds: 20)
    }

    func testImageThatCannotBePulled() throws {
        let found = try XCTUnwrap(try find("nopull"))
        guard case .imageUnavailable(let image, _, false) = found.cause else { return XCTFail("\(found)") }
        XCTAssertEqual(image, "localhost:5000/nope:1")
        XCTAssertEqual(
            try words("nopull").sentence(found.cause),
            "The cluster cannot fetch the image of nopull (localhost:5000/nope:1): dial tcp 127.0.0.1:5000: "
                + "connect: connection refused.")
        XCTAssertNil(found.log)
    }

    func testMissingSecret() throws {
        let found = try XCTUnwrap(try find("nosecret"))
        XCTAssertEqual(found.cause, .secretMissing(name: "iterapp-api-token", keys: ["t"]))
        XCTAssertEqual(
            try words("nosecret").advice(found.cause),
            "Create it, then deploy again: kubectl create secret generic iterapp-api-token "
                + "--namespace apps-cats-test --from-literal=t=…")
    }

    func testMissingKeyOfASecret() {
        // The kubelet's words (pkg/kubelet/kubelet_pods.go).
        let found = waitingPod(
            "CreateContainerConfigError", "couldn't find key t in Secret apps-cats-test/iterapp-api-token")
        XCTAssertEqual(found?.cause, .secretKeyMissing(secret: "iterapp-api-token", key: "t"))
    }

    func testOtherMissingReference() {
        let found = waitingPod("CreateContainerConfigError", "configmap \"x\" not found")
        XCTAssertEqual(found?.cause, .configurationMissing(detail: "configmap \"x\" not found"))
    }

    func testImageNameThatMeansNothing() {
        let found = waitingPod("InvalidImageName", "couldn't parse image name")
        XCTAssertEqual(found?.cause, .imageNameInvalid(image: "cats:1"))
        XCTAssertEqual(found?.cause.patience, .zero)
    }

    func testCrashLoop() throws {
        let found = try XCTUnwrap(try find("crash"))
        XCTAssertEqual(found.cause, .exited(code: 2, restarts: 3))
        XCTAssertEqual(found.cause.patience, .zero)
        XCTAssertEqual(
            found.log, .init(pod: "crash-7d6cdb8f76-hw5kn", container: "crash", previous: true))
        XCTAssertEqual(
            try words("crash").sentence(found.cause),
            "crash stops with exit code 2 when it starts (4 starts so far).")
    }

    func testContainerThatCannotBeStartedIsNoProgramThatStops() throws {
        let end: JSON = ["exitCode": 128, "reason": "StartError", "message": "exec: \"/run.sh\": no such file"]
        let states: [JSON] = [
            ["state": ["terminated": end]],
            ["state": ["waiting": ["reason": "CrashLoopBackOff"]], "lastState": ["terminated": end]],
        ]
        for status in states {
            let found = try XCTUnwrap(Diagnosis(of: [:], pods: [["status": ["containerStatuses": [status]]]]).first)
            XCTAssertEqual(found.cause, .cannotStart(detail: "exec: \"/run.sh\": no such file"))
            XCTAssertNil(found.log)
        }
        let long = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start "
            + "container process: exec: \"/run.sh\": stat /run.sh: no such file or directory: unknown"
        XCTAssertEqual(
            try words("cats").sentence(.cannotStart(detail: long)),
            "The container of cats cannot be started: exec: \"/run.sh\": stat /run.sh: no such file or directory.")
    }

    func testOutOfMemory() throws {
        let found = try XCTUnwrap(try find("oom"))
        XCTAssertEqual(found.cause, .outOfMemory(limit: "16Mi", code: 137, restarts: 3))
        XCTAssertEqual(
            try words("oom").sentence(found.cause),
            "oom runs out of memory: it is stopped when it reaches its limit of 16Mi (4 starts so far).")
    }

    func testNoMachineHasRoom() throws {
        let found = try XCTUnwrap(try find("toobig"))
        XCTAssertNil(found.cause.patience)
        XCTAssertEqual(
            try words("toobig").sentence(found.cause),
            "No machine of the cluster has room for toobig, which asks for 1k CPU: "
                + "0/1 nodes are available: 1 Insufficient cpu.")
    }

    func testFailingHealthCheckIsToldWithStatusAndDuration() throws {
        let found = try XCTUnwrap(try find("unready"))
        XCTAssertEqual(found.cause, .notReady(.status(404), seconds: 38))
        XCTAssertNil(found.cause.patience)
        XCTAssertEqual(
            try words("unready").sentence(found.cause),
            "unready runs, but its health check still fails 38 seconds after its start: GET /nope on port 8080 "
                + "answers with status 404.")
        XCTAssertEqual(try find("unready", withEvents: false)?.cause, .notReady(nil, seconds: nil))
    }

    func testPodSecurity() throws {
        let deployment = try XCTUnwrap(
            Recordings.items("pod-security-rejected.list.json").first { $0["kind"]?.string == "Deployment" })
        let found = try XCTUnwrap(Diagnosis(of: deployment, pods: []).first)
        let sentence = try words("cats").sentence(found.cause)
        XCTAssertEqual(
            sentence,
            "The cluster refuses to start cats: its namespace takes only pods of the Pod Security level "
                + "“restricted:latest”, and this breaks it: allowPrivilegeEscalation != false, unrestricted "
                + "capabilities, runAsNonRoot != true, seccompProfile.")
        XCTAssertEqual(try words("cats").advice(found.cause)?.contains("without root"), true)
    }

    func testQuota() throws {
        let deployment = try Recordings.json("quota-exceeded.deployment.json")
        let found = try XCTUnwrap(Diagnosis(of: deployment, pods: []).first)
        XCTAssertEqual(
            try words("dogs").sentence(found.cause),
            "The cluster refuses to start dogs: the quota “q” of its namespace is used up (requested: pods=1, "
                + "used: pods=1, limited: pods=1).")
        XCTAssertEqual(try words("dogs").advice(found.cause)?.contains("quota"), true)
    }

    func testHealthyDeploymentHasNoCause() throws {
        XCTAssertNil(try find("cats"))
    }

    func testFailedLivenessCheckExplainsRestarts() throws {
        let pod = try XCTUnwrap(
            Recordings.items("pods-failing.list.json").first {
                $0.at("status", "phase")?.string == "Running"
                    && Pods.name($0).hasPrefix("crash")
            })
        func event(_ reason: String, _ message: String) -> JSON {
            [
                "type": "Warning", "reason": .string(reason), "lastTimestamp": "2026-11-20T23:26:28Z",
                "involvedObject": ["uid": pod.at("metadata", "uid") ?? .null], "message": .string(message),
            ]
        }
        let unhealthy = event("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500")
        let killing = event("Killing", "Container crash failed liveness probe, will be restarted")
        func cause(_ events: [JSON]) -> RollOutCause? {
            Diagnosis(of: [:], pods: [pod], events: EventIndex(events)).first?.cause
        }
        XCTAssertEqual(cause([unhealthy, killing]), .checkFailing(.liveness, .status(500), restarts: 3))
        XCTAssertEqual(cause([unhealthy]), .exited(code: 2, restarts: 3), "it ended by itself")
    }

    func testInitContainerThatIsDoneIsNoCause() {
        let pod: JSON = [
            "metadata": ["name": "p"],
            "status": [
                "initContainerStatuses": [
                    ["name": "init", "state": ["terminated": ["exitCode": 0, "reason": "Completed"]]]
                ],
                "containerStatuses": [["name": "cats", "state": ["waiting": ["reason": "PodInitializing"]]]],
            ],
        ]
        XCTAssertNil(Diagnosis(of: [:], pods: [pod]).first)
    }

    func testMountedSecretThatIsMissing() throws {
        // The kubelet's words (pkg/volume/secret/secret.go).
        func cause(_ message: String, started: Bool = false) -> RollOutCause? {
            let state: JSON = started ? ["running": [:]] : ["waiting": ["reason": "ContainerCreating"]]
            let items: JSON = [["key": "key.pem", "path": "key.pem"]]
            let account: JSON = ["name": "cats-nats", "items": [["key": "nats.creds", "path": "nats.creds"]]]
            let pod: JSON = [
                "metadata": ["name": "p", "uid": "u"],
                "spec": [
                    "volumes": [
                        ["name": "files-1", "secret": ["secretName": "keys"]],
                        ["name": "partner", "secret": ["secretName": "partner", "items": items]],
                        ["name": "nats-files", "projected": ["sources": [["secret": account]]]],
                    ]
                ],
                "status": ["containerStatuses": [["name": "cats", "ready": false, "state": state]]],
            ]
            let event: JSON = [
                "reason": "FailedMount", "involvedObject": ["uid": "u"], "message": .string(message),
            ]
            return Diagnosis(of: [:], pods: [pod], events: EventIndex([event])).first?.cause
        }
        let missing = "MountVolume.SetUp failed for volume \"files-1\" : secret \"keys\" not found"
        XCTAssertEqual(cause(missing), .secretMissing(name: "keys", keys: []))
        XCTAssertEqual(
            cause("MountVolume.SetUp failed for volume \"partner\" : references non-existent secret key: key.pem"),
            .secretKeyMissing(secret: "partner", key: "key.pem"))
        XCTAssertEqual(
            cause("MountVolume.SetUp failed for volume \"nats-files\" : references non-existent secret key: nats.creds"),
            .secretKeyMissing(secret: "cats-nats", key: "nats.creds"))
        XCTAssertEqual(
            cause("MountVolume.SetUp failed for volume \"nats-files\" : secret \"cats-nats\" not found"),
            .secretMissing(name: "cats-nats", keys: ["nats.creds"]))
        XCTAssertEqual(cause("Unable to attach"), .cannotPrepare(detail: "Unable to attach"))
        XCTAssertEqual(
            cause(missing, started: true), .notReady(nil, seconds: nil), "it is there by now, and not the trouble")
    }

    func testProxyBesideTheAppIsNamed() throws {
        let crashed: JSON = [
            "name": "cloudsql-proxy", "restartCount": 2, "state": ["waiting": ["reason": "CrashLoopBackOff"]],
            "lastState": ["terminated": ["exitCode": 1, "reason": "Error"]],
        ]
        let pod: JSON = [
            "metadata": ["name": "p"],
            "spec": ["initContainers": [["name": "cloudsql-proxy", "restartPolicy": "Always"]]],
            "status": [
                "initContainerStatuses": [crashed],
                "containerStatuses": [["name": "cats", "state": ["waiting": ["reason": "PodInitializing"]]]],
            ],
        ]
        let found = try XCTUnwrap(Diagnosis(of: [:], pods: [pod]).first)
        XCTAssertEqual(found.log, .init(pod: "p", container: "cloudsql-proxy", previous: true))
        let words = try words("cats").about(found.container)
        XCTAssertEqual(
            words.sentence(found.cause),
            "The Cloud SQL proxy of cats stops with exit code 1 when it starts (3 starts so far).")
        XCTAssertEqual(words.advice(found.cause)?.contains("[cloud_sql_postgres_instances]"), true)
    }

    func testCommandIsToldBeforeTheSidecarThatEndsWithIt() throws {
        func status(_ name: String, _ code: Int) -> JSON {
            ["name": .string(name), "state": ["terminated": ["exitCode": .int(code), "reason": "Error"]]]
        }
        let pod: JSON = [
            "metadata": ["name": "p"],
            "spec": ["initContainers": [["name": "cloudsql-proxy", "restartPolicy": "Always"]]],
            "status": [
                "initContainerStatuses": [status("cloudsql-proxy", 143)],
                "containerStatuses": [status("release", 7)],
            ],
        ]
        XCTAssertEqual(Diagnosis(of: [:], pods: [pod]).first?.cause, .exited(code: 7, restarts: 0))
    }

    func testPodThatTheClusterStopped() throws {
        let pod: JSON = [
            "metadata": ["name": "p"],
            "status": [
                "phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory.",
            ],
        ]
        let cause = try XCTUnwrap(Diagnosis(of: [:], pods: [pod]).first?.cause)
        XCTAssertEqual(
            try words("cats").sentence(cause), "The cluster stopped cats: The node was low on resource: memory.")
        XCTAssertEqual(try words("cats").advice(cause), "Deploy again.")
    }

    func testProbeOutcomes() {
        XCTAssertEqual(
            ProbeOutcome(
                message: "Get \"http://10.0.0.9:80/\": dial tcp 10.0.0.9:80: connect: connection refused"),
            .refused)
        XCTAssertEqual(
            ProbeOutcome(
                message:
                    "Get \"http://10.0.0.9:80/\": context deadline exceeded (Client.Timeout exceeded while "
                    + "awaiting headers)"), .timedOut)
        XCTAssertEqual(ProbeOutcome(message: "HTTP probe failed with statuscode: 503"), .status(503))
        XCTAssertEqual(ProbeOutcome(message: "EOF"), .other("EOF"))
    }

    private func waitingPod(_ reason: String, _ message: String) -> FirstCause? {
        let reference: JSON = ["secretKeyRef": ["name": "iterapp-api-token", "key": "t"]]
        let pod: JSON = [
            "metadata": ["name": "p", "uid": "u"],
            "spec": [
                "containers": [
                    ["name": "cats", "image": "cats:1", "env": [["name": "T", "valueFrom": reference]]]
                ]
            ],
            "status": [
                "containerStatuses": [
                    [
                        "name": "cats", "restartCount": 0,
                        "state": ["waiting": ["reason": .string(reason), "message": .string(message)]],
                    ]
                ]
            ],
        ]
        return Diagnosis(of: [:], pods: [pod]).first
    }
}
