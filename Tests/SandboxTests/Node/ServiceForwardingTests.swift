import JSON
import XCTest

@testable import Sandbox

final class ServiceForwardingTests: XCTestCase {
    private func service(_ spec: JSON) -> JSON {
        let standard: [String: JSON] = [
            "type": "ClusterIP", "selector": ["app": "cats"],
            "ports": [["name": "http", "port": 80], ["name": "dns", "port": 53, "protocol": "UDP"]],
        ]
        return [
            "metadata": ["name": "cats", "namespace": "n"],
            "spec": .object(standard.merging(spec.object ?? [:]) { $1 }),
        ]
    }

    func testTargetsAreReadyPodsOnTheirOwnPorts() throws {
        let forwarding = try XCTUnwrap(ServiceForwarding(service([:])))
        func endpoint(_ address: JSON, ready: Bool = true) -> JSON {
            ["addresses": [address], "conditions": ["ready": .bool(ready)]]
        }
        let slices: [JSON] = [
            ["ports": [["name": "http", "port": 8080]], "endpoints": [endpoint("10.0.0.2"), endpoint("10.0.0.1")]],
            ["ports": [["name": "http", "port": 9090]], "endpoints": [
                endpoint("10.0.0.3"), endpoint("10.0.0.4", ready: false),
            ]],
        ]
        XCTAssertEqual(forwarding.targets(slices), [80: "10.0.0.1 8080\n10.0.0.2 8080\n10.0.0.3 9090\n"])
        XCTAssertEqual(forwarding.targets([]), [80: ""], "nobody is asked who is not there")
    }

    func testServicesOfOneForwardingShareIt() throws {
        let first = try XCTUnwrap(ServiceForwarding(service([:])))
        var other = service([:])
        other.set("short", at: "metadata", "name")
        XCTAssertEqual(ServiceForwarding(other), first)
        XCTAssertEqual(ServiceForwarding(other)?.id, first.id)
        XCTAssertNotEqual(ServiceForwarding(service(["ports": [["name": "http", "port": 81]]]))?.id, first.id)
        XCTAssertTrue(first.selects(["metadata": ["labels": ["app": "cats", "x": "y"]]]))
        XCTAssertFalse(first.selects(["metadata": ["labels": ["app": "dogs"]]]))
    }

    func testSomeLeadNowhere() {
        XCTAssertNil(ServiceForwarding(service(["clusterIP": "None"])))
        XCTAssertNil(ServiceForwarding(service(["type": "ExternalName"])))
        XCTAssertNil(ServiceForwarding(service(["selector": [:]])))
    }
}
