import HTTP
import JSON
import XCTest

@testable import Sandbox

/// Pods that cannot start or do not stay, told in the words of a real node (see the recordings of one in
/// Tests/KubernetesTests/Fixtures).
final class NodeFailureTests: XCTestCase {
    private static let image = "iterapp-test-failures:\(getpid())"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    func testCrashLoop() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy(image: Self.image) {
                $0["command"] = ["/bin/busybox", "sh", "-c", "/bin/busybox echo panic: no pattern; exit 2"]
            }
            let pod = try await bench.waiting("CrashLoopBackOff")
            let status = ClusterBench.container(pod)
            XCTAssertEqual(status.at("state", "waiting", "message")?.string, """
                back-off 300ms restarting failed container=cats pod=\(pod.name)_\(pod.namespace)(\(pod.uid))
                """)
            XCTAssertEqual(status["restartCount"], 1)
            XCTAssertEqual(status.at("lastState", "terminated", "exitCode"), 2)
            XCTAssertEqual(status.at("lastState", "terminated", "reason"), "Error")
            XCTAssertEqual(pod.at("status", "phase"), "Running")
            let later = try await bench.first(.pod, "a second back-off") {
                ClusterBench.container($0).at("state", "waiting", "message")?.string?
                    .hasPrefix("back-off 600ms") == true
            }
            XCTAssertEqual(ClusterBench.container(later)["restartCount"], 2)
            // The dead one whose log may be asked for, and at times the next one.
            let kept = await bench.containers().count
            XCTAssertLessThanOrEqual(kept, 2)
            let event = try await bench.first(.event, "BackOff told twice") {
                $0["reason"]?.string == "BackOff" && ($0["count"]?.int ?? 0) >= 2
            }
            XCTAssertEqual(event["message"]?.string, """
                Back-off restarting failed container cats in pod \(pod.name)_\(pod.namespace)(\(pod.uid))
                """)
        }
    }

    func testOutOfMemory() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy(image: Self.image) {
                $0["command"] = ["/bin/busybox", "sh", "-c", "a=x; while true; do a=$a$a; done"]
                $0["resources"] = ["limits": ["memory": "16Mi"], "requests": ["memory": "16Mi"]]
            }
            // A busy engine may tell of an end before it tells why: the next restart shows it.
            let pod = try await bench.first(.pod, "a container killed for its memory") {
                ClusterBench.container($0).at("lastState", "terminated", "reason") == "OOMKilled"
            }
            XCTAssertEqual(ClusterBench.container(pod).at("lastState", "terminated", "exitCode"), 137)
            XCTAssertEqual(pod.at("status", "qosClass"), "Burstable")
        }
    }

    func testMissingSecretUntilItIsThere() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy(image: Self.image) {
                $0["env"] = [
                    ["name": "T", "valueFrom": ["secretKeyRef": ["name": "api-token", "key": "t"]]]
                ]
            }
            let pod = try await bench.waiting("CreateContainerConfigError")
            XCTAssertEqual(
                ClusterBench.container(pod).at("state", "waiting", "message"), "secret \"api-token\" not found")
            XCTAssertEqual(pod.at("status", "phase"), "Pending")
            let failed = await bench.events("Failed")
            XCTAssertEqual(failed, ["Error: secret \"api-token\" not found"])

            try await bench.secret("api-token", ["other": "x"])
            try await bench.first(.pod, "the other message") {
                ClusterBench.container($0).at("state", "waiting", "message")?.string
                    == "couldn't find key t in Secret apps-cats-test/api-token"
            }
            try await bench.store.modify(
                .secret, namespace: ClusterBench.namespace, name: "api-token", by: "test"
            ) { $0.set("eA==", at: "data", "t") }
            try await bench.rolledOut(within: .seconds(5))
        }
    }

    func testMissingImageUntilItIsThere() async throws {
        let late = "iterapp-test-late:\(getpid())"
        await TestImage.remove([late])
        try await ClusterBench().run { bench in
            try await bench.deploy(image: late)
            let pod = try await bench.waiting("ErrImagePull")
            // The engine's own words.
            let message = ClusterBench.container(pod).at("state", "waiting", "message")?.string ?? ""
            XCTAssertTrue(message.hasSuffix("No such image: \(late)"), message)
            let later = try await bench.waiting("ImagePullBackOff")
            XCTAssertEqual(
                ClusterBench.container(later).at("state", "waiting", "message")?.string,
                "Back-off pulling image \"\(late)\": ErrImagePull: \(message)")
            let failed = await bench.events("Failed")
            XCTAssertEqual(Set(failed), [
                "Failed to pull image \"\(late)\": \(message)", "Error: ErrImagePull",
                "Error: ImagePullBackOff",
            ])
            try await TestImage.build(late, page: "late\n")
            try await bench.rolledOut()
        }
        await TestImage.remove([late])
    }

    /// All at once, because failures count once a second.
    func testProbesThatFail() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy("unready", image: Self.image) {
                $0.set("/nope", at: "readinessProbe", "httpGet", "path")
            }
            try await bench.deploy("deaf", image: Self.image) {
                $0.set(9999, at: "readinessProbe", "httpGet", "port")
            }
            try await bench.deploy("closed", image: Self.image) {
                $0["readinessProbe"] = ["tcpSocket": ["port": 9999], "periodSeconds": 1]
            }
            try await bench.deploy("refusing", image: Self.image) {
                $0["readinessProbe"] = [
                    "exec": ["command": ["/bin/busybox", "ls", "/nope"]], "periodSeconds": 1,
                ]
            }
            try await bench.deploy("dying", image: Self.image) {
                $0["livenessProbe"] = [
                    "httpGet": ["path": "/nope", "port": "http"], "periodSeconds": 1, "failureThreshold": 1,
                    "initialDelaySeconds": 1,
                ]
            }
            let event = try await unhealthy("unready", bench)
            XCTAssertEqual(event["message"], "Readiness probe failed: HTTP probe failed with statuscode: 404")
            XCTAssertEqual(event.at("source", "component"), "kubelet")
            XCTAssertEqual(event.at("involvedObject", "fieldPath"), "spec.containers{unready}")
            let pods = await bench.pods()
            func pod(_ name: String) -> JSON { pods.first { $0.name.hasPrefix(name + "-") } ?? [:] }
            let ready = Conditions(pod("unready").at("status", "conditions"))["Ready"]
            XCTAssertEqual(ready?["reason"], "ContainersNotReady")
            XCTAssertEqual(ready?["message"], "containers with unready status: [unready]")
            let deaf = try await unhealthy("deaf", bench)
            let address = pod("deaf").at("status", "podIP")?.string ?? ""
            XCTAssertEqual(deaf["message"]?.string, """
                Readiness probe failed: Get "http://\(address):9999/index.html": dial tcp \(address):9999: \
                connect: connection refused
                """)
            let closed = try await unhealthy("closed", bench)
            XCTAssertEqual(closed["message"]?.string, """
                Readiness probe failed: dial tcp \(pod("closed").at("status", "podIP")?.string ?? ""):9999: \
                connect: connection refused
                """)
            let refusing = try await unhealthy("refusing", bench)
            XCTAssertEqual(
                refusing["message"], "Readiness probe failed: ls: /nope: No such file or directory\n")
            try await bench.first(.pod, "a restarted container") {
                $0.name.hasPrefix("dying-") && ClusterBench.container($0)["restartCount"]?.int == 1
            }
            let killing = await bench.events("Killing")
            XCTAssertEqual(killing, ["Container dying failed liveness probe, will be restarted"])
        }
    }

    private func unhealthy(_ name: String, _ bench: ClusterBench) async throws -> JSON {
        try await bench.first(.event, "\(name) is unhealthy") {
            $0["reason"]?.string == "Unhealthy"
                && $0.at("involvedObject", "name")?.string?.hasPrefix(name + "-") == true
        }
    }

    func testCommandThatIsNotThere() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy(image: Self.image) { $0["command"] = ["/bin/nothing"] }
            let pod = try await bench.waiting("RunContainerError")
            let message = ClusterBench.container(pod).at("state", "waiting", "message")?.string ?? ""
            XCTAssertTrue(message.contains("/bin/nothing"), message)
            let later = try await bench.waiting("CrashLoopBackOff")
            let end = ClusterBench.container(later).at("lastState", "terminated")
            XCTAssertEqual(end?["reason"], "StartError")
            XCTAssertEqual(end?["exitCode"], 128)
        }
    }

    func testMoreThanTheMachineHas() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy(image: Self.image) {
                $0["resources"] = ["requests": ["cpu": "1k", "memory": "4Pi"]]
            }
            let pod = try await bench.first(.pod, "an unschedulable pod") {
                Conditions($0.at("status", "conditions"))["PodScheduled"]?["reason"] == "Unschedulable"
            }
            XCTAssertEqual(
                Conditions(pod.at("status", "conditions"))["PodScheduled"]?["message"]?.string, """
                    0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. no new claims to \
                    deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.
                    """)
        }
    }
}
