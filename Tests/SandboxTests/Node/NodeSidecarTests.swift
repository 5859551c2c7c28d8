import JSON
import XCTest

@testable import Sandbox

/// Pods of several containers: what comes first, what stays beside, and what they share.
final class NodeSidecarTests: XCTestCase {
    private static let image = "iterapp-test-sidecar:\(getpid())"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    private func container(_ name: String, _ script: String, _ more: JSON = [:]) -> JSON {
        let fields: [String: JSON] = [
            "name": .string(name), "image": .string(Self.image),
            "command": ["/bin/busybox", "sh", "-c", .string(script)],
        ]
        return .object(fields.merging(more.object ?? [:]) { $1 })
    }

    private func states(_ pod: JSON, _ list: String) -> [String: JSON] {
        Dictionary((pod.at("status", list)?.array ?? []).map { ($0["name"]?.string ?? "", $0) }) { $1 }
    }

    func testInitContainersAndSidecarsComeBeforeTheMainOneAndEndAfterIt() async throws {
        try await ClusterBench().run { bench in
            let volume: JSON = ["volumeMounts": [["name": "shared", "mountPath": "/shared"]]]
            var sidecar = container("proxy", """
                trap 'echo proxy ended >> /shared/story; exit 0' TERM
                echo proxy >> /shared/story
                /bin/busybox httpd -p 8080 -h /www; /bin/busybox sleep 1000 & wait
                """, volume)
            sidecar["restartPolicy"] = "Always"
            sidecar["startupProbe"] = ["tcpSocket": ["port": 8080], "periodSeconds": 1]
            try await bench.pod("cats", [
                "restartPolicy": "Never",
                "volumes": [["name": "shared", "emptyDir": [:]]],
                "initContainers": [container("migrate", "echo migrate >> /shared/story", volume), sidecar],
                "containers": [
                    container("main", """
                        /bin/busybox wget -q -O - http://127.0.0.1:8080/index.html >> /shared/story
                        /bin/busybox cat /shared/story
                        exit 3
                        """, volume)
                ],
            ])
            let begun = try await bench.first(.pod, "an init container at work") {
                ($0.at("status", "initContainerStatuses")?.array ?? []).count == 2
            }
            XCTAssertEqual(begun.at("status", "phase"), "Pending")
            let waiting = states(begun, "containerStatuses")["main"]
            XCTAssertEqual(waiting?.at("state", "waiting", "reason"), "PodInitializing")
            let initialized = Conditions(begun.at("status", "conditions"))["Initialized"]
            XCTAssertEqual(initialized?["reason"], "ContainersNotInitialized")
            XCTAssertEqual(
                initialized?["message"], "containers with incomplete status: [migrate proxy]")

            let over = try await bench.phase("Failed")
            let initial = states(over, "initContainerStatuses")
            XCTAssertEqual(initial["migrate"]?.at("state", "terminated", "reason"), "Completed")
            XCTAssertEqual(initial["migrate"]?["ready"], true)
            XCTAssertEqual(initial["proxy"]?.at("state", "terminated", "exitCode"), 0)
            let main = states(over, "containerStatuses")["main"]
            XCTAssertEqual(main?.at("state", "terminated", "exitCode"), 3)
            XCTAssertEqual(Conditions(over.at("status", "conditions"))["Ready"]?["reason"], "PodFailed")
            let log = try await bench.log(over, "main")
            XCTAssertEqual(log, "migrate\nproxy\none\n")
            let proxyEnd = initial["proxy"]?.at("state", "terminated", "finishedAt")?.string ?? ""
            let mainEnd = main?.at("state", "terminated", "finishedAt")?.string ?? ""
            XCTAssertGreaterThanOrEqual(proxyEnd, mainEnd)
            // Only what has a log is left, and no file.
            let names = await bench.containers().compactMap { $0.labels[ContainerLabel.container] }
            XCTAssertEqual(Set(names), ["migrate", "proxy", "main"])
            let pods = bench.settings.directory.appending(path: "pods").path
            XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: pods), [])
        }
    }

    func testAFailingInitContainerIsTriedAgainOrEndsThePod() async throws {
        try await ClusterBench().run { bench in
            try await bench.pod("never", [
                "restartPolicy": "Never", "initContainers": [container("bad", "exit 7")],
                "containers": [container("main", "echo never")],
            ])
            try await bench.pod("again", [
                "initContainers": [container("bad", "exit 7")], "containers": [container("main", "echo never")],
            ])
            let over = try await bench.phase("Failed", of: "never")
            XCTAssertEqual(states(over, "initContainerStatuses")["bad"]?.at("state", "terminated", "exitCode"), 7)
            let main = states(over, "containerStatuses")["main"]
            XCTAssertEqual(main?.at("state", "waiting", "reason"), "PodInitializing")
            XCTAssertEqual(PodSummary.status(over), "Init:Error")

            let looping = try await bench.first(.pod, "an init container in a crash loop") {
                $0.at("status", "initContainerStatuses")?[0]?.at("state", "waiting", "reason") == "CrashLoopBackOff"
            }
            XCTAssertEqual(looping.at("status", "phase"), "Pending")
            XCTAssertEqual(PodSummary.status(looping), "Init:CrashLoopBackOff")
            let event = try await bench.first(.event, "a back-off") { $0["reason"] == "BackOff" }
            XCTAssertEqual(event.at("involvedObject", "fieldPath"), "spec.initContainers{bad}")
        }
    }

    func testContainersShareANetworkThatOutlivesEachOfThem() async throws {
        try await ClusterBench().run { bench in
            let script = "trap 'exit 0' TERM; /bin/busybox sleep 1000 & wait"
            let web: JSON = [
                "name": "web", "image": .string(Self.image),
                "readinessProbe": ["exec": ["command": ["/bin/busybox", "test", "-d", "/www"]], "periodSeconds": 1],
            ]
            try await bench.pod("cats", ["containers": [web, container("side", script)]])
            @Sendable func isReady(_ pod: JSON, _ restarts: [JSON]) -> Bool {
                let statuses = pod.at("status", "containerStatuses")?.array ?? []
                return statuses.map { $0["restartCount"] } == restarts && statuses.allSatisfy { $0["ready"] == true }
            }
            let pod = try await bench.first(.pod, "two that are ready") { isReady($0, [0, 0]) }
            let first = ClusterBench.container(pod)["containerID"]?.string.map(ContainerRecord.engineID) ?? ""
            try await bench.engine.kill(first, signal: "SIGKILL")
            let back = try await bench.first(.pod, "the first one anew") { isReady($0, [1, 0]) }
            XCTAssertEqual(back.at("status", "podIP"), pod.at("status", "podIP"))

            // What holds the network goes: all go with it.
            let holder = await bench.containers().first {
                $0.labels[ContainerLabel.container] == ContainerLabel.network
            }
            try await bench.engine.kill(try XCTUnwrap(holder?.id), signal: "SIGKILL")
            try await bench.first(.pod, "both anew") { isReady($0, [2, 1]) }
            let events = await bench.events("SandboxChanged")
            XCTAssertEqual(events, ["Pod sandbox changed, it will be killed and re-created."])
        }
    }
}
