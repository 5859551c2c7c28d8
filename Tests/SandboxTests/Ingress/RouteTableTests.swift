import JSON
import XCTest

@testable import Sandbox

final class RouteTableTests: XCTestCase {
    private func route(
        _ name: String, _ hosts: [JSON], parents: JSON = [["name": "gateway", "sectionName": "https"]], rules: JSON
    ) -> JSON {
        [
            "metadata": ["name": .string(name), "namespace": "n"],
            "spec": ["parentRefs": parents, "hostnames": .array(hosts), "rules": rules],
        ]
    }

    private func backend(_ name: String, _ path: String = "/", type: String = "PathPrefix") -> JSON {
        [
            "matches": [["path": ["type": .string(type), "value": .string(path)]]],
            "backendRefs": [["name": .string(name), "port": 80]],
        ]
    }

    private func slice(
        _ service: String, _ addresses: [String], port: Int = 8080, ready: Bool = true
    ) -> JSON {
        [
            "metadata": [
                "name": .string("\(service)-\(port)"), "namespace": "n",
                "labels": ["kubernetes.io/service-name": .string(service)],
            ],
            "ports": [["name": "http", "port": .int(port)]],
            "endpoints": .array(addresses.map {
                ["addresses": [.string($0)], "conditions": ["ready": .bool(ready)]]
            }),
        ]
    }

    private func table(_ services: String...) -> RouteTable {
        var table = RouteTable()
        for service in services {
            table.update(.service, [
                "metadata": ["name": .string(service), "namespace": "n"],
                "spec": ["ports": [["name": "http", "port": 80, "targetPort": "http"]]],
            ], isGone: false)
        }
        return table
    }

    private func targets(_ answer: RouteTable.Answer) -> [String] {
        if case .forward(let targets, _) = answer { targets.map(\.address) } else { [] }
    }

    func testAHostStaysWithTheRouteThatHadItFirst() {
        func claim(_ name: String, since time: String) -> JSON {
            var claim = route(name, ["cats.test"], rules: [backend(name)])
            claim.set(.string(time), at: "metadata", "creationTimestamp")
            return claim
        }
        for order in [["cats", "a", "z"], ["z", "a", "cats"], ["a", "cats", "z"]] {
            var table = table("cats", "a", "z")
            for name in order {
                let time = name == "cats" ? "2026-11-21T01:00:00Z" : "2026-11-21T02:00:00Z"
                table.update(.httpRoute, claim(name, since: time), isGone: false)
                table.update(.endpointSlice, slice(name, ["10.0.0.\(name.count)"]), isGone: false)
            }
            XCTAssertEqual(targets(table.find(host: "cats.test", path: "/")), ["10.0.0.4:8080"], "\(order)")
        }
    }

    func testReadyPodsTakeTurns() {
        var table = table("cats")
        table.update(.httpRoute, route("cats", ["Cats.test"], rules: [backend("cats")]), isGone: false)
        table.update(.endpointSlice, slice("cats", ["10.0.0.1", "10.0.0.2"]), isGone: false)
        XCTAssertEqual(targets(table.find(host: "cats.test", path: "/")), ["10.0.0.1:8080", "10.0.0.2:8080"])
        XCTAssertEqual(targets(table.find(host: "cats.test", path: "/")), ["10.0.0.2:8080", "10.0.0.1:8080"])
        XCTAssertEqual(targets(table.find(host: "cats.test.", path: "/")), ["10.0.0.1:8080", "10.0.0.2:8080"])
        XCTAssertEqual(table.find(host: "dogs.test", path: "/"), .noRoute)

        table.update(.endpointSlice, slice("cats", ["10.0.0.1"], ready: false), isGone: false)
        XCTAssertEqual(table.find(host: "cats.test", path: "/"), .noPod(service: "cats"))
        table.update(.endpointSlice, slice("cats", []), isGone: true)
        XCTAssertEqual(table.find(host: "cats.test", path: "/"), .noPod(service: "cats"))
        table.update(.httpRoute, route("cats", [], rules: []), isGone: true)
        XCTAssertEqual(table.find(host: "cats.test", path: "/"), .noRoute)
        XCTAssertFalse(table.hasRoute(for: "cats.test"))
    }

    func testTheLongestPathWins() {
        var table = table("cats", "api", "exact")
        for name in ["cats", "api", "exact"] {
            table.update(.endpointSlice, slice(name, [name]), isGone: false)
        }
        table.update(.httpRoute, route("r", ["c"], rules: [
            backend("cats"), backend("api", "/api"), backend("exact", "/api/x", type: "Exact"),
            // What is not understood must not match everything.
            [
                "matches": [["headers": [["name": "a", "value": "b"]]]],
                "backendRefs": [["name": "api", "port": 80]],
            ],
        ]), isGone: false)
        func first(_ path: String) -> String? { targets(table.find(host: "c", path: path)).first }
        XCTAssertEqual(first("/"), "cats:8080")
        XCTAssertEqual(first("/apis"), "cats:8080")
        XCTAssertEqual(first("/api"), "api:8080")
        XCTAssertEqual(first("/api/y"), "api:8080")
        XCTAssertEqual(first("/api/x"), "exact:8080")
        XCTAssertEqual(first("/api/x/z"), "api:8080")
    }

    func testWildcardsAndRedirects() {
        var table = table("cats")
        table.update(.endpointSlice, slice("cats", ["10.0.0.1"]), isGone: false)
        table.update(.httpRoute, route("wild", ["*.cats.test"], rules: [backend("cats")]), isGone: false)
        table.update(.httpRoute, route("www", ["www.cats.cool"], rules: [[
            "filters": [[
                "type": "RequestRedirect", "requestRedirect": ["hostname": "cats.cool", "statusCode": 301],
            ]]
        ]]), isGone: false)
        XCTAssertEqual(targets(table.find(host: "a.b.cats.test", path: "/")), ["10.0.0.1:8080"])
        XCTAssertEqual(table.find(host: "cats.test", path: "/"), .noRoute)
        let www = table.find(host: "www.cats.cool", path: "/x")
        XCTAssertEqual(www, .redirect(host: "cats.cool", status: 301))
    }

    func testAListenerSetLetsInWhatItListensFor() {
        var table = table("cats")
        table.update(.endpointSlice, slice("cats", ["10.0.0.1"]), isGone: false)
        func set(_ hosts: JSON...) -> JSON {
            [
                "metadata": ["name": "cats", "namespace": "n"],
                "spec": ["listeners": .array(hosts.map { ["name": $0, "hostname": $0] })],
            ]
        }
        func isServed(_ host: String) -> Bool { !targets(table.find(host: host, path: "/")).isEmpty }
        let parent: JSON = ["kind": "ListenerSet", "name": "cats"]
        table.update(.httpRoute, route(
            "cats", ["cats.test", "dogs.test"], parents: [parent], rules: [backend("cats")]), isGone: false)
        XCTAssertFalse(isServed("cats.test"), "there is no such ListenerSet yet")
        table.update(.listenerSet, set("Cats.test", "*.birds.test"), isGone: false)
        XCTAssertTrue(isServed("cats.test"))
        XCTAssertTrue(isServed("cats.test."))
        XCTAssertFalse(isServed("dogs.test"), "nothing listens for it")
        table.update(.listenerSet, set("cats.test", "dogs.test"), isGone: false)
        XCTAssertTrue(isServed("dogs.test"))

        let section: JSON = ["kind": "ListenerSet", "name": "cats", "sectionName": "dogs.test"]
        table.update(.httpRoute, route(
            "cats", ["cats.test", "dogs.test"], parents: [section], rules: [backend("cats")]), isGone: false)
        XCTAssertFalse(isServed("cats.test"))
        XCTAssertTrue(isServed("dogs.test"))
        table.update(.listenerSet, set("dogs.test"), isGone: true)
        XCTAssertFalse(isServed("dogs.test"))
    }

    func testWhatIsAboutPlainHTTPOnlyIsIgnored() {
        var table = table("cats")
        table.update(.endpointSlice, slice("cats", ["10.0.0.1"]), isGone: false)
        let http: JSON = ["name": "gateway", "sectionName": "http"]
        let redirect: JSON = [
            "filters": [["type": "RequestRedirect", "requestRedirect": ["hostname": "other.test"]]]
        ]
        table.update(.httpRoute, route("http", ["cats.test"], parents: [http], rules: [redirect]), isGone: false)
        XCTAssertFalse(table.hasRoute(for: "cats.test"))
        table.update(.httpRoute, route("none", ["cats.test"], parents: [], rules: [redirect]), isGone: false)
        XCTAssertFalse(table.hasRoute(for: "cats.test"))
        table.update(.httpRoute, route("cats", ["cats.test"], rules: [backend("cats")]), isGone: false)
        XCTAssertEqual(targets(table.find(host: "cats.test", path: "/")), ["10.0.0.1:8080"])
        let both = route("both", ["www.cats.test"], parents: [http, ["name": "gateway"]], rules: [redirect])
        table.update(.httpRoute, both, isGone: false)
        XCTAssertEqual(table.find(host: "www.cats.test", path: "/"), .redirect(host: "other.test", status: 302))
    }

    func testIngresses() {
        var table = table("cats")
        table.update(.endpointSlice, slice("cats", ["10.0.0.1"]), isGone: false)
        table.update(.ingress, [
            "metadata": [
                "name": "cats", "namespace": "n",
                "annotations": ["nginx.ingress.kubernetes.io/from-to-www-redirect": "true"],
            ],
            "spec": ["rules": [["host": "cats.cool", "http": ["paths": [[
                "path": "/", "pathType": "Prefix",
                "backend": ["service": ["name": "cats", "port": ["number": 80]]],
            ]]]]]],
        ], isGone: false)
        XCTAssertEqual(targets(table.find(host: "cats.cool", path: "/a")), ["10.0.0.1:8080"])
        XCTAssertEqual(table.find(host: "www.cats.cool", path: "/"), .redirect(host: "cats.cool", status: 308))
    }

    func testPodsOfTwoVersionsHaveTheirOwnPorts() {
        var table = table("cats")
        table.update(.httpRoute, route("cats", ["c"], rules: [backend("cats")]), isGone: false)
        table.update(.endpointSlice, slice("cats", ["10.0.0.1"]), isGone: false)
        table.update(.endpointSlice, slice("cats", ["10.0.0.2"], port: 9090), isGone: false)
        XCTAssertEqual(Set(targets(table.find(host: "c", path: "/"))), ["10.0.0.1:8080", "10.0.0.2:9090"])
        table.clear(.endpointSlice)
        XCTAssertEqual(table.find(host: "c", path: "/"), .noPod(service: "cats"))
    }
}
