import Foundation
import HTTP
import JSON
import XCTest

@testable import Sandbox

/// Against the machine's own engine.
final class DockerEngineClientTests: XCTestCase {
    private static let image = "iterapp-test-engine:\(getpid())"
    private let http = HTTPClient()
    private var engine: DockerEngineClient { DockerEngineClient(socketPath: TestImage.socket, http: http) }
    private let label = ("no.iterapp.test-run", UUID().uuidString)

    override func setUp() async throws { try await TestImage.make(Self.image, page: "engine\n") }

    override func tearDown() async throws {
        for container in (try? await engine.list(label: label.0, value: label.1)) ?? [] {
            try? await engine.remove(container.id)
        }
    }

    override class func tearDown() { TestImage.removeAndWait([image]) }

    private func spec(_ script: String) -> ContainerSpec {
        var spec = ContainerSpec(name: "iterapp-test-\(UUID().uuidString)", image: Self.image)
        spec.labels = [label.0: label.1]
        spec.entrypoint = ["/bin/busybox", "sh", "-c", script]
        return spec
    }

    func testALife() async throws {
        let version = try await engine.version()
        XCTAssertNotNil(version.first?.wholeNumberValue)
        let machine = try await engine.machine()
        XCTAssertGreaterThan(machine.cpus, 0)
        XCTAssertGreaterThan(machine.memoryBytes, 64 << 20)

        let events = try await engine.events(label: label.0, value: label.1)
        var wanted = spec("trap 'exit 3' TERM; /bin/busybox echo $A; while :; do /bin/busybox sleep 0.05; done")
        wanted.environment = ["A=hello world"]
        let id = try await engine.create(wanted)
        let made = try await engine.inspect(id)
        XCTAssertEqual(made.state, .created)
        try await engine.start(id)
        try await engine.start(id)
        let running = try await engine.inspect(id)
        XCTAssertNotNil(running.address)
        XCTAssertEqual(running.labels[label.0], label.1)

        var options = DockerEngineClient.LogOptions()
        options.follow = true
        let log = try await engine.logs(id, options)
        try await engine.stop(id, graceSeconds: 10)
        var text: [UInt8] = []
        for try await chunk in log { text += chunk }
        XCTAssertEqual(String(decoding: text, as: UTF8.self), "hello world\n")
        guard case .exited(let exit) = try await engine.inspect(id).state else { return XCTFail("it runs") }
        XCTAssertEqual(exit.code, 3)
        XCTAssertFalse(exit.outOfMemory)

        try await engine.remove(id)
        try await engine.remove(id)
        var actions: [String] = []
        for try await event in events where event.containerID == id {
            actions.append(event.action)
            if event.action == "destroy" { break }
        }
        XCTAssertEqual(actions.filter { ["create", "start", "die", "destroy"].contains($0) }, [
            "create", "start", "die", "destroy",
        ])
    }

    func testErrorsAreOfTheirKind() async throws {
        let missing = await error { _ = try await engine.image("iterapp-test-none:1") }
        guard case .notFound(let message)? = missing else { return XCTFail("\(String(describing: missing))") }
        XCTAssertTrue(message.contains("iterapp-test-none:1"), message)
        let first = spec("exit 0")
        _ = try await engine.create(first)
        let twice = await error { _ = try await engine.create(first) }
        guard case .conflict? = twice else { return XCTFail("\(String(describing: twice))") }
        var small = spec("exit 0")
        small.memoryLimitBytes = 1
        let refused = await error { _ = try await engine.create(small) }
        guard case .refused(400, let why)? = refused else { return XCTFail("\(String(describing: refused))") }
        XCTAssertTrue(why.lowercased().contains("memory"), why)
        let nobody = DockerEngineClient(socketPath: "/nowhere/docker.sock", http: http)
        let gone = await error { try await nobody.ping() }
        guard case .gone? = gone else { return XCTFail("\(String(describing: gone))") }
        // What is not running, or not there, need not be ended.
        try await engine.kill("iterapp-test-none", signal: "SIGKILL")
        try await engine.stop("iterapp-test-none", graceSeconds: 0)
    }

    func testTailAndTimestamps() async throws {
        let id = try await engine.create(spec("for i in 1 2 3; do /bin/busybox echo line $i; done"))
        let ended = try await engine.events(label: label.0, value: label.1)
        try await engine.start(id)
        for try await event in ended where event.action == "die" { break }
        var options = DockerEngineClient.LogOptions()
        options.tailLines = 2
        options.timestamps = true
        var text: [UInt8] = []
        for try await chunk in try await engine.logs(id, options) { text += chunk }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        XCTAssertEqual(lines.map { $0.suffix(6) }, ["line 2", "line 3"])
        XCTAssertNotNil(lines.first?.prefix(30).wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z/))
    }

    func testAPullThatFailsSaysWhy() async throws {
        // Nothing listens there, so no network is needed for the answer.
        let failed = await error { try await engine.pull("localhost:1/nope:1", timeout: .seconds(20)) }
        XCTAssertNotNil(failed?.aboutOneContainer, String(describing: failed))
    }

    private func error(_ body: () async throws -> Void) async -> EngineError? {
        do {
            try await body()
            return nil
        } catch { return error as? EngineError }
    }
}
