import Deploys
import Foundation
import Synchronization
import XCTest

/// News of certificates: once for each kind of trouble, and once when it is over.
final class CertificateReporterTests: XCTestCase {
    private static let name = CertificateName(namespace: "apps-cats-test", name: "cats-domains")

    private final class Feed: Certificates {
        let feed: [CertificateSnapshot]
        let restored = Mutex<[ClusterPlan]>([])
        init(_ feed: [CertificateSnapshot]) { self.feed = feed }
        func ask(for plan: ClusterPlan) async {}
        func restore(_ plan: ClusterPlan) async { restored.withLock { $0.append(plan) } }
        func snapshots() async -> AsyncStream<CertificateSnapshot> {
            AsyncStream { continuation in
                for snapshot in feed { continuation.yield(snapshot) }
                continuation.finish()
            }
        }
    }

    /// What people are told of snapshots, one after the other.
    private func told(_ bench: Bench, _ feed: [CertificateHealth]...) async throws -> [NoticeDraft] {
        try await told(bench, Feed(feed.map { CertificateSnapshot($0) }))
    }

    private func told(_ bench: Bench, _ feed: Feed) async throws -> [NoticeDraft] {
        await CertificateReporter(
            journal: bench.journal, certificates: feed, naming: bench.naming, signals: bench.signals,
            now: { Bench.noon }, log: bench.log.log
        ).run()
        return try await bench.delivered()
    }

    private func health(
        _ kinds: CertificateTrouble.Kind..., isWell: Bool = false, name: CertificateName = name
    ) -> CertificateHealth {
        let troubles = kinds.map { CertificateTrouble($0, hosts: ["cats.cool"], sentence: "It is \($0).") }
        return CertificateHealth(name, hosts: ["cats.cool"], troubles: troubles, isWell: isWell)
    }

    private func phases(_ drafts: [NoticeDraft]) -> [Phase] {
        XCTAssertTrue(drafts.allSatisfy(\.isAnnouncement), "a new post, which people notice")
        return drafts.compactMap(\.phase)
    }

    private func trouble(_ kind: CertificateTrouble.Kind) -> Phase {
        .certificateTrouble(CertificateTrouble(kind, hosts: ["cats.cool"], sentence: "It is \(kind)."))
    }

    func testEachKindOfTroubleIsToldOnce() async throws {
        try await Bench.withDeployedApp { bench in
            let first = try await told(bench, [health(.failing)], [health(.failing)], [health(.failing, .expiring)])
            XCTAssertEqual(phases(first), [trouble(.failing), trouble(.expiring)])
            guard case .announcement(let report) = first[0] else { return XCTFail("\(first)") }
            XCTAssertEqual(report.operation.releaseNumber, 1, "about the release that is there")
            let afterRestart = try await told(bench, [health(.failing, .expiring)])
            XCTAssertEqual(afterRestart, [])
            XCTAssertEqual(bench.log.lines.count { $0.contains("It is failing.") }, 1)
        }
    }

    func testRecoveryIsToldOnceAndOnlyWhenItIsSure() async throws {
        try await Bench.withDeployedApp { bench in
            let notices = try await told(
                bench, [health(.expiring)], [health()], [health(.expiring)], [health(isWell: true)],
                [health(isWell: true)])
            XCTAssertEqual(phases(notices), [trouble(.expiring), .certificateRecovered(hosts: ["cats.cool"])])
            let again = try await told(bench, [health(.expiring)])
            XCTAssertEqual(phases(again), [trouble(.expiring)])
        }
    }

    func testACertificateThatIsGoneIsForgottenInSilence() async throws {
        try await Bench.withDeployedApp { bench in
            _ = try await told(bench, [health(.failing)])
            let gone = try await told(bench, [])
            XCTAssertEqual(gone, [])
            let troubles = try await bench.journal.toldTroubles()
            XCTAssertEqual(troubles, [])
        }
    }

    func testWhatSomebodyTookAwayIsAskedForAgain() async throws {
        try await Bench.withDeployedApp { bench in
            let feed = Feed([CertificateSnapshot([], drifted: ["apps-cats-test", "apps-dogs-test"])])
            let notices = try await told(bench, feed)
            XCTAssertEqual(notices, [])
            XCTAssertEqual(feed.restored.withLock { $0.map(\.namespace) }, ["apps-cats-test"])
        }
    }

    func testCertificatesOfNobodyAreNotTold() async throws {
        try await Bench.withDeployedApp { bench in
            let other = CertificateName(namespace: "apps-dogs-test", name: "dogs")
            let notices = try await told(bench, [health(.failing, name: other)])
            XCTAssertEqual(notices, [])
            let troubles = try await bench.journal.toldTroubles()
            XCTAssertEqual(troubles, [])
        }
    }
}
