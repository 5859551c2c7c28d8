import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// The first thing that is in a visitor's way.
final class PublicSiteProbeTests: XCTestCase {
    private func withProbe(
        dns01: Bool = false, hosts: [String] = ["cats.cool"], connectTo: String? = nil,
        _ body: (CertificateBench, PublicSiteProbe) async throws -> Void
    ) async throws {
        try await CertificateBench.with { bench in
            _ = await bench.keeper.keep(
                [CertificateBench.certificate(hosts, dns01: dns01)], in: CertificateBench.namespace)
            // Nobody listens there, or what listens speaks no TLS.
            let http = HTTPSiteProbe(HTTPClient(), connectTo: { _ in connectTo ?? "127.0.0.1:1" })
            let probe = PublicSiteProbe(
                http, domains: bench.domains, certificates: bench.keeper, client: bench.client)
            try await body(bench, probe)
        }
    }

    private func expect(
        _ start: String?, _ bench: CertificateBench, _ probe: PublicSiteProbe, line: UInt = #line
    ) async {
        bench.time.advance(.seconds(10))
        let obstacle = await probe.obstacle(at: "https://cats.cool/")
        if let start {
            XCTAssertTrue(obstacle?.hasPrefix(start) == true, "\(obstacle ?? "nothing")", line: line)
        } else {
            XCTAssertNil(obstacle, line: line)
        }
    }

    func testDNSThenTheCertificateThenTheAnswer() async throws {
        try await withProbe { bench, probe in
            await expect("Waiting for cats.cool to point to 35.195.169.101. Create an A record", bench, probe)
            bench.records.point("cats.cool", to: CertificateBench.ours)
            await expect("Waiting for the certificate of cats.cool: it is not asked for yet.", bench, probe)
            _ = await bench.ask("cats.cool")
            await bench.setStatus(["conditions": [CertificateBench.ready("False", "DoesNotExist", "being made")]])
            await expect("Waiting for the certificate of cats.cool: being made.", bench, probe)
            await bench.setStatus(["conditions": [CertificateBench.ready("True")]])
            await expect("Waiting for cats.cool to accept connections.", bench, probe)
        }
    }

    func testWithDNS01TheAddressComesLast() async throws {
        try await withProbe(dns01: true) { bench, probe in
            bench.records.point("cats.cool", to: "1.2.3.4")
            await expect("Waiting for _acme-challenge.cats.cool to lead to acme-auth.iterate.no.", bench, probe)
            bench.records.delegate("_acme-challenge.cats.cool", to: "acme-auth.iterate.no")
            _ = await bench.ask("cats.cool", dns01: true)
            await bench.setStatus(["conditions": [CertificateBench.ready("False", "DoesNotExist", "being made")]])
            await expect("Waiting for the certificate of cats.cool: being made.", bench, probe)
            await bench.setStatus(["conditions": [CertificateBench.ready("True")]])
            await expect(
                "The certificate of cats.cool is there. Waiting for cats.cool to point to 35.195.169.101.", bench, probe)
        }
    }

    func testThePartnerThatRedirectsIsKnown() {
        let pair = WantedCertificate(
            CertificateBench.certificate(["cats.cool", "www.cats.cool", "my.cats.cool"]),
            in: CertificateBench.namespace)
        XCTAssertEqual(PublicSiteProbe.partner(of: "cats.cool", in: pair), "www.cats.cool")
        XCTAssertEqual(PublicSiteProbe.partner(of: "www.cats.cool", in: pair), "cats.cool")
        XCTAssertNil(PublicSiteProbe.partner(of: "my.cats.cool", in: pair))
        XCTAssertNil(PublicSiteProbe.partner(of: "cats.cool", in: nil))
    }

    /// The demo, and a bot that was not told where domains must point to.
    func testPlainHTTPAndHostsOfThisMachineAreOnlyVisited() async throws {
        let server = try StandInAPI { _ in .text(200, "") }
        try await withProbe(connectTo: "127.0.0.1:\(server.port)") { bench, probe in
            let obstacle = await probe.obstacle(at: "http://cats.test.localhost:\(server.port)/")
            XCTAssertNil(obstacle)
            XCTAssertEqual(bench.records.asked.filter { $0.contains("localhost") }, [])
        }
        await server.stop()
    }

    func testACertificateThatCannotBeHadIsToldWhereTheSiteIsTold() async throws {
        let missing: @Sendable (HTTPRequest) -> HTTPResponse? = { request in
            request.method == "PATCH" ? StandInAPI.recorded("error-404.http") : nil
        }
        try await CertificateBench.with(intercept: missing) { bench in
            bench.records.point("cats.cool", to: CertificateBench.ours)
            _ = await bench.keep("cats.cool")
            let probe = PublicSiteProbe(
                HTTPSiteProbe(HTTPClient(), connectTo: { _ in "127.0.0.1:1" }), domains: bench.domains,
                certificates: bench.keeper, client: bench.client)
            await expect("The cluster does not know Certificates, so nothing is served over HTTPS", bench, probe)
        }
    }
}
