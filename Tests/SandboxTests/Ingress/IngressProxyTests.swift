import Foundation
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Sandbox

/// The ingress between a real client and real servers in the place of pods.
final class IngressProxyTests: XCTestCase {
    private let store = ObjectStore()
    private let http = HTTPClient()
    private var servers: [HTTPServer] = []
    private var task: Task<Void, Never>?
    private var port = 0

    override func setUp() async throws {
        try await store.create(.namespace, ["metadata": ["name": "n"]], by: "test")
        try await store.create(.service, [
            "metadata": ["name": "cats", "namespace": "n"],
            "spec": ["ports": [["name": "http", "port": 80, "targetPort": "http"]]],
        ], by: "test")
        try await store.create(.httpRoute, [
            "metadata": ["name": "cats", "namespace": "n"],
            "spec": [
                "parentRefs": [["name": "gateway"]], "hostnames": ["cats.test"],
                "rules": [["backendRefs": [["name": "cats", "port": 80]]]],
            ],
        ], by: "test")
        let ingress = Ingress(store: store, http: http, headTimeout: .seconds(1))
        task = Task { await ingress.run() }
        port = try start { await ingress.respond(to: $0) }
    }

    override func tearDown() async throws {
        task?.cancel()
        for server in servers { await server.stop(grace: .zero) }
    }

    private func start(_ handler: @escaping HTTPHandler) throws -> Int {
        var settings = HTTPServerSettings()
        settings.port = 0
        let server = HTTPServer(settings, handler: handler)
        servers.append(server)
        return try server.start()
    }

    /// Makes servers the ready pods, and waits until requests are led to them.
    private func pods(_ ports: [Int]) async throws {
        for (index, port) in ports.enumerated() {
            try await store.create(.endpointSlice, [
                "metadata": [
                    "name": .string("cats-\(index)"), "namespace": "n",
                    "labels": ["kubernetes.io/service-name": "cats"],
                ],
                "ports": [["name": "http", "port": .int(port)]],
                "endpoints": [["addresses": ["127.0.0.1"], "conditions": ["ready": true]]],
            ], by: "test")
        }
        try await settled { $0 != 503 && $0 != 404 }
    }

    private func settled(_ condition: (Int) -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if condition(try await send("GET", "/settled").status) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        XCTFail("the ingress never learned of the objects")
    }

    private func send(
        _ method: String, _ target: String, host: String = "cats.test", headers: HTTPHeaders = [:],
        body: [UInt8] = []
    ) async throws(HTTPClientError) -> HTTPClientResponse {
        var headers = headers
        headers["Host"] = "\(host):\(port)"
        return try await http.send(HTTPClientRequest(
            method, "http://127.0.0.1:\(port)\(target)", headers: headers, body: body))
    }

    func testPassesOnWhatIsMeantForTheApp() async throws {
        let seen = Mutex<HTTPRequest?>(nil)
        let pod = try start { request in
            if request.path != "/settled" { seen.withLock { $0 = request } }
            return HTTPResponse(
                status: 201, headers: ["X-App": "yes", "Set-Cookie": "a=1", "Keep-Alive": "timeout=9"],
                body: .bytes(Array("made".utf8)))
        }
        try await pods([pod])
        let answer = try await send("POST", "/a%20b?x=1&y", headers: [
            "X-Forwarded-For": "10.9.8.7", "Content-Type": "text/plain", "Connection": "X-Hop, close",
            "X-Hop": "1", "TE": "trailers", "X-Kept": "2",
        ], body: Array("hello".utf8))
        XCTAssertEqual(answer.status, 201)
        XCTAssertEqual(String(decoding: answer.body, as: UTF8.self), "made")
        XCTAssertEqual(answer.headers["X-App"], "yes")
        XCTAssertNil(answer.headers["Keep-Alive"])
        let request = try XCTUnwrap(seen.withLock { $0 })
        XCTAssertEqual(request.method, "POST")
        XCTAssertEqual(request.target, "/a%20b?x=1&y")
        XCTAssertEqual(String(decoding: request.body, as: UTF8.self), "hello")
        XCTAssertEqual(request.headers["Host"], "cats.test:\(port)")
        XCTAssertEqual(request.headers["X-Forwarded-For"], "10.9.8.7, 127.0.0.1")
        XCTAssertEqual(request.headers["X-Forwarded-Proto"], "http")
        XCTAssertEqual(request.headers["X-Forwarded-Host"], "cats.test:\(port)")
        XCTAssertEqual(request.headers["X-Kept"], "2")
        XCTAssertNil(request.headers["X-Hop"])
        XCTAssertNil(request.headers["TE"])
    }

    func testHEADTellsTheLengthAndSendsNothing() async throws {
        let pod = try start { _ in .text(200, "twelve bytes") }
        try await pods([pod])
        let answer = try await send("HEAD", "/")
        XCTAssertEqual(answer.status, 200)
        XCTAssertEqual(answer.headers["Content-Length"], "12")
        XCTAssertEqual(answer.body, [])
    }

    func testABodyArrivesWhileItIsMade() async throws {
        let (chunks, more) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        let pod = try start { request in
            request.path == "/settled" ? .text(200, "") : HTTPResponse(status: 200, body: .stream(chunks))
        }
        try await pods([pod])
        more.yield(Array("first".utf8))
        let stream = try await http.open(HTTPClientRequest(
            "GET", "http://127.0.0.1:\(port)/", headers: ["Host": "cats.test"]))
        var reader = stream.chunks.makeAsyncIterator()
        let first = try await reader.next()
        XCTAssertEqual(first, Array("first".utf8), "before the second is made")
        more.yield(Array("second".utf8))
        more.finish()
        let second = try await reader.next()
        XCTAssertEqual(second, Array("second".utf8))
    }

    func testPodsThatCannotBeReachedArePassedOver() async throws {
        let pod = try start { .text(200, "\($0.method) works") }
        // Nothing listens on these any more.
        var free: [Int] = []
        for _ in 0..<2 {
            var settings = HTTPServerSettings()
            settings.port = 0
            let server = HTTPServer(settings) { _ in .text(200, "") }
            free.append(try server.start())
            await server.stop(grace: .zero)
        }
        try await pods([free[0], pod, free[1]])
        for _ in 0..<6 {
            let answer = try await send("POST", "/", body: [1])
            XCTAssertEqual(String(decoding: answer.body, as: UTF8.self), "POST works")
        }
    }

    func testPagesInPlainWords() async throws {
        try await settled { $0 == 503 }
        let none = try await send("GET", "/", host: "dogs&b.test", headers: ["Accept": "text/html"])
        XCTAssertEqual(none.status, 404)
        let html = String(decoding: none.body, as: UTF8.self)
        XCTAssertTrue(html.contains("“dogs&amp;b.test”"), html)
        let plain = try await send("GET", "/", host: "dogs.test")
        XCTAssertEqual(plain.headers["Content-Type"], "text/plain; charset=utf-8")
        XCTAssertTrue(String(decoding: plain.body, as: UTF8.self).contains("“dogs.test”"))
        let unready = try await send("GET", "/")
        XCTAssertEqual(unready.status, 503)
        XCTAssertEqual(unready.headers["Retry-After"], "1")
        XCTAssertTrue(String(decoding: unready.body, as: UTF8.self).hasPrefix("cats is not ready."))
    }

    func testSilentAndBrokenPods() async throws {
        let silent = try start { request in
            if request.path == "/wait" { try? await Task.sleep(for: .seconds(10)) }
            return .text(200, "")
        }
        try await pods([silent])
        let late = try await send("GET", "/wait")
        XCTAssertEqual(late.status, 504)
        await servers[1].stop(grace: .zero)
        let broken = try await send("GET", "/")
        XCTAssertEqual(broken.status, 502)
        XCTAssertTrue(String(decoding: broken.body, as: UTF8.self).hasPrefix("cats broke off."))
    }

    func testRedirectsKeepPortAndPath() async throws {
        try await store.create(.httpRoute, [
            "metadata": ["name": "www", "namespace": "n"],
            "spec": [
                "parentRefs": [["name": "gateway"]], "hostnames": ["www.cats.test"],
                "rules": [["filters": [[
                    "type": "RequestRedirect",
                    "requestRedirect": ["hostname": "cats.test", "statusCode": 301],
                ]]]],
            ],
        ], by: "test")
        let end = ContinuousClock.now + .seconds(10)
        var answer = try await send("GET", "/a?b=c", host: "www.cats.test")
        while answer.status == 404, ContinuousClock.now < end {
            answer = try await send("GET", "/a?b=c", host: "www.cats.test")
        }
        XCTAssertEqual(answer.status, 301)
        XCTAssertEqual(answer.headers["Location"], "http://cats.test:\(port)/a?b=c")
    }
}
