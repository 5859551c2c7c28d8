import JSON

/// Reads how far a host's certificate is.
actor CertificateProgress {
    private struct Seen {
        let sentence: String?
        let at: ContinuousClock.Instant
    }

    /// A deploy looks at its sites several times a second.
    static let maxAgeOfAnswers = Duration.seconds(2)
    static let maxSeenHosts = 4_096

    private let client: KubernetesClient
    private let keeper: CertificateKeeper
    private var seen: [String: Seen] = [:]

    init(_ client: KubernetesClient, _ keeper: CertificateKeeper) {
        self.client = client
        self.keeper = keeper
    }

    /// What the certificate of a host waits for. Nil when it is there, and when nobody wants one.
    func obstacle(_ host: String) async -> String? {
        let now = client.timing.now()
        if let known = seen[host], now - known.at < Self.maxAgeOfAnswers { return known.sentence }
        let sentence = await look(at: host)
        if seen.count >= Self.maxSeenHosts { seen = [:] }
        seen[host] = Seen(sentence: sentence, at: now)
        return sentence
    }

    private func look(at host: String) async -> String? {
        guard let (wanted, trouble) = await keeper.wanted(for: host) else { return nil }
        if let trouble { return trouble }
        do throws(KubernetesError) {
            let found = try await client.find(.certificates, namespace: wanted.namespace, name: wanted.name)
            guard let certificate = found else {
                return CertificateWords.notAskedFor(host)
            }
            let state = CertificateState(certificate)
            guard state.hosts.contains(host), !state.isReady else {
                return CertificateWords.sentence(host, state, IssuanceChain())
            }
            let chain = try await IssuanceChain(
                of: certificate, host: host, requests: all(.certificateRequests, wanted.namespace),
                orders: all(.orders, wanted.namespace), challenges: all(.challenges, wanted.namespace))
            return CertificateWords.sentence(host, state, chain)
        } catch {
            return "It is not known how far the certificate of \(host) is. \(error.sentence)"
        }
    }

    /// An issuer that is no ACME one needs no orders, and a bot that may not read them can tell the rest.
    private func all(_ resource: KubernetesResource, _ namespace: String) async throws(KubernetesError) -> [JSON] {
        do throws(KubernetesError) {
            return try await client.list(resource, namespace: namespace).items
        } catch {
            switch error {
            case .notFound, .forbidden: return []
            default: throw error
            }
        }
    }
}
