/// The certificates of releases, beside the cluster that they are kept in. None of it ever fails a deploy.
package protocol Certificates: Sendable {
    /// Asks for those of a plan's certificates that can be had by now, and were not asked for before.
    func ask(for plan: ClusterPlan) async
    /// Puts those of a plan in place again that somebody took away or changed.
    func restore(_ plan: ClusterPlan) async
    /// All certificates of ours that are in the cluster, each time something may be different. Ends with the task.
    func snapshots() async -> AsyncStream<CertificateSnapshot>
}

/// All certificates of ours at a moment.
package struct CertificateSnapshot: Hashable, Sendable {
    package let healths: [CertificateHealth]
    /// Namespaces in which a certificate is gone, or is not as we made it.
    package let drifted: [String]

    package init(_ healths: [CertificateHealth], drifted: [String] = []) {
        self.healths = healths
        self.drifted = drifted
    }
}

/// How a certificate is at a moment.
package struct CertificateHealth: Hashable, Sendable {
    package let certificate: CertificateName
    /// At most one of each kind.
    package let troubles: [CertificateTrouble]
    /// True when nothing is wrong by a margin: troubles that come and go are told once.
    package let isWell: Bool
    package let hosts: [String]

    package init(
        _ certificate: CertificateName, hosts: [String], troubles: [CertificateTrouble], isWell: Bool
    ) {
        self.certificate = certificate
        self.hosts = hosts
        self.troubles = troubles
        self.isWell = isWell
    }
}

/// What people must notice about a certificate.
package struct CertificateTrouble: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// It could not be issued or renewed, and is tried again.
        case failing
        /// It was there, and is not what is asked for any more.
        case invalid
        /// Its end is near.
        case expiring
    }

    package let kind: Kind
    package let hosts: [String]
    /// What happened, and what to do.
    package let sentence: String

    package init(_ kind: Kind, hosts: [String], sentence: String) {
        self.kind = kind
        self.hosts = hosts
        self.sentence = sentence
    }
}
