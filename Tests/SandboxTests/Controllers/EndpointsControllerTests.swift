import Foundation
import JSON
import XCTest

@testable import Sandbox

final class EndpointsControllerTests: XCTestCase {
    private let service: JSON = [
        "apiVersion": "v1", "kind": "Service",
        "metadata": ["name": "cats", "namespace": "n", "uid": "s"],
        "spec": [
            "selector": ["app": "cats"],
            "ports": [["name": "http", "port": 80, "targetPort": "web", "protocol": "TCP"]],
        ],
    ]

    private func pod(
        _ name: String, _ address: String?, ready: Bool = true, port: Int = 8080, app: String = "cats",
        deleted: Bool = false
    ) -> JSON {
        var pod: JSON = [
            "metadata": [
                "name": .string(name), "namespace": "n", "uid": .string(name), "labels": ["app": .string(app)],
            ],
            "spec": [
                "nodeName": "demo",
                "containers": [["ports": [["name": "web", "containerPort": .int(port)]]]],
            ],
            "status": [
                "phase": "Running", "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
            ],
        ]
        if let address { pod.set(.string(address), at: "status", "podIP") }
        if deleted { pod.set("2027-01-01T00:00:00Z", at: "metadata", "deletionTimestamp") }
        return pod
    }

    private func created(_ plan: ControllerPlan) -> [JSON] {
        plan.actions.compactMap { if case .create(_, let slice) = $0 { slice } else { nil } }
    }

    func testOnlyReadyPodsThatStayAreReady() throws {
        let pods = [
            pod("a", "10.0.0.1"), pod("b", "10.0.0.2", ready: false), pod("c", "10.0.0.3", deleted: true),
            pod("d", nil), pod("e", "10.0.0.5", app: "dogs"),
        ]
        let plan = EndpointsController(service: service, pods: pods, slices: []).plan()
        let slice = try XCTUnwrap(created(plan).first)
        let endpoints = slice["endpoints"]?.array ?? []
        let addresses = endpoints.compactMap { $0["addresses"]?[0]?.string }
        XCTAssertEqual(addresses, ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        XCTAssertEqual(endpoints.compactMap { $0.at("conditions", "ready")?.bool }, [true, false, false])
        XCTAssertEqual(endpoints[2].at("conditions", "serving"), true)
        XCTAssertEqual(endpoints[2].at("conditions", "terminating"), true)
        XCTAssertEqual(slice["ports"], [["name": "http", "port": 8080, "protocol": "TCP"]])
        XCTAssertEqual(slice.labels["kubernetes.io/service-name"], "cats")
        let again = EndpointsController(service: service, pods: pods, slices: [slice]).plan()
        XCTAssertEqual(again, .nothing)
    }

    func testPodsOfTwoVersionsAreReachedOnTheirOwnPorts() {
        let pods = [pod("old", "10.0.0.1"), pod("new", "10.0.0.2", port: 9090)]
        let plan = EndpointsController(service: service, pods: pods, slices: []).plan()
        let ports = created(plan).compactMap { $0["ports"]?[0]?["port"]?.int }
        XCTAssertEqual(Set(ports), [8080, 9090])
        let left = EndpointsController(
            service: service, pods: [pods[1]], slices: created(plan)).plan()
        guard case .delete(_, let slice)? = left.actions.last else { return XCTFail("the old slice stays") }
        XCTAssertEqual(slice["ports"]?[0]?["port"], 8080)
        XCTAssertEqual(left.actions.count, 1)
    }

    func testCertificatesAreReadyAtOnce() throws {
        let certificate: JSON = [
            "metadata": ["name": "cats", "namespace": "n", "generation": 3], "spec": ["secretName": "cats-tls"],
        ]
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let plan = CertificateController(certificate: certificate, now: now).plan()
        guard case .updateStatus(_, let ready)? = plan.actions.first else { return XCTFail("nothing said") }
        let condition = Conditions(ready.at("status", "conditions"))["Ready"]
        XCTAssertEqual(condition?["status"], "True")
        XCTAssertEqual(condition?["observedGeneration"], 3)
        XCTAssertTrue(condition?["message"]?.string?.contains("demo") == true)
        XCTAssertEqual(CertificateController(certificate: ready, now: now).plan(), .nothing)
    }
}
