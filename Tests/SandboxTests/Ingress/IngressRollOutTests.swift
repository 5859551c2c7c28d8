import HTTP
import JSON
import XCTest

@testable import Sandbox

/// A visitor's view of a roll-out: real pods behind the ingress behind a real server.
final class IngressRollOutTests: XCTestCase {
    private static let images = ["iterapp-test-hammer-1:\(getpid())", "iterapp-test-hammer-2:\(getpid())"]

    override func setUp() async throws {
        for (index, image) in Self.images.enumerated() {
            try await TestImage.make(image, page: "version \(index + 1)\n")
        }
    }

    override class func tearDown() { TestImage.removeAndWait(images) }

    func testReplacesPodsWithoutAFailedRequest() async throws {
        try await ClusterBench().run { bench in
            let ingress = Ingress(store: bench.store, http: bench.http)
            let task = Task { await ingress.run() }
            defer { task.cancel() }
            var settings = HTTPServerSettings()
            settings.port = 0
            let server = HTTPServer(settings) { await ingress.respond(to: $0) }
            let port = try server.start()
            try await bench.service()
            try await bench.route("cats.test.localhost")
            try await bench.deploy(image: Self.images[0], replicas: 2)
            try await bench.rolledOut()
            try await bench.answers("cats.test.localhost", port: port, "version 1\n")

            let visitors = (0..<4).map { _ in
                Task { try await bench.hammer("cats.test.localhost", port: port, until: "version 2\n") }
            }
            try await bench.deploy(image: Self.images[1], replicas: 2)
            try await bench.rolledOut()
            try await bench.gone(deleted: .pod)
            for visitor in visitors {
                let (answers, failures) = try await visitor.value
                XCTAssertEqual(failures, [])
                XCTAssertGreaterThan(answers, 10)
            }
            let old = await bench.store.list(.replicaSet).items.filter {
                $0.at("spec", "replicas") == 0
            }
            XCTAssertEqual(old.count, 1)
            await server.stop(grace: .seconds(1))
        }
    }
}

extension ClusterBench {
    func route(_ host: String, to service: String = "cats") async throws {
        try await store.create(.httpRoute, [
            "metadata": ["name": .string(service), "namespace": .string(Self.namespace)],
            "spec": [
                "parentRefs": [["name": "gateway"]], "hostnames": [.string(host)],
                "rules": [["backendRefs": [["name": .string(service), "port": 80]]]],
            ],
        ], by: "test")
    }

    func visit(_ host: String, port: Int) async throws(HTTPClientError) -> HTTPClientResponse {
        try await http.send(HTTPClientRequest(
            "GET", "http://\(host):\(port)/", timeout: .seconds(5), connectTo: "127.0.0.1:\(port)"))
    }

    /// Waits until the host shows that page.
    func answers(_ host: String, port: Int, _ page: String) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            let answer = try await visit(host, port: port)
            if String(decoding: answer.body, as: UTF8.self) == page { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw NeverHappened(description: "\(host) never showed \(page)")
    }

    /// Asks again and again, and a while longer once the page is there.
    func hammer(
        _ host: String, port: Int, until page: String
    ) async throws -> (answers: Int, failures: [String]) {
        var (answers, failures, seen) = (0, [String](), 0)
        let end = ContinuousClock.now + .seconds(20)
        while seen < 100, ContinuousClock.now < end {
            do {
                let answer = try await visit(host, port: port)
                let text = String(decoding: answer.body, as: UTF8.self)
                answers += 1
                if answer.status != 200 { failures.append("\(answer.status) \(text)") }
                seen = text == page ? seen + 1 : 0
            } catch {
                failures.append("\(error)")
            }
        }
        if seen < 100 { failures.append("the new page never came") }
        return (answers, failures)
    }

    /// Waits until no pod is on its way out.
    func gone(deleted kind: ResourceKind) async throws {
        for pod in await store.list(kind).items where pod.isBeingDeleted {
            let uid = pod.uid
            let changes = try await store.watch(kind)
            guard await store.list(kind).items.contains(where: { $0.uid == uid }) else { continue }
            for await change in changes where change.kind == .deleted && change.object.uid == uid { break }
        }
    }
}
