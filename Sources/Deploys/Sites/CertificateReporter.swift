import Foundation

/// Tells people once about each kind of trouble with a certificate, and once when it is well again. What somebody took
/// away or changed is asked for again.
package struct CertificateReporter: Sendable {
    let journal: any SiteWatcher.Journal
    let certificates: any Certificates
    let naming: Naming
    let signals: Signals
    let now: @Sendable () -> Date
    let log: Log

    package init(
        journal: any SiteWatcher.Journal, certificates: any Certificates, naming: Naming, signals: Signals,
        now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.journal = journal
        self.certificates = certificates
        self.naming = naming
        self.signals = signals
        self.now = now
        self.log = log
    }

    /// Works until the task is cancelled.
    package func run() async {
        for await snapshot in await certificates.snapshots() {
            // The next snapshot is complete again, so nothing that could not be written is lost.
            do {
                try await restore(snapshot.drifted)
                try await report(snapshot.healths)
            } catch { log.error("news of certificates can't be told: \(error)") }
        }
    }

    private func restore(_ namespaces: [String]) async throws(JournalError) {
        for namespace in namespaces {
            guard let desired = try await journal.desiredState(inNamespace: namespace) else { continue }
            log.info("the certificates in \(namespace) were changed by somebody else; they are asked for again")
            await certificates.restore(desired.plan)
        }
    }

    /// - Parameter snapshot: of all certificates: one that is not in it is gone.
    private func report(_ snapshot: [CertificateHealth]) async throws(JournalError) {
        let told = Dictionary(grouping: try await journal.toldTroubles(), by: \.certificate)
            .mapValues { Set($0.map(\.kind)) }
        for health in snapshot {
            let known = told[health.certificate] ?? []
            let news = health.troubles.filter { !known.contains($0.kind) }
            if !news.isEmpty {
                try await tell(news, of: health.certificate)
            } else if health.isWell, !known.isEmpty {
                try await tellRecovery(of: health)
            }
        }
        for gone in Set(told.keys).subtracting(snapshot.map(\.certificate)) {
            try await journal.forgetTroubles(of: gone, about: nil, notices: [])
        }
    }

    private func tell(_ troubles: [CertificateTrouble], of certificate: CertificateName) async throws(JournalError) {
        guard let operation = try await journal.operation(serving: certificate.namespace) else { return }
        try await journal.tell(
            troubles.map { ToldTrouble(certificate, $0.kind) }, about: operation, at: now(),
            notices: troubles.map { .announcement(report(operation, .certificateTrouble($0))) })
        signals.notices.fire()
        for trouble in troubles {
            log.warning("certificate \(certificate.namespace)/\(certificate.name): \(trouble.sentence)")
        }
    }

    private func tellRecovery(of health: CertificateHealth) async throws(JournalError) {
        let operation = try await journal.operation(serving: health.certificate.namespace)
        let phase = Phase.certificateRecovered(hosts: health.hosts)
        let notices = operation.map { [NoticeDraft.announcement(report($0, phase))] } ?? []
        try await journal.forgetTroubles(of: health.certificate, about: operation, notices: notices)
        signals.notices.fire()
    }

    private func report(_ operation: Operation, _ phase: Phase) -> Report {
        Report(operation: operation, appLabel: naming.label(operation.app), phase: phase)
    }
}
