import Deploys
import Foundation
import JSON
import XCTest

@testable import Kubernetes

final class CertificateJudgementTests: XCTestCase {
    private static let day: TimeInterval = 24 * 3_600
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)

    private func state(
        ready: Bool = true, issuing: Bool = false, revision: Int = 1, failures: Int = 0, life: Double? = 90,
        left: TimeInterval = 60 * day, message: String = "Issuing certificate as Secret does not exist"
    ) -> CertificateState {
        var certificate = CertificateBench.certificate(["cats.cool", "www.cats.cool"])
        let end = Self.now.addingTimeInterval(left)
        var status: [String: JSON] = [
            "revision": .int(revision),
            "conditions": [
                CertificateBench.ready(ready ? "True" : "False", "Ready", ready ? "Certificate is up to date" : message),
                ["type": "Issuing", "status": .string(issuing ? "True" : "False"), "message": .string(message)],
            ],
        ]
        if failures > 0 {
            status["failedIssuanceAttempts"] = .int(failures)
            status["lastFailureTime"] = .string(Self.now.formatted(.iso8601))
        }
        if let life {
            status["notAfter"] = .string(end.formatted(.iso8601))
            status["notBefore"] = .string(end.addingTimeInterval(-life * Self.day).formatted(.iso8601))
        }
        certificate["status"] = .object(status)
        return CertificateState(certificate)
    }

    private func judge(
        _ state: CertificateState, clockOff: TimeInterval = 0, invalidFor: Duration? = nil
    ) -> CertificateJudgement {
        CertificateJudgement(state, now: Self.now.addingTimeInterval(clockOff), invalidFor: invalidFor)
    }

    private func kinds(_ judgement: CertificateJudgement) -> [CertificateTrouble.Kind] { judgement.troubles.map(\.kind) }

    func testAHealthyCertificate() {
        let judgement = judge(state())
        XCTAssertEqual(judgement, CertificateJudgement(state(), now: Self.now, invalidFor: nil))
        XCTAssertEqual(kinds(judgement), [])
        XCTAssertTrue(judgement.isWell)
    }

    func testTheFirstIssuanceIsNoTroubleHoweverLongItTakes() {
        let first = state(ready: false, issuing: true, revision: 0, life: nil)
        XCTAssertEqual(kinds(judge(first, invalidFor: .seconds(99_999))), [])
        XCTAssertFalse(judge(first).isWell)
    }

    func testFailedIssuanceAndFailedRenewal() {
        let reason = "The certificate request has failed to complete and will be retried: Failed to wait for order "
            + "resource \"cats-1\" to become ready: order is in \"invalid\" state: "
        let issuance = judge(state(ready: false, revision: 0, failures: 2, life: nil, message: reason))
        XCTAssertEqual(
            issuance.troubles.map(\.sentence), [
                "The certificate of cats.cool and www.cats.cool could not be issued: Failed to wait for order resource "
                    + "\"cats-1\" to become ready: order is in \"invalid\" state. cert-manager tries again by itself."
            ])
        let renewal = judge(state(failures: 1, left: 20 * Self.day, message: "it was refused."))
        XCTAssertEqual(kinds(renewal), [.failing])
        XCTAssertEqual(
            renewal.troubles.first?.sentence, "The certificate of cats.cool and www.cats.cool could not be renewed: it was "
                + "refused. The one that is served is valid until 2026-10-11; cert-manager tries again by itself.")
        XCTAssertFalse(renewal.isWell)
    }

    func testACertificateThatBecameInvalidIsToldWhenItStaysSo() {
        let invalid = state(ready: false, message: "Secret was deleted.")
        XCTAssertEqual(kinds(judge(invalid, invalidFor: .seconds(14 * 60))), [], "a name was added a moment ago")
        let told = judge(invalid, invalidFor: .seconds(15 * 60))
        XCTAssertEqual(
            told.troubles.map(\.sentence), [
                "The certificate of cats.cool and www.cats.cool is not valid any more: Secret was deleted. For details: "
                    + "kubectl describe certificate cats-domains --namespace apps-cats-prod"
            ])
        let issuing = state(ready: false, issuing: true)
        XCTAssertEqual(kinds(judge(issuing, invalidFor: .seconds(59 * 60))), [])
        XCTAssertEqual(kinds(judge(issuing, invalidFor: .seconds(60 * 60))), [.invalid])
    }

    func testTheEndIsToldTwoWeeksBefore() {
        XCTAssertEqual(kinds(judge(state(left: 14 * Self.day + 1))), [])
        let told = judge(state(left: 14 * Self.day - 1))
        XCTAssertEqual(
            told.troubles.map(\.sentence), [
                "The certificate of cats.cool and www.cats.cool expires on 2026-10-05 and was not renewed. For details: "
                    + "kubectl describe certificate cats-domains --namespace apps-cats-prod"
            ])
        let over = judge(state(left: -1))
        XCTAssertTrue(over.troubles.first?.sentence.contains(" expired on ") == true, "\(over)")
    }

    /// Renewed at two thirds of their life, as usual, they are never told.
    func testCertificatesWithShortLivesAreNotToldAllTheTime() {
        for life in [1.0, 6, 7, 45, 47, 64, 90, 398] {
            let justBeforeRenewal = state(life: life, left: life * Self.day / 3)
            for clockOff in [-3_600.0, 0, 3_600] {
                XCTAssertEqual(kinds(judge(justBeforeRenewal, clockOff: clockOff)), [], "\(life) days, \(clockOff) s")
            }
            let late = state(life: life, left: life * Self.day / 40)
            XCTAssertEqual(kinds(judge(late)), [.expiring], "\(life) days")
        }
        XCTAssertEqual(kinds(judge(state(life: 0.4, left: 60))), [], "hours are too short for a message")
    }

    /// What is near the limit comes and goes with a clock that is an hour off: it is told, and not taken back.
    func testAClockThatIsAnHourOffTakesNothingBack() {
        let near = state(left: 14 * Self.day - 600)
        XCTAssertEqual(kinds(judge(near)), [.expiring])
        let back = judge(near, clockOff: -3_600)
        XCTAssertEqual(kinds(back), [])
        XCTAssertFalse(back.isWell, "so nobody is told that it is well again")
        XCTAssertTrue(judge(state(left: 60 * Self.day), clockOff: 3_600).isWell)
    }

    func testWhatWasReadyForAnOlderSpecificationIsNotReady() {
        var certificate = CertificateBench.certificate(["cats.cool"])
        certificate["metadata"]?["generation"] = 3
        certificate["status"] = [
            "conditions": [["type": "Ready", "status": "True", "observedGeneration": 2]], "revision": 1,
        ]
        XCTAssertFalse(CertificateState(certificate).isReady)
    }
}
