import HTTP
import JSON
import XCTest

@testable import Sandbox

final class NodeRollOutTests: XCTestCase {
    private static let image = "iterapp-test-rollout:\(getpid())"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    func testRollsOutLikeARealNode() async throws {
        try await ClusterBench().run { bench in
            try await bench.service()
            try await bench.deploy(image: Self.image, replicas: 2)
            let deployment = try await bench.rolledOut()
            XCTAssertEqual(deployment.annotations["deployment.kubernetes.io/revision"], "1")

            let pods = await bench.pods()
            XCTAssertEqual(pods.count, 2)
            for pod in pods {
                let conditions = pod.at("status", "conditions")?.array ?? []
                XCTAssertEqual(conditions.compactMap { $0["type"]?.string }, [
                    "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled",
                ])
                XCTAssertEqual(Set(conditions.compactMap { $0["status"]?.string }), ["True"])
                XCTAssertEqual(pod.generation, 1)
                XCTAssertEqual(pod.at("status", "phase"), "Running")
                let address = try XCTUnwrap(pod.at("status", "podIP")?.string)
                let page = try await bench.http.send(
                    HTTPClientRequest("GET", "http://\(address):8080/", connectTo: "\(address):8080"))
                XCTAssertEqual(String(decoding: page.body, as: UTF8.self), "one\n")
            }
            let reasons = await bench.store.list(.event).items
                .filter { $0.at("involvedObject", "name")?.string == pods[0].name }
                .compactMap { $0["reason"]?.string }
            XCTAssertEqual(Set(reasons), ["Scheduled", "Pulled", "Created", "Started"])
            let slices = try await bench.first(.endpointSlice, "two ready endpoints") {
                ($0["endpoints"]?.array ?? []).filter { $0.at("conditions", "ready") == true }.count == 2
            }
            XCTAssertEqual(slices["ports"]?[0]?["port"], 8080)
        }
    }
}
