import Deploys
import Foundation

/// What people must notice about a certificate. Pure.
///
/// Failures are told by what cert-manager writes down, without any clock; only the end of a certificate is a date, and
/// its margins are far wider than clocks differ.
struct CertificateJudgement: Hashable, Sendable {
    let troubles: [CertificateTrouble]
    let isWell: Bool

    /// Renewal begins 30 days before a certificate of 90 days ends, so that half of that has passed in vain.
    static let maxNoticeSeconds: TimeInterval = 14 * 24 * 3_600
    /// Shorter ones are renewed later, at two thirds of their life
    /// (https://cert-manager.io/docs/usage/certificate/#reissuance-triggered-by-expiry-renewal).
    static let maxNoticeShare = 0.25
    /// Nothing is said about the end of certificates that live no longer.
    static let minLifeSeconds: TimeInterval = 12 * 3_600
    /// Beyond the notice before a certificate counts as renewed.
    static let marginSeconds: TimeInterval = 24 * 3_600
    static let marginShare = 0.05
    /// How long a certificate that was there may be invalid: it is so for moments whenever names are added.
    static let maxInvalid = Duration.seconds(15 * 60)
    /// The same while a new one is being issued.
    static let maxIssuing = Duration.seconds(60 * 60)

    /// - Parameter invalidFor: how long it has been seen not to be ready; nil when it is ready.
    init(_ state: CertificateState, now: Date, invalidFor: Duration?) {
        let words = CertificateTroubleWords(state: state, now: now)
        var troubles: [CertificateTrouble] = []
        func add(_ kind: CertificateTrouble.Kind, _ sentence: String) {
            troubles.append(CertificateTrouble(kind, hosts: state.hosts, sentence: sentence))
        }
        if state.failedAttempts > 0 { add(.failing, words.failing) }
        if let invalidFor, state.revision > 0, state.failedAttempts == 0,
            invalidFor >= (state.isIssuing ? Self.maxIssuing : Self.maxInvalid)
        {
            add(.invalid, words.invalid)
        }
        let life = Self.life(of: state)
        if let end = state.notAfter, let life, end.timeIntervalSince(now) < Self.notice(life) {
            add(.expiring, words.expiring(end))
        }
        self.troubles = troubles
        isWell = troubles.isEmpty && state.isReady && Self.isFarFromItsEnd(state, life, now)
    }

    private static func isFarFromItsEnd(_ state: CertificateState, _ life: TimeInterval?, _ now: Date) -> Bool {
        guard let end = state.notAfter, let life else { return true }
        return end.timeIntervalSince(now) > notice(life) + min(marginSeconds, life * marginShare)
    }

    /// Nil when it is unknown, or too short to say anything.
    private static func life(of state: CertificateState) -> TimeInterval? {
        guard let end = state.notAfter else { return nil }
        let life = state.notBefore.map { end.timeIntervalSince($0) } ?? .infinity
        return life >= minLifeSeconds ? life : nil
    }

    private static func notice(_ life: TimeInterval) -> TimeInterval { min(maxNoticeSeconds, life * maxNoticeShare) }
}

/// The sentences of a judgement.
struct CertificateTroubleWords {
    let state: CertificateState
    let now: Date

    private var hosts: String { CertificateWords.list(state.hosts) }
    private var details: String {
        "For details: kubectl describe certificate \(state.name) --namespace \(state.namespace)"
    }

    var failing: String {
        let reason = CertificateWords.clause(
            state.message.replacing("The certificate request has failed to complete and will be retried: ", with: ""))
        let deed = state.revision > 0 ? "renewed" : "issued"
        let advice = CertificateWords.advice(reason, state.hosts.first ?? "")
        return "The certificate of \(hosts) could not be \(deed)\(reason.isEmpty ? "" : ": \(reason)").\(advice)"
            + "\(validity) cert-manager tries again by itself."
    }

    var invalid: String {
        let reason = CertificateWords.clause(state.message)
        return "The certificate of \(hosts) is not valid any more\(reason.isEmpty ? "" : ": \(reason)"). \(details)"
    }

    func expiring(_ end: Date) -> String {
        let verb = end < now ? "expired" : "expires"
        return "The certificate of \(hosts) \(verb) on \(Self.day(end)) and was not renewed. \(details)"
    }

    private var validity: String {
        guard let end = state.notAfter, state.isReady, end > now else { return "" }
        return " The one that is served is valid until \(Self.day(end));"
    }

    private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}
