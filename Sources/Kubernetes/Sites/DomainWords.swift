import DNS

/// Sentences about DNS for a domain's owner: what is waited for, and the record to create, to the letter.
struct DomainWords {
    let ingress: IngressAddress
    /// Where `_acme-challenge` records must lead; nil when the operator has not said.
    let delegation: String?

    /// Nil for a host that leads here.
    func sentence(_ host: String, _ place: HostPlace) -> String? {
        switch place {
        case .here: nil
        case .unknown(let error): "It is not known yet where \(host) points to: \(error.reason)."
        case .elsewhere(let records) where records.strays.count < records.addresses.count:
            "Waiting for \(host) to point to \(ingress.text) alone. Remove \(Self.list(records.strays)), which "
                + "\(records.strays.count == 1 ? "leads" : "lead") elsewhere."
        case .elsewhere(let records):
            "Waiting for \(host) to point to \(ingress.text). \(advice(host, records)) (\(Self.present(records)))."
        }
    }

    /// Nil when it is delegated.
    func sentence(_ host: String, _ state: Delegation) -> String? {
        let name = Delegation.name(for: host)
        switch state {
        case .made: return nil
        case .unknown(let error): return "It is not known yet where \(name) leads to: \(error.reason)."
        case .missing(let present):
            let target = delegation ?? "the name that the platform's operator gives you"
            let now = present.map { "it leads to \($0) now" } ?? "it has none now"
            return "Waiting for \(name) to lead to \(delegation ?? "the platform"). Create a CNAME record for "
                + "\(name) with \(target) (\(now))."
        }
    }

    private func advice(_ host: String, _ records: HostRecords) -> String {
        guard let name = ingress.names.first else {
            let address = ingress.addresses.first ?? ""
            return "Create an \(Self.kind(address)) record for \(host) with \(address)"
        }
        if records.isTopOfZone {
            return "Create an ALIAS record (ANAME, or a flattened CNAME; the top of a domain takes no other) for "
                + "\(host) with \(name)"
        }
        return "Create a CNAME record for \(host) with \(name)"
    }

    private static func present(_ records: HostRecords) -> String {
        let addresses = records.addresses
        let shown = addresses.prefix(maxNamedAddresses).joined(separator: ", ")
            + (addresses.count > maxNamedAddresses ? " and more" : "")
        switch (records.chain.last, addresses.isEmpty) {
        case (let target?, true): return "it leads to \(target) now, which has no address"
        case (let target?, false): return "it leads to \(target) with \(shown) now"
        case (nil, true): return "it has none now"
        case (nil, false): return "it has \(shown) now"
        }
    }

    /// `its AAAA record 2001:db8::1 and its A record 192.0.2.1`
    private static func list(_ strays: [String]) -> String {
        let named = strays.prefix(maxNamedAddresses).map { "its \(kind($0)) record \($0)" }
        return named.joined(separator: " and ") + (strays.count > maxNamedAddresses ? " and more" : "")
    }

    private static func kind(_ address: String) -> String { IngressAddress.isIPv6(address) ? "AAAA" : "A" }

    private static let maxNamedAddresses = 3
}
