import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

final class ClusterAPIWatchTests: XCTestCase {
    private let maps = "/api/v1/namespaces/cats/configmaps"

    private func makeAPI(
        _ change: (inout EmbeddedAPISettings) -> Void = { _ in }
    ) async throws -> ClusterAPIHarness {
        let api = try ClusterAPIHarness(change)
        try await api.makeNamespace("cats")
        return api
    }

    private func make(_ api: ClusterAPIHarness, _ name: String, labels: JSON = [:]) async throws -> JSON {
        let answer = try await api.send(
            "POST", maps,
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": .string(name), "labels": labels],
            ])
        XCTAssertEqual(answer.status, 201, answer.text)
        return answer.json
    }

    private func summary(_ lines: [JSON]) -> [String] {
        lines.map { "\($0["type"]?.string ?? "") \($0["object"]?.name ?? "")" }
    }

    func testWatchGoesOnWhereTheListEnded() async throws {
        let api = try await makeAPI()
        _ = try await make(api, "a")
        let list = try await api.get(maps).json
        XCTAssertEqual(list["kind"], "ConfigMapList")
        XCTAssertNil(list["items"]?[0]?["kind"], "items do not repeat what the list says")
        let version = try XCTUnwrap(list.at("metadata", "resourceVersion")?.string)
        let path = "\(maps)?watch=1&resourceVersion=\(version)"
        async let lines = api.watch(path, count: 3)
        _ = try await make(api, "b")
        let patched = try await api.send(
            "PATCH", "\(maps)/b", ["data": ["x": "1"]], type: "application/merge-patch+json")
        XCTAssertEqual(patched.status, 200)
        _ = try await api.send("DELETE", "\(maps)/a")
        let seen = try await lines
        XCTAssertEqual(summary(seen), ["ADDED b", "MODIFIED b", "DELETED a"])
        XCTAssertEqual(seen[0]["object"]?["kind"], "ConfigMap")
        let versions = seen.compactMap { $0["object"]?.resourceVersion }
        XCTAssertEqual(versions, versions.sorted())
    }

    func testWatchWithoutVersionBeginsWithWhatIsThere() async throws {
        let api = try await makeAPI()
        _ = try await make(api, "a", labels: ["tier": "x"])
        _ = try await make(api, "b", labels: ["tier": "y"])
        // Each lasts its second, so they run side by side.
        let limit = "watch=1&timeoutSeconds=1"
        let paths = ["\(maps)?\(limit)", "\(maps)?\(limit)&labelSelector=tier%20in%20(y,z)", "\(maps)/a?\(limit)"]
        async let all = api.watch(paths[0], count: 9)
        async let some = api.watch(paths[1], count: 9)
        async let one = api.watch(paths[2], count: 9)
        let found = try await [all, some, one].map(summary)
        XCTAssertEqual(found, [["ADDED a", "ADDED b"], ["ADDED b"], ["ADDED a"]], "and each ends in time")
    }

    func testBookmarksSayHowFarTheWatchIs() async throws {
        let api = try await makeAPI { $0.bookmarkInterval = .milliseconds(50) }
        _ = try await make(api, "a")
        let lines = try await api.watch("\(maps)?watch=1&allowWatchBookmarks=true", count: 2)
        XCTAssertEqual(summary(lines), ["ADDED a", "BOOKMARK "])
        let current = await api.store.resourceVersion
        XCTAssertEqual(lines[1]["object"]?.resourceVersion, current)
        XCTAssertEqual(lines[1]["object"]?["kind"], "ConfigMap")
        let initial = try await api.watch(
            "\(maps)?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                + "&allowWatchBookmarks=true",
            count: 2)
        XCTAssertEqual(initial[1]["object"]?.annotations, ["k8s.io/initial-events-end": "true"])
    }

    func testDroppedWatchesEndCleanly() async throws {
        let api = try await makeAPI()
        let stream = try await api.open("\(maps)?watch=1")
        while await api.store.runningWatches == 0 { await Task.yield() }
        let own = try await api.store.watch(.configMap)
        await api.api.dropWatches()
        var bytes = 0
        for try await chunk in stream.chunks { bytes += chunk.count }
        XCTAssertEqual(bytes, 0)
        let left = await api.store.runningWatches
        XCTAssertEqual(left, 0)
        _ = try await make(api, "a")
        for await event in own {
            XCTAssertEqual(event.object.name, "a", "the cluster's own watches go on")
            break
        }
    }

    func testClientsThatGoAwayAreForgotten() async throws {
        let api = try await makeAPI()
        _ = try await make(api, "a")
        _ = try await api.watch("\(maps)?watch=1", count: 1)
        let deadline = ContinuousClock.now + .seconds(5)
        while await api.store.runningWatches > 0, ContinuousClock.now < deadline {
            _ = try await make(api, "n\(await api.store.resourceVersion)")
        }
        let left = await api.store.runningWatches
        XCTAssertEqual(left, 0)
    }

    func testTooManyWatchesAreRefused() async throws {
        let api = try await makeAPI { $0.maxWatches = 1 }
        let first = try await api.open("\(maps)?watch=1")
        while await api.store.runningWatches == 0 { await Task.yield() }
        let second = try await api.get("\(maps)?watch=1")
        XCTAssertEqual(second.status, 429)
        XCTAssertEqual(second.headers["Retry-After"], "1")
        withExtendedLifetime(first) {}
    }

    private func makeFour() async throws -> ClusterAPIHarness {
        let api = try await makeAPI()
        for name in ["a", "b", "c", "d"] {
            _ = try await make(api, name, labels: name < "c" ? ["half": "first", "n": .string(name)] : [:])
        }
        return api
    }

    private func names(_ api: ClusterAPIHarness, _ query: String) async throws -> [String] {
        let answer = try await api.get("\(maps)?\(query)")
        XCTAssertEqual(answer.status, 200, answer.text)
        return answer.json["items"]?.array?.map(\.name) ?? []
    }

    func testSelectors() async throws {
        let api = try await makeFour()
        let selections: [(String, [String])] = [
            ("labelSelector=half%3Dfirst", ["a", "b"]), ("labelSelector=half%3D%3Dfirst,n!%3Da", ["b"]),
            ("labelSelector=!half", ["c", "d"]), ("labelSelector=half", ["a", "b"]),
            ("labelSelector=n%20notin%20(a)", ["b", "c", "d"]),
            ("labelSelector=n+in+(a,b),half", ["a", "b"]),
            ("fieldSelector=metadata.name%3Dc", ["c"]),
            ("fieldSelector=metadata.name!%3Dc", ["a", "b", "d"]),
        ]
        for (query, wanted) in selections {
            let found = try await names(api, query)
            XCTAssertEqual(found, wanted, query)
        }
        let event: JSON = [
            "metadata": ["name": "e", "namespace": "cats"], "reason": "BackOff",
            "involvedObject": ["kind": "Pod", "name": "p", "uid": "u"],
        ]
        _ = try await api.store.create(.event, event, by: "kubelet")
        let events = try await api.get(
            "/api/v1/namespaces/cats/events?fieldSelector=involvedObject.uid%3Du,involvedObject.kind%3DPod"
        ).json
        XCTAssertEqual(events["items"]?.array?.map(\.name), ["e"])
    }

    func testListsInParts() async throws {
        let api = try await makeFour()
        let first = try await api.get("\(maps)?limit=3").json
        XCTAssertEqual(first["items"]?.array?.map(\.name), ["a", "b", "c"])
        XCTAssertEqual(first.at("metadata", "remainingItemCount"), 1)
        let token = try XCTUnwrap(first.at("metadata", "continue")?.string)
        let rest = try await names(api, "limit=3&continue=\(token)")
        XCTAssertEqual(rest, ["d"])
        for query in ["labelSelector=a%20b", "fieldSelector=spec.x%3D1", "limit=x", "continue=%21"] {
            let answer = try await api.get("\(maps)?\(query)")
            XCTAssertEqual(answer.status, 400, query)
        }
    }

    func testPathsThatDoNotExist() async throws {
        let api = try await makeAPI()
        for path in [
            "/api/v1/nodes", "/apis/apps/v2/deployments", "/x", "/api/v1/namespaces/cats/pods/a/exec",
        ] {
            let answer = try await api.get(path)
            XCTAssertEqual(answer.status, 404, path)
        }
        let method = try await api.send("PUT", maps, [:])
        XCTAssertEqual(method.status, 405)
        let health = try await api.send("GET", "/readyz", token: nil)
        XCTAssertEqual(health.text, "ok")
    }

    func testListsOfVersionsAndOfMetadataAlone() async throws {
        let api = try await makeAPI()
        _ = try await make(api, "a")
        let future = try await api.get("\(maps)?resourceVersion=99999999")
        XCTAssertEqual(future.status, 504)
        XCTAssertEqual(future.headers["Retry-After"], "1")
        let bad = try await api.get("\(maps)?resourceVersion=abc")
        XCTAssertEqual(bad.status, 400)
        let partial = try await api.send(
            "GET", maps, headers: ["Accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"])
        XCTAssertEqual(partial.json["kind"], "PartialObjectMetadataList")
        XCTAssertEqual(partial.json["items"]?[0]?.object?.keys.sorted(), ["apiVersion", "kind", "metadata"])
    }
}
