import Foundation
import JSON

/// What cert-manager says about one Certificate
/// (https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateStatus).
struct CertificateState: Hashable, Sendable {
    let namespace: String
    let name: String
    let hosts: [String]
    /// The newest specification was looked at, and a valid certificate for it is in its Secret.
    let isReady: Bool
    let isIssuing: Bool
    /// How often it was issued so far.
    let revision: Int
    let failedAttempts: Int
    let notBefore: Date?
    let notAfter: Date?
    /// The words of its conditions, the failed ones first.
    let message: String

    init(_ certificate: JSON) {
        let status = certificate["status"]
        namespace = certificate.at("metadata", "namespace")?.string ?? ""
        name = certificate.at("metadata", "name")?.string ?? ""
        hosts = WantedCertificate.hosts(of: certificate)
        let conditions = status?["conditions"]?.array ?? []
        let ready = conditions.first { $0["type"]?.string == "Ready" }
        let issuing = conditions.first { $0["type"]?.string == "Issuing" }
        let generation = certificate.at("metadata", "generation")?.int ?? 0
        let observed = ready?["observedGeneration"]?.int ?? generation
        isReady = ready?["status"]?.string == "True" && observed >= generation
        isIssuing = issuing?["status"]?.string == "True"
        revision = status?["revision"]?.int ?? 0
        // The time of the last failure is there only as long as the newest attempt is a failed one.
        let hasFailed = status?["lastFailureTime"]?.string != nil
        failedAttempts = hasFailed ? max(status?["failedIssuanceAttempts"]?.int ?? 1, 1) : 0
        notBefore = Self.date(status?["notBefore"])
        notAfter = Self.date(status?["notAfter"])
        let told = hasFailed && issuing?["status"]?.string == "False" ? issuing : ready
        message = told?["message"]?.string ?? ""
    }

    /// Of a certificate, what is kept by a watch.
    static func trim(_ certificate: JSON) -> JSON {
        let metadata = certificate["metadata"]
        return .compact([
            "metadata": .compact([
                "name": metadata?["name"], "namespace": metadata?["namespace"], "generation": metadata?["generation"],
            ]),
            "spec": .compact(["dnsNames": certificate.at("spec", "dnsNames")]),
            "status": certificate["status"], "fingerprint": .string(Ownership.fingerprint(of: certificate)),
        ])
    }

    private static func date(_ value: JSON?) -> Date? {
        value?.string.flatMap { try? Date($0, strategy: .iso8601) }
    }
}
