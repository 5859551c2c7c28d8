import HTTP
import JSON
import XCTest

@testable import Sandbox

/// What can be made to go wrong, and that it ends.
final class ClusterAPIFaultTests: XCTestCase {
    private let maps = "/api/v1/namespaces/cats/configmaps"

    private func makeAPI() async throws -> ClusterAPIHarness {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace("cats")
        let map: JSON = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"]]
        let made = try await api.send("POST", maps, map)
        XCTAssertEqual(made.status, 201)
        return api
    }

    func testRefusalsAreCountedAndMayBePicky() async throws {
        let api = try await makeAPI()
        api.api.faults.refuseNext(2, status: 429, retryAfterSeconds: 7)
        for _ in 1...2 {
            let answer = try await api.get(maps)
            XCTAssertEqual(answer.status, 429)
            XCTAssertEqual(answer.headers["Retry-After"], "7")
            XCTAssertEqual(answer.json["reason"], "TooManyRequests")
        }
        api.api.faults.refuseNext(1, status: 503) { method, _ in method == "POST" }
        let read = try await api.get(maps)
        XCTAssertEqual(read.status, 200)
        let write = try await api.send("POST", maps, [:])
        XCTAssertEqual(write.status, 503)
        XCTAssertEqual(write.json["kind"], "Status")
    }

    func testRestartKeepsPortAndState() async throws {
        let api = try await makeAPI()
        await api.api.stop(grace: .zero)
        do {
            _ = try await api.get(maps)
            XCTFail("it answers while it is down")
        } catch {}
        XCTAssertEqual("http://127.0.0.1:\(try api.api.start())", api.url)
        let list = try await api.get(maps)
        XCTAssertEqual(list.json["items"]?.array?.map(\.name), ["a"])
    }

    func testWatchIsCutInTheMiddleOfALine() async throws {
        let api = try await makeAPI()
        api.api.faults.cutNextWatches()
        let stream = try await api.open("\(maps)?watch=1")
        var bytes: [UInt8] = []
        do {
            for try await chunk in stream.chunks { bytes += chunk }
            XCTFail("a broken answer looks like a complete one")
        } catch {}
        XCTAssertFalse(bytes.isEmpty)
        XCTAssertFalse(bytes.contains(0x0A))
        let next = try await api.watch("\(maps)?watch=1", count: 1)
        XCTAssertEqual(next[0]["object"]?.name, "a", "only one watch was cut")
    }

    func testExpiredVersionsAreToldInBothForms() async throws {
        let api = try await makeAPI()
        _ = try await api.send("DELETE", "\(maps)/a")
        await api.api.expireVersions()
        let event = try await api.watch("\(maps)?watch=1&resourceVersion=2", count: 1)
        XCTAssertEqual(event[0]["type"], "ERROR")
        XCTAssertEqual(event[0]["object"]?["code"], 410)
        api.api.faults.tellExpiryByStatus()
        let status = try await api.get("\(maps)?watch=1&resourceVersion=2")
        XCTAssertEqual(status.status, 410)
        XCTAssertEqual(status.json["reason"], "Expired")
    }

    func testBurstReachesEveryWatcher() async throws {
        let api = try await makeAPI()
        let version = await api.store.resourceVersion
        let path = "\(maps)?watch=1&resourceVersion=\(version)"
        async let lines = api.watch(path, count: 10_000)
        while await api.store.runningWatches == 0 { await Task.yield() }
        try await api.store.burst(.configMap, namespace: "cats", name: "a", times: 10_000)
        let seen = try await lines
        XCTAssertEqual(seen.last?["object"]?.annotations["burst"], "10000")
    }
}
