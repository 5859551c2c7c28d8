import DNS

/// Where a host leads, by its DNS.
enum HostPlace: Hashable, Sendable {
    /// To this platform, and nowhere else.
    case here
    case elsewhere(HostRecords)
    /// The name servers do not say: neither here nor elsewhere.
    case unknown(DNSError)
}

/// What name servers say about a host's addresses.
struct HostRecords: Hashable, Sendable {
    var ipv4: [String] = []
    var ipv6: [String] = []
    /// Where its CNAMEs lead, step by step.
    var chain: [String] = []
    /// Of its addresses, those that are not ours.
    var strays: [String] = []
    /// No CNAME can stand there (RFC 1034, section 3.6.2). Known only where a CNAME is what is wanted.
    var isTopOfZone = false

    var addresses: [String] { ipv4 + ipv6 }
}

/// Whether `_acme-challenge.{host}` leads to where the operator's DNS-01 solver writes
/// (RFC 8555, section 8.4; https://cert-manager.io/docs/configuration/acme/dns01/#delegated-domains-for-dns01).
enum Delegation: Hashable, Sendable {
    case made
    /// `present` is where it leads instead; nil when it leads nowhere.
    case missing(present: String?)
    case unknown(DNSError)

    static func name(for host: String) -> String { "_acme-challenge.\(host)" }
}

extension HostRecords {
    /// Where the host leads.
    ///
    /// Every address counts: visitors and certificate authorities take whichever they like, and IPv6 first
    /// (RFC 6724; https://letsencrypt.org/docs/ipv6-support/).
    func place(of host: String, for ingress: IngressAddress, resolved: Set<String>) -> HostPlace {
        guard !ingress.names.contains(host), ingress.names.allSatisfy({ !chain.contains($0) }) else { return .here }
        var records = self
        records.strays = [ipv4, ipv6].flatMap { family in
            let strays = family.filter { !resolved.contains($0) }
            // A load balancer's name has other addresses from one moment to the next.
            return !ingress.names.isEmpty && strays.count < family.count ? [] : strays
        }
        return records.strays.isEmpty && !addresses.isEmpty ? .here : .elsewhere(records)
    }
}
