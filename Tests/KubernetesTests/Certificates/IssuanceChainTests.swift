import JSON
import XCTest

@testable import Kubernetes

/// cert-manager's chain as one sentence.
final class IssuanceChainTests: XCTestCase {
    private static let certificate: JSON = {
        var certificate = CertificateBench.certificate(["cats.cool", "www.cats.cool"])
        certificate["metadata"]?["uid"] = "c"
        certificate["status"] = [
            "conditions": [
                CertificateBench.ready("False", "DoesNotExist", "Issuing certificate as Secret does not exist"),
                ["type": "Issuing", "status": "True"],
            ]
        ]
        return certificate
    }()

    private func object(_ uid: String, owner: String, spec: JSON = [:], status: JSON, revision: Int = 1) -> JSON {
        [
            "metadata": [
                "uid": .string(uid), "ownerReferences": [["uid": .string(owner)]],
                "annotations": [
                    "cert-manager.io/certificate-name": "cats-domains",
                    "cert-manager.io/certificate-revision": .string(String(revision)),
                ],
                "creationTimestamp": "2026-11-21T07:00:00Z",
            ],
            "spec": spec, "status": status,
        ]
    }

    private func request(_ reason: String, _ message: String, uid: String = "r", revision: Int = 1) -> JSON {
        object(
            uid, owner: "c", status: ["conditions": [CertificateBench.ready("False", reason, message)]],
            revision: revision)
    }

    private func order(_ state: String, _ reason: String? = nil, of request: String = "r") -> JSON {
        object("o", owner: request, status: .compact(["state": .string(state), "reason": reason.map(JSON.string)]))
    }

    private func challenge(_ host: String, _ state: String, _ reason: String) -> JSON {
        object(
            "ch-\(host)", owner: "o", spec: ["dnsName": .string(host)],
            status: ["state": .string(state), "reason": .string(reason)])
    }

    private func sentence(
        _ certificate: JSON = certificate, _ requests: [JSON] = [], _ orders: [JSON] = [], _ challenges: [JSON] = [],
        host: String = "cats.cool"
    ) -> String? {
        let chain = IssuanceChain(
            of: certificate, host: host, requests: requests, orders: orders, challenges: challenges)
        return CertificateWords.sentence(host, CertificateState(certificate), chain)
    }

    private let waiting = "Waiting for certificate issuance from order apps-cats-prod/o: \"pending\""

    func testTheInnermostObjectThatSaysAnythingIsQuoted() {
        let start = "Waiting for the certificate of cats.cool: "
        XCTAssertEqual(sentence(), start + "Issuing certificate as Secret does not exist.")
        XCTAssertEqual(
            sentence(Self.certificate, [request("Pending", "Waiting for approval.")]), start + "Waiting for approval.")
        let propagation =
            "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'"
        XCTAssertEqual(
            sentence(
                Self.certificate, [request("Pending", waiting)], [order("pending")],
                [challenge("www.cats.cool", "pending", "x"), challenge("cats.cool", "pending", propagation)]),
            start + propagation + ". Nothing may answer below http://cats.cool/.well-known/ instead of the platform.")
        XCTAssertEqual(
            sentence(
                Self.certificate, [request("Pending", waiting)], [order("pending")],
                [challenge("cats.cool", "valid", ""), challenge("www.cats.cool", "pending", "Waiting for www.")]),
            start + "Waiting for www.", "another name of the same certificate holds it up")
    }

    func testOnlyTheNewestAttemptCounts() {
        let old = request("Failed", "long ago", uid: "old", revision: 1)
        let new = request("Pending", "now", uid: "new", revision: 2)
        XCTAssertEqual(
            sentence(Self.certificate, [new, old], [order("invalid", "old", of: "old")]),
            "Waiting for the certificate of cats.cool: now.")
    }

    func testFailuresOfTheAuthorityAreToldWithWhatToDo() {
        func failure(_ reason: String) -> String? {
            sentence(Self.certificate, [request("Failed", "failed")], [order("errored", reason)])
        }
        let start = "The certificate of cats.cool could not be issued: "
        let end = " cert-manager tries again by itself."
        let limit = "Failed to create Order: 429 urn:ietf:params:acme:error:rateLimited: too many certificates"
        XCTAssertEqual(failure(limit), "\(start)\(limit). Nothing has to be done but to wait.\(end)")
        let caa = "Error accepting authorization: 403 urn:ietf:params:acme:error:caa: CAA record prevents issuance"
        XCTAssertEqual(
            failure(caa), "\(start)\(caa). Let the domain's CAA records allow the certificate authority, or remove them.\(end)")
        let dns = "400 urn:ietf:params:acme:error:dns: looking up A for cats.cool: SERVFAIL"
        XCTAssertEqual(failure(dns), "\(start)\(dns). Check the domain's name servers.\(end)")
        let other = "500 urn:ietf:params:acme:error:serverInternal: oops"
        XCTAssertEqual(failure(other), "\(start)\(other).\(end)")
    }

    func testAnIssuerThatIsNotThere() {
        let message = "Referenced \"ClusterIssuer\" not found: clusterissuer.cert-manager.io \"letsencrypt\" not found"
        XCTAssertEqual(
            sentence(Self.certificate, [request("Pending", message)]),
            "Waiting for the certificate of cats.cool: \(message). Ask whoever runs the bot: ITERAPP_CLUSTER_ISSUER names "
                + "an issuer that the cluster does not have.")
    }

    func testBetweenTwoAttemptsTheCertificateItselfTells() {
        var failed = Self.certificate
        failed["status"] = [
            "failedIssuanceAttempts": 3, "lastFailureTime": "2026-11-21T07:00:00Z",
            "conditions": [
                CertificateBench.ready("False", "DoesNotExist", "Secret does not exist"),
                ["type": "Issuing", "status": "False", "reason": "Failed", "message": "order is in \"invalid\" state: "],
            ],
        ]
        XCTAssertEqual(
            sentence(failed), "The certificate of cats.cool could not be issued: order is in \"invalid\" state. "
                + "cert-manager tries again by itself.")
    }

    func testNobodyLooksAfterIt() {
        var untouched = Self.certificate
        untouched["status"] = nil
        XCTAssertEqual(
            sentence(untouched), "Waiting for the certificate of cats.cool; if it takes minutes, check that cert-manager runs.")
    }

    func testReadyOrNotAskedFor() {
        var ready = Self.certificate
        ready["status"] = ["conditions": [CertificateBench.ready("True")]]
        XCTAssertNil(sentence(ready))
        XCTAssertEqual(
            sentence(ready, host: "my.cats.cool"), "Waiting for the certificate of my.cats.cool: it is not asked for yet.")
    }

    func testAProgramsWordsStayWithinASentence() {
        let long = String(repeating: "a\n", count: 1_000)
        XCTAssertEqual(CertificateWords.clause(long).count, 301)
        XCTAssertFalse(CertificateWords.clause("a\nb.").contains("\n"))
    }
}
