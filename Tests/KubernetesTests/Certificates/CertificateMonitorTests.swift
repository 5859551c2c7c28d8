import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// One watch for all certificates.
final class CertificateMonitorTests: XCTestCase {
    /// The first snapshot that fits.
    private func first(
        _ iterator: inout AsyncStream<CertificateSnapshot>.AsyncIterator,
        where fits: ([CertificateHealth]) -> Bool = { _ in true }, drifted: Bool = false
    ) async -> [CertificateHealth]? {
        while let snapshot = await iterator.next(isolation: nil) {
            if fits(snapshot.healths), !drifted || !snapshot.drifted.isEmpty { return snapshot.healths }
        }
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
            let certificates = ClusterCertificates(
                bench.client, bench.keeper, inventory: bench.inventory, now: { .now })
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

    /// The scripted cluster keeps no account of managers, so here a change of identity stands for every other.
    func testWhatSomebodyTookAwayIsAskedForAgain() async throws {
        try await CertificateBench.with { bench in
            bench.records.point("cats.cool", to: CertificateBench.ours)
            _ = await bench.keep("cats.cool")
            let certificates = ClusterCertificates(
                bench.client, bench.keeper, inventory: bench.inventory, now: { .now })
            let plan = ClusterPlan(
                namespace: CertificateBench.namespace,
                text: String(
                    decoding: KubernetesObjects.list([CertificateBench.certificate(["cats.cool"])]).bytes,
                    as: UTF8.self))
            var snapshots = await certificates.snapshots().makeAsyncIterator()
            // A change after the list is seen once the watch is open; of removals before that nobody is told.
            _ = await first(&snapshots) { !$0.isEmpty }
            await bench.setStatus(["revision": 1, "conditions": [CertificateBench.ready("True")]])
            _ = await first(&snapshots) { $0.first?.isWell == true }
            await bench.cluster.remove(CertificateBench.path)
            let drifted = await first(&snapshots, drifted: true)
            XCTAssertEqual(drifted, [])
            await certificates.restore(plan)
            let asked = await bench.asked
            XCTAssertEqual(asked, ["cats.cool"])
            let back = await first(&snapshots) { !$0.isEmpty }
            XCTAssertEqual(back?.count, 1)
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
