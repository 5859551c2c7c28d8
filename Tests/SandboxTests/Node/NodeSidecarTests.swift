import JSON
import XCTest

@testable import Sandbox

final class NodeSidecarTests: XCTestCase {
    private static let image = "iterapp-test-sidecar:1"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    func testContainersOfAPodShareItsNetwork() async throws {
        try await ClusterBench().run { bench in
            let command: JSON = ["/bin/busybox", "sh", "-c", """
                trap 'exit 0' TERM
                until /bin/busybox wget -q -O - http://127.0.0.1:8080/index.html; do /bin/busybox sleep 0.1; done
                /bin/busybox sleep 1000 & wait
                """]
            var deployment = try await bench.deploy(image: Self.image)
            var containers = deployment.at("spec", "template", "spec", "containers")?.array ?? []
            containers.append(["name": "side", "image": .string(Self.image), "command": command])
            deployment.set(.array(containers), at: "spec", "template", "spec", "containers")
            try await bench.store.update(.deployment, deployment, by: "test")
            try await bench.rolledOut()
            let pod = try await bench.first(.pod, "a pod of two") {
                ($0.at("status", "containerStatuses")?.array ?? []).count == 2 && !$0.isBeingDeleted
            }
            var options = PodLogOptions()
            options.follow = true
            let log = try await bench.runningNode.log(of: pod, container: "side", options)
            var text: [UInt8] = []
            for try await chunk in log {
                text += chunk
                if text.contains(UInt8(ascii: "\n")) { break }
            }
            XCTAssertTrue(String(decoding: text, as: UTF8.self).hasSuffix("one\n"))

            // When the first one, whose network it is, starts anew, the other one follows.
            let first = ClusterBench.container(pod)["containerID"]?.string.map(ContainerRecord.engineID) ?? ""
            try await bench.engine.kill(first, signal: "SIGKILL")
            let back = try await bench.first(.pod, "both containers anew") { pod in
                let statuses = pod.at("status", "containerStatuses")?.array ?? []
                return statuses.count == 2 && statuses.allSatisfy {
                    $0["restartCount"] == 1 && $0["ready"] == true
                }
            }
            XCTAssertEqual(back.uid, pod.uid)
        }
    }
}
