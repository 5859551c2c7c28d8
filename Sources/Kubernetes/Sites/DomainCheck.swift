import DNS

/// Tells whether hosts lead to this platform, so that certificates are asked for only where they can be had.
package actor DomainCheck {
    /// Answers of name servers, as `DNSResolver.ask` gives them.
    package typealias Ask =
        @Sendable (_ kind: DNSRecord.Kind, _ name: String) async -> Result<DNSAnswer, DNSError>

    private struct Question: Hashable {
        let kind: DNSRecord.Kind
        let name: String
    }

    private struct Remembered {
        let answer: Result<DNSAnswer, DNSError>
        let at: ContinuousClock.Instant
    }

    /// A deploy looks at its sites several times a second.
    static let maxAgeOfAnswers = Duration.seconds(5)
    static let maxRememberedAnswers = 4_096

    nonisolated let ingress: IngressAddress
    nonisolated let delegation: String?
    private let ask: Ask
    private let now: @Sendable () -> ContinuousClock.Instant
    private var remembered: [Question: Remembered] = [:]

    /// - Parameters:
    ///   - ingress: what domains must point to.
    ///   - delegation: the name that `_acme-challenge` records of DNS-01 domains must lead to; nil takes any.
    package init(
        ingress: IngressAddress, delegation: String? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, ask: @escaping Ask
    ) {
        self.ingress = ingress
        self.delegation = delegation?.lowercased()
        self.now = now
        self.ask = ask
    }

    /// Asks the machine's name servers.
    package init(
        ingress: IngressAddress, delegation: String? = nil, resolver: DNSResolver = DNSResolver()
    ) {
        self.init(ingress: ingress, delegation: delegation) { kind, name in
            do throws(DNSError) { return .success(try await resolver.ask(kind, of: name)) } catch {
                return .failure(error)
            }
        }
    }

    func place(of host: String) async -> HostPlace {
        var records = HostRecords()
        do throws(DNSError) {
            records = try await self.records(of: host)
            var resolved = Set(ingress.addresses)
            for name in ingress.names where !records.chain.contains(name) {
                resolved.formUnion(try await self.records(of: name).addresses)
            }
            let place = records.place(of: host, for: ingress, resolved: resolved)
            guard case .elsewhere(var elsewhere) = place, !ingress.names.isEmpty else { return place }
            elsewhere.isTopOfZone = try await answer(.soa, host).records.contains { $0.kind == .soa && $0.name == host }
            return .elsewhere(elsewhere)
        } catch {
            return .unknown(error)
        }
    }

    func delegation(of host: String) async -> Delegation {
        do throws(DNSError) {
            let name = Delegation.name(for: host)
            // Asked for an address, a resolver follows every CNAME of the chain; asked for the CNAME, only one.
            let chain = try await answer(.a, name).chain(from: name)
            if let delegation {
                if chain.contains(delegation) { return .made }
            } else if !chain.isEmpty {
                return .made
            }
            if chain.isEmpty, try await !answer(.ns, name).values(.ns).isEmpty { return .made }
            return .missing(present: chain.last)
        } catch {
            return .unknown(error)
        }
    }

    private func records(of host: String) async throws(DNSError) -> HostRecords {
        let old = try await answer(.a, host)
        let new = try await answer(.aaaa, host)
        let chain = old.chain(from: host)
        return HostRecords(
            ipv4: old.values(.a).sorted(), ipv6: new.values(.aaaa).sorted(),
            chain: chain.isEmpty ? new.chain(from: host) : chain)
    }

    private func answer(_ kind: DNSRecord.Kind, _ name: String) async throws(DNSError) -> DNSAnswer {
        let question = Question(kind: kind, name: name)
        if let known = remembered[question], now() - known.at < Self.maxAgeOfAnswers { return try known.answer.get() }
        let answer = await ask(kind, name)
        if remembered.count >= Self.maxRememberedAnswers {
            let oldest = now() - Self.maxAgeOfAnswers
            remembered = remembered.filter { $0.value.at > oldest }
            if remembered.count >= Self.maxRememberedAnswers { remembered = [:] }
        }
        remembered[question] = Remembered(answer: answer, at: now())
        return try answer.get()
    }
}
