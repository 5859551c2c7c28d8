import Deploys
import HTTP
import JSON
import XCTest

@testable import Kubernetes

/// Which names are asked for, and when.
final class CertificateKeeperTests: XCTestCase {
    func testADomainThatPointsElsewhereCostsNothing() async throws {
        try await CertificateBench.with { bench in
            bench.records.point("cats.cool", to: "1.2.3.4")
            let remarks = await bench.keep("cats.cool", "www.cats.cool")
            XCTAssertEqual(remarks, [], "the site's own sentence tells it")
            for _ in 0..<20 { _ = await bench.ask("cats.cool", "www.cats.cool") }
            let asked = await bench.asked
            XCTAssertNil(asked)
            XCTAssertEqual(bench.applies, 0, "no Certificate, no order, no failed authorisation")
        }
    }

    func testNamesAreAskedForOneByOneAsTheirDNSBecomesRight() async throws {
        try await CertificateBench.with { bench in
            bench.records.point("cats.cool", to: CertificateBench.ours)
            _ = await bench.keep("cats.cool", "www.cats.cool", "my.cats.cool")
            var asked = await bench.asked
            XCTAssertEqual(asked, ["cats.cool"])
            bench.records.point("my.cats.cool", to: CertificateBench.ours)
            _ = await bench.ask("cats.cool", "www.cats.cool", "my.cats.cool")
            asked = await bench.asked
            XCTAssertEqual(asked, ["cats.cool", "my.cats.cool"])
            bench.records.point("www.cats.cool", to: CertificateBench.ours)
            _ = await bench.ask("cats.cool", "www.cats.cool", "my.cats.cool")
            asked = await bench.asked
            XCTAssertEqual(asked, ["cats.cool", "www.cats.cool", "my.cats.cool"], "in the plan's order")
            let applies = bench.applies
            for _ in 0..<5 { _ = await bench.ask("cats.cool", "www.cats.cool", "my.cats.cool") }
            XCTAssertEqual(bench.applies, applies, "nothing new, nothing applied")
        }
    }

    func testWhatWasAskedForStaysWhileThePlanWantsIt() async throws {
        try await CertificateBench.with { bench in
            for host in ["cats.cool", "old.cats.cool"] { bench.records.point(host, to: CertificateBench.ours) }
            _ = await bench.keep("cats.cool", "old.cats.cool")
            bench.records.fail(.timedOut)
            _ = await bench.keep("cats.cool", "old.cats.cool", "new.cats.cool")
            var asked = await bench.asked
            XCTAssertEqual(asked, ["cats.cool", "old.cats.cool"], "name servers that are down take nothing away")
            _ = await bench.keep("cats.cool")
            asked = await bench.asked
            XCTAssertEqual(asked, ["cats.cool"], "what nobody wants any more goes")
        }
    }

    func testDNS01NeedsTheDelegationAndNotTheAddress() async throws {
        try await CertificateBench.with { bench in
            bench.records.point("cats.cool", to: "1.2.3.4")
            _ = await bench.keep("cats.cool", dns01: true)
            var asked = await bench.asked
            XCTAssertNil(asked)
            bench.records.delegate("_acme-challenge.cats.cool", to: "acme-auth.iterate.no")
            _ = await bench.ask("cats.cool", dns01: true)
            asked = await bench.asked
            XCTAssertEqual(asked, ["cats.cool"])
            let label = await bench.cluster.object(CertificateBench.path)?.at("metadata", "labels", "iterapp.no/acme-solver")
            XCTAssertEqual(label, "dns01")
        }
    }

    func testWithoutAnAddressOfThePlatformEverythingIsAskedForAtOnce() async throws {
        try await CertificateBench.with { bench in
            let keeper = CertificateKeeper(bench.client)
            _ = await keeper.keep([CertificateBench.certificate(["cats.cool"])], in: CertificateBench.namespace)
            let asked = await bench.asked
            XCTAssertEqual(asked, ["cats.cool"])
            XCTAssertEqual(bench.records.asked, [])
        }
    }

    func testWhatWasAskedForIsWrittenDown() async throws {
        try await CertificateBench.with { bench in
            bench.records.point("cats.cool", to: CertificateBench.ours)
            _ = await bench.keep("cats.cool")
            let placed = try await bench.inventory.placedObjects(in: CertificateBench.namespace)
            XCTAssertEqual(placed.map(\.kind), ["cert-manager.io/v1/Certificate"])
            XCTAssertEqual(placed.map(\.name), ["cats-domains"])
        }
    }

    /// None of these fails a deploy.
    func testClustersThatTakeNoCertificates() async throws {
        func remark(_ status: Int, _ reason: String) async throws -> [String] {
            let answer: JSON = [
                "kind": "Status", "status": "Failure", "reason": .string(reason), "code": .int(status),
                "message": "certificates.cert-manager.io \"cats-domains\" is refused",
            ]
            var remarks: [String] = []
            try await CertificateBench.with(intercept: { $0.method == "PATCH" ? StandInAPI.json(answer, status: status) : nil }) { bench in
                bench.records.point("cats.cool", to: CertificateBench.ours)
                remarks = await bench.keep("cats.cool")
                let wanted = await bench.keeper.wanted(for: "cats.cool")
                XCTAssertEqual(wanted?.trouble, remarks.first, "the site's sentence tells it, too")
            }
            return remarks
        }
        let missing = try await remark(404, "NotFound")
        XCTAssertEqual(
            missing, ["The cluster does not know Certificates, so nothing is served over HTTPS; install cert-manager."])
        let forbidden = try await remark(403, "Forbidden")
        XCTAssertEqual(forbidden.count, 1)
        XCTAssertTrue(forbidden[0].hasPrefix("The certificate of cats.cool could not be asked for yet. "), forbidden[0])
        let down = try await remark(503, "ServiceUnavailable")
        XCTAssertEqual(down.count, 1)
    }
}
