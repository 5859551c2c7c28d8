import Foundation
import JSON
import XCTest

@testable import Sandbox

/// Pods reach one another by the names of Services.
final class NodeServiceTests: XCTestCase {
    private static let image = "iterapp-test-services:\(getpid())"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    func testNamesLeadToReadyPodsWhereverTheyListen() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy(image: Self.image)
            try await bench.service()
            try await bench.rolledOut()
            let alone = await bench.containers()
            XCTAssertEqual(alone.count, 1, "an app alone needs nobody to stand for its Service")

            // The Service's port is 80, the pod's is 8080.
            try await bench.pod("caller", caller("""
                for name in cats cats.apps-cats-test cats.apps-cats-test.svc.cluster.local; do
                    /bin/busybox wget -q -O - http://$name/index.html
                done
                """))
            let over = try await bench.phase("Succeeded", of: "caller")
            let log = try await bench.log(over, "main")
            XCTAssertEqual(log, "one\none\none\n")

            // The pod behind it is another one now, and the callers' names lead to it.
            let old = await bench.pods().first { $0.name != "caller" }
            try await bench.store.delete(
                .pod, namespace: ClusterBench.namespace, name: old?.name ?? "")
            try await bench.first(.pod, "another pod") { pod in
                pod.name.hasPrefix("cats-") && pod.uid != old?.uid && PodFacts(pod).isReady
            }
            try await bench.pod("again", caller("""
                until /bin/busybox wget -q -O - http://cats/index.html; do /bin/busybox sleep 0.05; done
                """))
            try await bench.phase("Succeeded", of: "again")

            try await bench.store.delete(.service, namespace: ClusterBench.namespace, name: "cats")
            while await bench.containers().contains(where: { $0.labels[ContainerLabel.service] != nil }) {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    func testAServiceThatComesLaterIsKnownToo() async throws {
        try await ClusterBench().run { bench in
            try await bench.pod("caller", caller("""
                until /bin/busybox wget -q -O - http://cats/index.html 2> /dev/null; do /bin/busybox sleep 0.05; done
                """))
            try await bench.phase("Running", of: "caller")
            try await bench.deploy(image: Self.image)
            try await bench.service()
            let over = try await bench.phase("Succeeded", of: "caller")
            let log = try await bench.log(over, "main")
            XCTAssertEqual(log, "one\n")
        }
    }

    private func caller(_ script: String) -> JSON {
        [
            "restartPolicy": "Never",
            "containers": [[
                "name": "main", "image": .string(Self.image),
                "command": ["/bin/busybox", "sh", "-c", .string(script)],
            ]],
        ]
    }
}
