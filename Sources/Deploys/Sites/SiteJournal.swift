import Foundation

/// The durable record of sites that are waited for, and of what people were told about certificates.
///
/// A watch begins in the transaction that settles a release, and takes the place of the one that its environment had.
package protocol SiteJournal: Sendable {
    /// Watches whose next look is due, the longest due first. One that is further away than the longest pause is due,
    /// too: the clock was set back.
    func siteWatches(dueAt now: Date, atMost maxCount: Int) async throws(JournalError) -> [SiteWatch]
    /// Writes what a look has brought, with its notices; nothing when the watch has ended meanwhile.
    func keep(_ watch: SiteWatch, notices: [NoticeDraft]) async throws(JournalError)
    /// Ends a watch with its notices; nothing happens when it has ended meanwhile.
    func end(_ watch: SiteWatch, notices: [NoticeDraft]) async throws(JournalError)

    /// The operation that made what an environment shall be like now; nil when no registered app has this namespace.
    func operation(serving namespace: String) async throws(JournalError) -> Operation?
    /// What people know of already.
    func toldTroubles() async throws(JournalError) -> [ToldTrouble]
    /// Writes down that people are told, with the notices that do.
    func tell(
        _ troubles: [ToldTrouble], about operation: Operation, at now: Date, notices: [NoticeDraft]
    ) async throws(JournalError)
    /// Takes all troubles of a certificate off the list.
    /// - Parameter operation: nil when there is nobody to tell: then there are no notices.
    func forgetTroubles(
        of certificate: CertificateName, about operation: Operation?, notices: [NoticeDraft]
    ) async throws(JournalError)
}

/// Which certificate.
package struct CertificateName: Hashable, Sendable {
    package let namespace: String
    package let name: String

    package init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }
}

/// A trouble of a certificate that people were told of.
package struct ToldTrouble: Hashable, Sendable {
    package let certificate: CertificateName
    package let kind: CertificateTrouble.Kind

    package init(_ certificate: CertificateName, _ kind: CertificateTrouble.Kind) {
        self.certificate = certificate
        self.kind = kind
    }
}
