import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// One watch for all certificates.
final class CertificateMonitorTests: XCTestCase {
    /// The first snapshot that fits.
    private func first(
        _ iterator: inout AsyncStream<[CertificateHealth]>.AsyncIterator, where fits: ([CertificateHealth]) -> Bool
    ) async -> [CertificateHealth]? {
        while let snapshot = await iterator.next(isolation: nil) { if fits(snapshot) { return snapshot } }
        return nil
    }

    func testChangesInTheClusterBecomeSnapshots() async throws {
        try await CertificateBench.with { bench in
            bench.records.point("cats.cool", to: CertificateBench.ours)
            _ = await bench.keep("cats.cool")
            var foreign = CertificateBench.certificate(["dogs.cool"], name: "byhand")
            foreign["metadata"]?["labels"] = [:]
            let elsewhere = CertificateBench.path.replacing("cats-domains", with: "byhand")
            await bench.cluster.put(foreign, at: elsewhere)
            let certificates = ClusterCertificates(bench.client, bench.keeper, now: { .now })
            var snapshots = await certificates.snapshots().makeAsyncIterator()
            let begin = await first(&snapshots) { !$0.isEmpty }
            XCTAssertEqual(begin?.map(\.certificate.name), ["cats-domains"], "what people made is theirs")
            XCTAssertEqual(begin?.first?.isWell, false)
            await bench.setStatus(["revision": 1, "conditions": [CertificateBench.ready("True")]])
            let ready = await first(&snapshots) { $0.first?.isWell == true }
            XCTAssertEqual(ready?.first?.hosts, ["cats.cool"])
            await bench.setStatus([
                "revision": 1, "lastFailureTime": "2026-11-21T07:00:00Z", "failedIssuanceAttempts": 1,
                "conditions": [CertificateBench.ready("True")],
            ])
            let failing = await first(&snapshots) { $0.first?.troubles.isEmpty == false }
            XCTAssertEqual(failing?.first?.troubles.map(\.kind), [.failing])
            await bench.cluster.remove(CertificateBench.path)
            let gone = await first(&snapshots) { $0.isEmpty }
            XCTAssertEqual(gone, [])
            let watches = bench.api.requests.filter { $0.fields["watch"] == "1" }
            XCTAssertEqual(Set(watches.map(\.path)), ["/apis/cert-manager.io/v1/certificates"])
        }
    }

    func testOfACertificateLittleIsKept() {
        var certificate = CertificateBench.certificate(["cats.cool"])
        certificate["metadata"]?["managedFields"] = [["manager": "iterapp"]]
        certificate["metadata"]?["generation"] = 2
        certificate["status"] = ["revision": 1]
        let kept = CertificateState.trim(certificate)
        XCTAssertEqual(CertificateState(kept), CertificateState(certificate))
        XCTAssertNil(kept.at("metadata", "managedFields"))
        XCTAssertNil(kept.at("spec", "issuerRef"))
    }
}
