import HTTP
import JSON
import XCTest

@testable import Sandbox

final class NodeEngineLossTests: XCTestCase {
    private static let image = "iterapp-test-loss:\(getpid())"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    func testAnEngineThatGoesAwayAndComesBack() async throws {
        let relay = SocketRelay(target: TestImage.socket)
        try relay.open()
        defer { relay.cut() }
        let direct = DockerEngineClient(socketPath: TestImage.socket, http: HTTPClient())
        try await ClusterBench(socket: relay.path) {
            $0.engineRetry = .milliseconds(100)
            $0.engineGrace = .seconds(1)
        }.run { bench in
            try await bench.deploy(image: Self.image)
            try await bench.rolledOut()
            let all = await bench.containers()
            let container = try XCTUnwrap(all.first).id

            relay.cut()
            let lost = try await bench.first(.pod, "a pod that says the node is gone") {
                Conditions($0.at("status", "conditions"))["Ready"]?["reason"] == "NodeNotReady"
            }
            XCTAssertTrue(Conditions(lost.at("status", "conditions")).isTrue("ContainersReady"))
            try await bench.first(.deployment, "an unavailable Deployment") {
                Conditions($0.at("status", "conditions"))["Available"]?["status"] == "False"
            }
            let told = await bench.events("NodeNotReady")
            XCTAssertEqual(told, ["Node is not ready"])
            // Asked for while nobody can do it, and a death while nobody looks.
            try await bench.deploy(image: Self.image, replicas: 2)
            try await direct.kill(container, signal: "SIGKILL")

            try relay.open()
            try await bench.rolledOut()
            let restarts = await bench.pods().compactMap { ClusterBench.container($0)["restartCount"]?.int }
            XCTAssertEqual(restarts.sorted(), [0, 1])
        }
    }

    func testAPodIsStillStoppedOnceTheEngineIsBack() async throws {
        let relay = SocketRelay(target: TestImage.socket)
        try relay.open()
        defer { relay.cut() }
        try await ClusterBench(socket: relay.path) { $0.engineRetry = .milliseconds(100) }.run { bench in
            try await bench.deploy(image: Self.image)
            try await bench.rolledOut()
            relay.cut()
            try await bench.store.delete(.deployment, namespace: ClusterBench.namespace, name: "cats")
            try await bench.first(.pod, "a pod that waits for its end") { $0.isBeingDeleted }
            try await bench.first(.event, "the word that it stops") { $0["reason"] == "Killing" }
            try relay.open()
            try await bench.gone(.pod)
            let left = await bench.containers()
            XCTAssertEqual(left, [])
        }
    }
}
