import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// The shared watch over real sockets: it sees everything, through interruptions of every kind.
final class SharedWatchTests: XCTestCase {
    private let collection = "/api/v1/namespaces/ns/pods"

    private func pod(_ name: String, phase: String = "Pending") -> JSON {
        [
            "metadata": [
                "name": .string(name), "namespace": "ns",
                "labels": ["app.kubernetes.io/managed-by": "iterapp"],
            ],
            "status": ["phase": .string(phase)],
        ]
    }

    private func withWatch(
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
        _ body: (ScriptedCluster, SharedWatch, StandInAPI) async throws -> Void
    ) async throws {
        let cluster = ScriptedCluster(script: { _, _ in }, intercept: intercept)
        let api = try StandInAPI { await cluster.handle($0) }
        let client = KubernetesClient(
            KubernetesConnection(server: api.url), http: HTTPClient(),
            timing: Timing(
                sleep: { try await Task.sleep(for: min($0, .milliseconds(5))) }, random: { 0.5 },
                now: { .now }))
        let watch = SharedWatch(
            client, .pods, labelSelector: "app.kubernetes.io/managed-by=iterapp", trim: { $0 })
        do { try await body(cluster, watch, api) } catch {
            XCTFail("\(error)")
        }
        await watch.stop()
        await cluster.dropWatches()
        await api.stop()
    }

    /// Waits until the watch shows what is expected; every change wakes it.
    private func expect(
        _ watch: SharedWatch, _ description: String,
        _ condition: @escaping @Sendable ([String: JSON]) -> Bool
    ) async {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = await watch.follow(namespace: "ns") { continuation.yield() }
        continuation.yield()
        let limit = Task {
            try await Task.sleep(for: .seconds(10))
            continuation.finish()
        }
        var isMet = false
        for await _ in stream where condition(await watch.objects(in: "ns")) {
            isMet = true
            break
        }
        limit.cancel()
        await watch.unfollow(id)
        XCTAssertTrue(isMet, description)
    }

    func testSeesWhatWasThereAndWhatChanges() async throws {
        try await withWatch { cluster, watch, api in
            await cluster.put(pod("a"), at: "\(collection)/a")
            await expect(watch, "listed") { $0.keys.sorted() == ["a"] }
            await cluster.put(pod("b"), at: "\(collection)/b")
            await expect(watch, "added") { $0.keys.sorted() == ["a", "b"] }
            await cluster.put(pod("a", phase: "Running"), at: "\(collection)/a")
            await expect(watch, "modified") { $0["a"]?.at("status", "phase") == "Running" }
            await cluster.remove("\(collection)/b")
            await expect(watch, "deleted") { $0.keys.sorted() == ["a"] }
            XCTAssertEqual(api.requests.count, 2, "one list and one watch serve everybody")
            let watchRequest = api.requests[1].fields
            XCTAssertEqual(watchRequest["allowWatchBookmarks"], "true")
            XCTAssertTrue((300...600).contains(Int(watchRequest["timeoutSeconds"] ?? "") ?? 0))
            XCTAssertEqual(watchRequest["labelSelector"], "app.kubernetes.io/managed-by=iterapp")
        }
    }

    func testGoesOnFromTheLastVersionAfterADisconnect() async throws {
        try await withWatch { cluster, watch, api in
            await cluster.put(pod("a"), at: "\(collection)/a")
            await expect(watch, "listed") { $0.count == 1 }
            await cluster.put(pod("b"), at: "\(collection)/b")
            await expect(watch, "added") { $0.count == 2 }
            await cluster.dropWatches()
            await cluster.put(pod("c"), at: "\(collection)/c")
            await expect(watch, "after the disconnect") { $0.count == 3 }
            let lists = api.requests.filter { $0.fields["watch"] == nil }
            XCTAssertEqual(lists.count, 1, "nothing was missed, so nothing is listed again")
            XCTAssertEqual(api.requests.last?.fields["resourceVersion"], "102")
        }
    }

    private func testExpiry(_ recording: String, status: Int) async throws {
        let expiries = Mutex(1)
        try await withWatch(intercept: { request in
            guard request.fields["watch"] == "1" else { return nil }
            let expires = expiries.withLock { left in
                left -= 1
                return left >= 0
            }
            guard expires else { return nil }
            let answer = StandInAPI.recorded(recording)
            XCTAssertEqual(answer.status, status)
            return answer
        }) { cluster, watch, api in
            await cluster.put(pod("a"), at: "\(collection)/a")
            await expect(watch, "listed") { $0.count == 1 }
            await cluster.remove("\(collection)/a")
            await cluster.put(pod("b"), at: "\(collection)/b")
            await expect(watch, "listed again, without what is gone") { $0.keys.sorted() == ["b"] }
            XCTAssertEqual(api.requests.filter { $0.fields["watch"] == nil }.count, 2)
        }
    }

    func testListsAgainWhenAnErrorEventSaysExpired() async throws {
        try await testExpiry("watch-410-expired.http", status: 200)
    }

    func testListsAgainWhenTheStatusSaysExpired() async throws {
        try await testExpiry("list-410-expired-continue.http", status: 410)
    }

    /// As after a restore from a backup: the version lies in the future, and no answer says so.
    func testListsAgainWhenItsVersionIsNeverAccepted() async throws {
        let refusals = Mutex(3)
        try await withWatch(intercept: { request in
            guard request.fields["watch"] == "1" else { return nil }
            let refuses = refusals.withLock { left in
                left -= 1
                return left >= 0
            }
            return refuses ? .text(504, "") : nil
        }) { cluster, watch, api in
            await cluster.put(pod("a"), at: "\(collection)/a")
            await expect(watch, "listed") { $0.count == 1 }
            await cluster.put(pod("b"), at: "\(collection)/b")
            await expect(watch, "goes on") { $0.count == 2 }
            XCTAssertEqual(api.requests.filter { $0.fields["watch"] == nil }.count, 2)
        }
    }

    func testRefusalIsReported() async throws {
        try await withWatch(intercept: { _ in StandInAPI.recorded("error-403.http") }) { _, watch, _ in
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            _ = await watch.follow(namespace: "ns") { continuation.yield() }
            for await _ in stream { break }
            guard case .forbidden? = await watch.trouble else { return XCTFail("no trouble") }
            let isSynchronized = await watch.isSynchronized
            XCTAssertFalse(isSynchronized)
        }
    }
}
