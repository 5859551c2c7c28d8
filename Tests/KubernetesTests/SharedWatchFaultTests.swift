import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// What servers and networks do to a watch that runs for months.
final class SharedWatchFaultTests: XCTestCase {
    private let collection = "/api/v1/namespaces/ns/pods"

    private func pod(_ name: String, namespace: String = "ns", text: String = "") -> JSON {
        [
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "labels": ["app.kubernetes.io/managed-by": "iterapp"],
            ],
            "status": ["phase": .string(text)],
        ]
    }

    /// Pauses cost nothing and count; the watch over silence waits in earnest.
    private final class QuickTime: Sendable {
        private let passed = Mutex(Duration.zero)
        private let skips = Mutex(false)
        var slept: Duration { passed.withLock { $0 } }
        /// From now on silence passes as quickly as pauses.
        func skipSilence() { skips.withLock { $0 = true } }
        var timing: Timing {
            Timing(
                sleep: { duration in
                    let isSilence = duration >= .seconds(60)
                    if isSilence, !self.skips.withLock({ $0 }) { return try await Task.sleep(for: duration) }
                    // Long enough for an answer that is on its way.
                    if isSilence { try await Task.sleep(for: .milliseconds(100)) }
                    self.passed.withLock { $0 += duration }
                    try await Task.sleep(for: .milliseconds(1))
                },
                random: { 0.5 }, now: { .now + self.slept })
        }
    }

    private func watch(_ url: String, _ time: QuickTime, http: HTTPClient = HTTPClient()) -> SharedWatch {
        var retry = RetryPolicy()
        retry.maxAttempts = 1
        let client = KubernetesClient(KubernetesConnection(server: url), http: http, retry: retry, timing: time.timing)
        return SharedWatch(client, .pods, labelSelector: "app.kubernetes.io/managed-by=iterapp", trim: { $0 })
    }

    private func expect(
        _ watch: SharedWatch, _ description: String, _ condition: @escaping @Sendable (SharedWatch) async -> Bool
    ) async {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = await watch.followAll { _ in continuation.yield() }
        continuation.yield()
        let limit = Task {
            try await Task.sleep(for: .seconds(20))
            continuation.finish()
        }
        var isMet = false
        for await _ in stream where await condition(watch) {
            isMet = true
            break
        }
        limit.cancel()
        await watch.unfollow(id)
        XCTAssertTrue(isMet, description)
    }

    private func names(_ watch: SharedWatch) async -> [String] { await watch.objects(in: "ns").keys.sorted() }

    /// Ten minutes without a server: nothing is listed again, for nothing was forgotten.
    func testServerThatIsAwayForTenMinutes() async throws {
        let cluster = ScriptedCluster(script: { _, _ in })
        await cluster.put(pod("a"), at: "\(collection)/a")
        let requests = Mutex<[HTTPRequest]>([])
        var settings = HTTPServerSettings()
        settings.port = 0
        let handler: HTTPHandler = { request in
            requests.withLock { $0.append(request) }
            return await cluster.handle(request)
        }
        var server = HTTPServer(settings, handler: handler)
        settings.port = try server.start()
        let time = QuickTime()
        let watch = watch("http://127.0.0.1:\(settings.port)", time)
        await expect(watch, "listed") { await $0.objects(in: "ns").count == 1 }
        await cluster.dropWatches()
        await server.stop(grace: .zero)
        await expect(watch, "the trouble is told") { await $0.trouble != nil }
        let began = time.slept
        while time.slept - began < .seconds(600) { try await Task.sleep(for: .milliseconds(5)) }
        guard case .unreachable? = await watch.trouble else { return XCTFail("no trouble") }
        let kept = await names(watch)
        XCTAssertEqual(kept, ["a"], "what was known is still there")
        await cluster.put(pod("b"), at: "\(collection)/b")
        server = HTTPServer(settings, handler: handler)
        _ = try server.start()
        await expect(watch, "goes on") { await $0.objects(in: "ns").count == 2 }
        let trouble = await watch.trouble
        XCTAssertNil(trouble)
        XCTAssertEqual(requests.withLock { $0.filter { $0.fields["watch"] == nil }.count }, 1)
        await watch.stop()
        await cluster.dropWatches()
        await server.stop(grace: .zero)
    }

    /// An event of which half came is as if it had not come: it comes again.
    func testAnswerThatIsCutOffInTheMiddleOfALine() async throws {
        let attempts = Mutex(0)
        let versions = Mutex<[String]>([])
        func line(_ name: String, _ version: String) -> String {
            var object = pod(name)
            object["metadata"]?["resourceVersion"] = .string(version)
            let event: JSON = ["type": "ADDED", "object": object]
            return event.text + "\n"
        }
        let (first, second, third) = (line("a", "11"), line("b", "12"), line("c", "13"))
        let peer = try ClientPeer { connection in
            let head = try connection.readRequest().head
            guard head.contains("watch=1") else {
                return try connection.answer(#"{"items":[],"metadata":{"resourceVersion":"10"}}"#)
            }
            let version = head.split(separator: "resourceVersion=")[1].prefix { $0.isNumber }
            versions.withLock { $0.append(String(version)) }
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            func send(_ text: String) throws {
                try connection.write("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
            }
            let attempt = attempts.withLock { $0 += 1; return $0 }
            switch attempt {
            // The connection breaks in the middle of the second event.
            case 1: try send(first + second.prefix(40))
            // The answer ends well, in the middle of the second event.
            case 2: try send(String(second.prefix(60))); try connection.write("0\r\n\r\n")
            // Something between us and the server ends the line early.
            case 3: try send(String(second.prefix(50)) + "\n"); connection.waitForEnd()
            default: try send(second + third); connection.waitForEnd()
            }
        }
        let watch = watch(peer.url, QuickTime())
        await expect(watch, "all came") { await $0.objects(in: "ns").count == 3 }
        XCTAssertEqual(versions.withLock { $0 }, ["10", "11", "11", "11"])
        await watch.stop()
        peer.stop()
    }

    /// A bookmark without a version must not make us forget where we are.
    func testBookmarkWithoutAVersion() {
        let empty = WatchedChange(.bookmark(resourceVersion: ""), of: .pods, trim: { $0 })
        XCTAssertNil(empty.version)
        XCTAssertEqual(WatchedChange(.bookmark(resourceVersion: "7"), of: .pods, trim: { $0 }).version, "7")
    }

    /// Our version lies in the restored server's future: everything is listed again at once.
    func testServerRestoredFromABackup() async throws {
        let isRestored = Mutex(false)
        let refusals = Mutex(0)
        let cluster = ScriptedCluster(script: { _, _ in }, intercept: { request in
            guard request.fields["watch"] == "1", isRestored.withLock({ $0 }), refusals.withLock({ $0 }) == 0
            else { return nil }
            refusals.withLock { $0 += 1 }
            return StandInAPI.json([
                "kind": "Status", "status": "Failure", "reason": "Timeout", "code": 504,
                "message": "Too large resource version",
                "details": ["causes": [["reason": "ResourceVersionTooLarge"]], "retryAfterSeconds": 1],
            ], status: 504)
        })
        await cluster.put(pod("a"), at: "\(collection)/a")
        await cluster.put(pod("b"), at: "\(collection)/b")
        let api = try StandInAPI { await cluster.handle($0) }
        let watch = watch(api.url, QuickTime())
        await expect(watch, "listed") { await $0.objects(in: "ns").count == 2 }
        isRestored.withLock { $0 = true }
        await cluster.forget("\(collection)/b")
        await cluster.dropWatches()
        await expect(watch, "as it was saved") { await $0.objects(in: "ns").keys.sorted() == ["a"] }
        XCTAssertEqual(refusals.withLock { $0 }, 1)
        await watch.stop()
        await cluster.dropWatches()
        await api.stop()
    }

    /// Measured with 1.36: such a server may also begin to answer, and then say nothing at all.
    func testServerThatIsMuteAboutOurVersion() async throws {
        let isRestored = Mutex(false)
        let cluster = ScriptedCluster(script: { _, _ in }, intercept: { request in
            guard request.fields["watch"] == "1", isRestored.withLock({ $0 }), request.fields["resourceVersion"] == "101"
            else { return nil }
            return HTTPResponse(status: 200, headers: [:], body: .stream(AsyncThrowingStream { _ in }))
        })
        await cluster.put(pod("a"), at: "\(collection)/a")
        let api = try StandInAPI { await cluster.handle($0) }
        let time = QuickTime()
        let watch = watch(api.url, time)
        await expect(watch, "listed") { await $0.objects(in: "ns").count == 1 }
        isRestored.withLock { $0 = true }
        time.skipSilence()
        await cluster.forget("\(collection)/a")
        await cluster.dropWatches()
        await expect(watch, "listed again") { await $0.objects(in: "ns").isEmpty }
        XCTAssertEqual(api.requests.filter { $0.fields["watch"] == nil }.count, 2)
        await watch.stop()
        await cluster.dropWatches()
        await api.stop()
    }

    /// 10,000 events at once: memory stays bounded, and followers are heard meanwhile.
    func testBurst() async throws {
        let count = 10_000
        let filling = String(repeating: "x", count: 2_000)
        let sent = Mutex(0)
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let api = try StandInAPI { request in
            guard request.fields["watch"] == "1" else {
                return StandInAPI.json(["items": [], "metadata": ["resourceVersion": "1"]])
            }
            let lines = AsyncThrowingStream<[UInt8], any Error> {
                let index = sent.withLock { $0 += 1; return $0 }
                guard index <= count else {
                    try await Task.sleep(for: .seconds(60))
                    return nil
                }
                if index == 1 { for await _ in started {} }
                let name = #""name":"p\#(index % 10)","namespace":"ns\#(index % 100)","resourceVersion":"\#(index + 1)""#
                return Array(#"{"type":"MODIFIED","object":{"metadata":{\#(name)},"text":"\#(filling)"}}\#n"#.utf8)
            }
            return HTTPResponse(status: 200, headers: [:], body: .stream(lines))
        }
        let client = KubernetesClient(KubernetesConnection(server: api.url), http: HTTPClient())
        let watch = SharedWatch(
            client, .pods, labelSelector: "x=y", trim: { ["v": $0.at("metadata", "resourceVersion") ?? .null] })
        let calls = Mutex<[Int]>(Array(repeating: 0, count: 1_000))
        for index in 0..<1_000 {
            _ = await watch.follow(namespace: "ns\(index % 100)") { calls.withLock { $0[index] += 1 } }
        }
        await expect(watch, "listed") { await $0.isSynchronized }
        calls.withLock { calls in for index in calls.indices { calls[index] = 0 } }
        let before = residentBytes()
        start.finish()
        var longest = Duration.zero
        var most = before
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        while await watch.objects(in: "ns99")["p9"]?["v"]?.string != "10000", clock.now < deadline {
            let took = await clock.measure { _ = await watch.objects(in: "ns1") }
            longest = max(longest, took)
            most = max(most, residentBytes())
            try await Task.sleep(for: .milliseconds(2))
        }
        let last = await watch.objects(in: "ns0")
        XCTAssertEqual(last["p0"]?["v"], "10001")
        XCTAssertTrue(calls.withLock { $0.allSatisfy { $0 > 0 } }, "a follower was left out")
        XCTAssertLessThan(longest, .seconds(2), "a follower had to wait")
        XCTAssertLessThan(most - before, 100 << 20)
        await watch.stop()
        await api.stop()
    }

    private func residentBytes() -> Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    }

    /// A dozen watches and many requests at once: one connection, and one more after the server has restarted.
    func testWatchesAndRequestsShareOneConnection() async throws {
        let cluster = ScriptedCluster(script: { _, _ in })
        await cluster.put(pod("a"), at: "\(collection)/a")
        let api = try StandInAPI { await cluster.handle($0) }
        try await withTemporaryDirectory { directory in
            // As many streams as an API server takes.
            let front = try await HTTP2FrontEnd(backendPort: api.port, directory: directory, maxStreams: 100)
            let connection = KubernetesConnection(
                server: "https://\(front.address)", tls: HTTPClientTLS(authoritiesPEM: front.authorityPEM))
            let client = KubernetesClient(connection, http: HTTPClient(), timing: QuickTime().timing)
            let watches = (0..<12).map { _ in
                SharedWatch(client, .pods, labelSelector: "app.kubernetes.io/managed-by=iterapp", trim: { $0 })
            }
            for watch in watches { await expect(watch, "listed") { await $0.objects(in: "ns").count == 1 } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<500 { group.addTask { _ = try await client.get(.pods, namespace: "ns", name: "a") } }
                try await group.waitForAll()
            }
            XCTAssertEqual(front.relay.connections, 1)
            front.relay.cut()
            await cluster.put(pod("b"), at: "\(collection)/b")
            for watch in watches { await expect(watch, "after the restart") { await $0.objects(in: "ns").count == 2 } }
            _ = try await client.get(.pods, namespace: "ns", name: "a")
            XCTAssertEqual(front.relay.connections, 2)
            for watch in watches { await watch.stop() }
            await cluster.dropWatches()
            await front.stop()
        }
        await api.stop()
    }
}
