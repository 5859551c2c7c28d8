import JSON

/// Sentences about certificates, for developers and for those who run the cluster.
enum CertificateWords {
    /// Why a Certificate could not be asked for, and what to do about it.
    static func remark(_ error: KubernetesError, _ certificate: WantedCertificate) -> String {
        switch error {
        case .notFound:
            return "The cluster does not know Certificates, so nothing is served over HTTPS; install cert-manager."
        default:
            let hosts = list(certificate.hosts)
            return "The certificate of \(hosts) could not be asked for yet. \(error.sentence)"
        }
    }

    /// What a host's certificate waits for; nil when it is there.
    static func sentence(_ host: String, _ state: CertificateState, _ chain: IssuanceChain) -> String? {
        guard state.hosts.contains(host) else { return notAskedFor(host) }
        guard !state.isReady else { return nil }
        let hasFailed = chain.hasFailed || state.failedAttempts > 0 && !state.isIssuing
        let reason = clause(chain.reason ?? state.message)
        guard hasFailed else {
            return reason.isEmpty
                ? "Waiting for the certificate of \(host); if it takes minutes, check that cert-manager runs."
                : "Waiting for the certificate of \(host): \(reason).\(advice(reason, host))"
        }
        return "The certificate of \(host) could not be issued\(reason.isEmpty ? "" : ": \(reason)")."
            + (advice(reason, host) + " cert-manager tries again by itself.")
    }

    static func notAskedFor(_ host: String) -> String {
        "Waiting for the certificate of \(host): it is not asked for yet."
    }

    /// What to do about words of cert-manager's, and about the problem types of ACME that it passes on
    /// (RFC 8555, section 6.7). Begins with a space; empty when nothing is known.
    static func advice(_ reason: String, _ host: String) -> String {
        if reason.contains("issuer") && reason.contains("not found") {
            return " Ask whoever runs the bot: ITERAPP_CLUSTER_ISSUER names an issuer that the cluster does not have."
        }
        guard let range = reason.range(of: "urn:ietf:params:acme:error:") else {
            guard reason.hasPrefix("Waiting for HTTP-01 challenge propagation") else { return "" }
            return " Nothing may answer below http://\(host)/.well-known/ instead of the platform."
        }
        switch reason[range.upperBound...].prefix(while: \.isLetter) {
        case "caa": return " Let the domain's CAA records allow the certificate authority, or remove them."
        case "dns": return " Check the domain's name servers."
        case "connection", "unauthorized", "tls":
            return " Nothing may keep the certificate authority from http://\(host)/.well-known/ on the platform."
        case "rateLimited": return " Nothing has to be done but to wait."
        default: return ""
        }
    }

    /// A program's words as the end of one sentence.
    static func clause(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let cut = line.count > maxClauseCharacters ? line.prefix(maxClauseCharacters) + "…" : line[...]
        // Go's messages often end where another one should have followed: `order is in "invalid" state: `.
        return String(cut.reversed().drop { ".: ".contains($0) }.reversed())
    }

    /// `cats.cool, www.cats.cool and 3 more`
    static func list(_ hosts: [String]) -> String {
        guard hosts.count > 1 else { return hosts.first ?? "no name" }
        guard hosts.count > maxNamedHosts else {
            return hosts.dropLast().joined(separator: ", ") + " and " + (hosts.last ?? "")
        }
        let shown = hosts.prefix(maxNamedHosts - 1)
        return shown.joined(separator: ", ") + " and \(hosts.count - shown.count) more"
    }

    private static let maxClauseCharacters = 300
    private static let maxNamedHosts = 4
}
