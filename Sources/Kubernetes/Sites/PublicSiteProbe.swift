import AppFile
import Deploys
import HTTP

/// Looks at a site from the outside in, and tells the first thing that is in the way: its DNS, its certificate, its
/// answer.
package struct PublicSiteProbe: SiteProbe {
    private let http: HTTPSiteProbe
    private let domains: DomainCheck?
    private let keeper: CertificateKeeper
    private let progress: CertificateProgress

    /// - Parameter domains: nil when it is not known what domains must point to; then DNS is not looked at.
    package init(
        _ http: HTTPSiteProbe, domains: DomainCheck?, certificates: CertificateKeeper, client: KubernetesClient
    ) {
        self.http = http
        self.domains = domains
        keeper = certificates
        progress = CertificateProgress(client, certificates)
    }

    package func obstacle(at url: String) async -> String? {
        guard let host = HTTPSiteProbe.host(of: url), url.hasPrefix("https://") else {
            return await http.obstacle(at: url)
        }
        let wanted = await keeper.wanted(for: host)?.certificate
        if wanted?.usesDNS01 == true, let obstacle = await proof(host) { return obstacle }
        if let obstacle = await wrongPlace(host) {
            return wanted?.usesDNS01 == true ? "The certificate of \(host) is there. \(obstacle)" : obstacle
        }
        if let obstacle = await answer(host, url) { return obstacle }
        guard let partner = Self.partner(of: host, in: wanted) else { return nil }
        if let obstacle = await wrongPlace(partner) { return obstacle }
        return await progress.obstacle(partner)
    }

    /// A domain that is proven by DNS-01 gets its certificate first, and leads here only afterwards.
    private func proof(_ host: String) async -> String? {
        guard let obstacle = await progress.obstacle(host) else { return nil }
        guard let domains else { return obstacle }
        let state = await domains.delegation(of: host)
        return domains.words.sentence(host, state) ?? obstacle
    }

    private func wrongPlace(_ host: String) async -> String? {
        guard let domains else { return nil }
        return domains.words.sentence(host, await domains.place(of: host))
    }

    private func answer(_ host: String, _ url: String) async -> String? {
        let outcome = await http.look(at: url)
        let sentence = HTTPSiteProbe.sentence(outcome, url)
        // An answer over HTTPS came with a certificate that holds.
        guard case .fails = outcome else { return sentence }
        return await progress.obstacle(host) ?? sentence
    }

    /// The name in the same certificate that redirects to this one. Nobody is told its URL, but its owner relies on it.
    static func partner(of host: String, in certificate: WantedCertificate?) -> String? {
        let other = Host.redirected(to: host)
        return certificate?.hosts.contains(other) == true ? other : nil
    }
}

extension DomainCheck {
    nonisolated var words: DomainWords { DomainWords(ingress: ingress, delegation: delegation) }
}
