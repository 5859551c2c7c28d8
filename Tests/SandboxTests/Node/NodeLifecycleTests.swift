import HTTP
import JSON
import XCTest

@testable import Sandbox

final class NodeLifecycleTests: XCTestCase {
    private static let image = "iterapp-test-lifecycle:\(getpid())"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    func testDeletionSendsTermAndWaits() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy(image: Self.image) {
                // Ends a moment after SIGTERM, with a code of its own.
                $0["command"] = ["/bin/busybox", "sh", "-c", """
                    trap '/bin/busybox sleep 0.3; exit 7' TERM
                    /bin/busybox httpd -f -p 8080 -h /www & wait
                    """]
            }
            try await bench.rolledOut()
            let pod = await bench.pods()[0]
            let states = Task {
                try await bench.first(.pod, "the pod's end") { $0.at("status", "phase") == "Failed" }
            }
            try await bench.store.delete(.deployment, namespace: pod.namespace, name: "cats")
            let last = try await states.value
            let end = ClusterBench.container(last).at("state", "terminated")
            XCTAssertEqual(end?["exitCode"], 7)
            XCTAssertEqual(end?["reason"], "Error")
            XCTAssertEqual(Conditions(last.at("status", "conditions"))["Ready"]?["reason"], "PodFailed")
            try await bench.gone(.pod)
            let killing = await bench.events("Killing")
            XCTAssertEqual(killing, ["Stopping container cats"])
            let containers = await bench.containers()
            XCTAssertEqual(containers, [])
        }
    }

    func testDeafPodIsKilledAfterItsGracePeriod() async throws {
        try await ClusterBench().run { bench in
            try await bench.deploy(image: Self.image) {
                $0["command"] = ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
            }
            try await bench.rolledOut()
            let pod = await bench.pods()[0]
            let begin = ContinuousClock.now
            try await bench.store.delete(
                .pod, namespace: pod.namespace, name: pod.name, DeleteOptions(gracePeriodSeconds: 1))
            let last = try await bench.first(.pod, "the pod's end") {
                $0.name == pod.name && $0.at("status", "phase") == "Failed"
            }
            XCTAssertEqual(ClusterBench.container(last).at("state", "terminated", "exitCode"), 137)
            XCTAssertGreaterThan(ContinuousClock.now - begin, .milliseconds(900))
            // The ReplicaSet has made another one by now, and it becomes ready.
            try await bench.rolledOut()
        }
    }

    func testLogsOfThisRunAndTheOneBefore() async throws {
        try await ClusterBench({ $0.backOff = BackOff(initial: 60, longest: 60) }).run { bench in
            let node = try bench.runningNode
            try await bench.deploy(image: Self.image) {
                $0["command"] = ["/bin/busybox", "sh", "-c", """
                    /bin/busybox echo one; /bin/busybox echo two >&2; /bin/busybox sleep 0.3; exit 3
                    """]
            }
            let pod = try await bench.waiting("CrashLoopBackOff")
            var options = PodLogOptions()
            let log = try await bench.text(node.log(of: pod, container: "cats", options))
            XCTAssertEqual(Set(log.split(separator: "\n")), ["one", "two"])
            options.previous = true
            options.tailLines = 1
            options.timestamps = true
            let line = try await bench.text(node.log(of: pod, container: "cats", options))
            XCTAssertNotNil(line.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (one|two)\n/), line)
        }
    }

    func testFollowsALogUntilTheContainerEnds() async throws {
        try await ClusterBench().run { bench in
            let node = try bench.runningNode
            try await bench.deploy(image: Self.image)
            try await bench.rolledOut()
            let pod = await bench.pods()[0]
            let none = await bench.error {
                var options = PodLogOptions()
                options.previous = true
                _ = try await node.log(of: pod, container: "cats", options)
            }
            XCTAssertEqual(none?.code, 400)
            XCTAssertEqual(
                none?.message, "previous terminated container \"cats\" in pod \"\(pod.name)\" not found")
            var options = PodLogOptions()
            options.follow = true
            let stream = try await node.log(of: pod, container: "cats", options)
            try await bench.store.delete(.pod, namespace: pod.namespace, name: pod.name)
            let text = try await bench.text(stream)
            XCTAssertEqual(text, "got TERM\n")
        }
    }

    func testAdoptsWhatAKilledDemoLeftBehind() async throws {
        let bench = try ClusterBench()
        try await bench.store.create(
            .namespace, ["metadata": ["name": .string(ClusterBench.namespace)]], by: "test")
        var before: Set<String> = []
        try await bench.whileRunning { bench in
            try await bench.deploy(image: Self.image, replicas: 2)
            try await bench.rolledOut()
            before = Set(await bench.containers().map(\.id))
        }
        XCTAssertEqual(before.count, 2)
        let name = "iterapp-test-stranger-\(bench.settings.cluster.text)"
        var stranger = ContainerSpec(name: name, image: Self.image)
        stranger.labels = [
            ContainerLabel.cluster: bench.settings.cluster.text, ContainerLabel.podUID: "nobody",
        ]
        _ = try await bench.engine.create(stranger)
        // One of the two dies while nobody looks.
        let dead = try XCTUnwrap(before.sorted().first)
        try await bench.engine.kill(dead, signal: "SIGKILL")

        try await bench.whileRunning { bench in
            let restarted = try await bench.first(.pod, "the dead one started again") {
                ClusterBench.container($0)["restartCount"]?.int == 1
                    && ClusterBench.container($0)["ready"] == true
            }
            let status = ClusterBench.container(restarted)
            XCTAssertEqual(status.at("lastState", "terminated", "exitCode"), 137)
            XCTAssertEqual(status.at("lastState", "terminated", "containerID")?.string, "docker://" + dead)
            try await bench.rolledOut()
            let after = Set(await bench.containers().map(\.id))
            XCTAssertTrue(after.isSuperset(of: before), "all were adopted; the dead one is kept for its log")
            XCTAssertEqual(after.count, 3)
            let pods = await bench.pods()
            XCTAssertEqual(pods.count, 2)
        }
        await bench.node().shutDown()
        let left = await bench.containers()
        XCTAssertEqual(left, [])
    }

    func testComesBackAfterAGracefulStop() async throws {
        let bench = try ClusterBench()
        try await bench.store.create(
            .namespace, ["metadata": ["name": .string(ClusterBench.namespace)]], by: "test")
        var name = ""
        try await bench.whileRunning { bench in
            try await bench.deploy(image: Self.image)
            try await bench.rolledOut()
            name = await bench.pods()[0].name
        }
        let node = bench.node()
        await node.shutDown()
        let stopped = await bench.pods()[0]
        XCTAssertEqual(ClusterBench.container(stopped)["ready"], false)
        XCTAssertNil(stopped.at("status", "podIP"))
        let left = await bench.containers()
        XCTAssertEqual(left, [])
        try await bench.whileRunning { bench in
            let back = try await bench.first(.pod, "the pod is back") {
                ClusterBench.container($0)["ready"] == true
            }
            XCTAssertEqual(back.name, name)
            XCTAssertEqual(ClusterBench.container(back)["restartCount"], 0)
        }
        await bench.node().shutDown()
    }
}

extension ClusterBench {
    func text(_ stream: AsyncThrowingStream<[UInt8], any Error>) async throws -> String {
        var bytes: [UInt8] = []
        for try await chunk in stream { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }

    func error(_ body: () async throws -> Void) async -> APIError? {
        do {
            try await body()
            return nil
        } catch { return error as? APIError }
    }

    /// Waits until there is no object of the kind.
    func gone(_ kind: ResourceKind, within limit: Duration = .seconds(20)) async throws {
        let (items, version) = await store.list(kind)
        var left = Set(items.map(\.uid))
        if left.isEmpty { return }
        let changes = try await store.watch(kind, after: version)
        let end = ContinuousClock.now + limit
        for await change in changes where change.kind != .modified {
            if change.kind == .deleted {
                left.remove(change.object.uid)
            } else {
                left.insert(change.object.uid)
            }
            if left.isEmpty { return }
            if ContinuousClock.now > end { break }
        }
        throw NeverHappened(description: "some \(kind.plural) stay")
    }
}
