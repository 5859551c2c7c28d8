import HTTP
import Synchronization
import XCTest

@testable import Kubernetes

final class HTTPSiteProbeTests: XCTestCase {
    private func obstacle(status: Int) async throws -> String? {
        let api = try StandInAPI { _ in .text(status, "") }
        let probe = HTTPSiteProbe(HTTPClient(), connectTo: HTTPSiteProbe.localhost(port: api.port))
        let obstacle = await probe.obstacle(at: "http://cats.test.localhost:\(api.port)/")
        XCTAssertEqual(api.requests.map(\.host), ["cats.test.localhost"])
        await api.stop()
        return obstacle
    }

    func testStatusesThatCountAsAnswers() async throws {
        for status in [200, 301, 401, 404] {
            let obstacle = try await obstacle(status: status)
            XCTAssertNil(obstacle, "\(status)")
        }
    }

    func testGatewayWithoutAnAppBehindIt() async throws {
        for status in [502, 503, 504] {
            let obstacle = try await obstacle(status: status)
            XCTAssertEqual(
                obstacle,
                "Waiting for cats.test.localhost to be routed to the app (status \(status) for now).")
        }
        let broken = try await obstacle(status: 500)
        XCTAssertEqual(broken, "cats.test.localhost answers with an error of its own (status 500).")
    }

    func testNobodyListens() async throws {
        let api = try StandInAPI { _ in .text(200, "") }
        await api.stop()
        let probe = HTTPSiteProbe(HTTPClient(), connectTo: HTTPSiteProbe.localhost(port: api.port))
        let obstacle = await probe.obstacle(at: "http://cats.test.localhost/")
        XCTAssertEqual(obstacle, "Waiting for cats.test.localhost to accept connections.")
    }

    /// `.invalid` never resolves (RFC 6761, section 6.4), with or without a network.
    func testNameThatIsNotInDNS() async {
        let unknown = await HTTPSiteProbe(HTTPClient()).obstacle(at: "https://cats.invalid/")
        XCTAssertEqual(unknown, "Waiting for cats.invalid to be known to DNS.")
    }

    func testOnlyHostsUnderLocalhostAreRedirected() {
        let connectTo = HTTPSiteProbe.localhost(port: 81)
        XCTAssertEqual(connectTo("cats.test.localhost"), "127.0.0.1:81")
        XCTAssertEqual(connectTo("localhost"), "127.0.0.1:81")
        XCTAssertNil(connectTo("cats.cool"))
        XCTAssertNil(connectTo("localhost.cats.cool"))
    }

    func testNoURL() async {
        let obstacle = await HTTPSiteProbe(HTTPClient()).obstacle(at: "")
        XCTAssertNotNil(obstacle)
    }
}
