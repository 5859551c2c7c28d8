import Deploys
import JSON

/// Asks cert-manager for the certificates of releases, name by name as DNS allows, and keeps what is there already.
///
/// Authorities count what they are asked for, and failures more than anything else
/// (https://letsencrypt.org/docs/rate-limits/): a name that leads elsewhere is not asked for. Nothing that happens here
/// fails a deploy: what cannot be asked for is told, and asked for later.
package actor CertificateKeeper {
    private let client: KubernetesClient
    private let domains: DomainCheck?
    private let inventory: (any Inventory)?
    private let turnstile = Turnstile()
    /// What the plans that were seen ask for, by namespace.
    private var wanted: [String: [WantedCertificate]] = [:]
    /// Why a certificate could not be asked for the last time, by namespace and name.
    private var troubles: [String: String] = [:]

    static let maxParallelChecks = 8

    /// - Parameters:
    ///   - domains: nil asks for all certificates at once, wherever their names lead.
    ///   - inventory: where it is written down what was put into the cluster.
    package init(
        _ client: KubernetesClient, domains: DomainCheck? = nil, inventory: (any Inventory)? = nil
    ) {
        self.client = client
        self.domains = domains
        self.inventory = inventory
    }

    /// Applies the Certificates of one namespace's plan, as far as their names lead here.
    /// - Returns: sentences about what could not be asked for. A name whose DNS is not right yet is none.
    func keep(_ certificates: [JSON], in namespace: String) async -> [String] {
        await ask(for: certificates, in: namespace, evenIfUnchanged: true)
    }

    /// Asks for what has become possible since the last time.
    func ask(for certificates: [JSON], in namespace: String) async -> [String] {
        await ask(for: certificates, in: namespace, evenIfUnchanged: false)
    }

    /// The certificate that a plan wants for a host, with why it could not be asked for; nil when none does.
    func wanted(for host: String) -> (certificate: WantedCertificate, trouble: String?)? {
        for certificates in wanted.values {
            if let certificate = certificates.first(where: { $0.hosts.contains(host) }) {
                return (certificate, troubles[Self.key(certificate)])
            }
        }
        return nil
    }

    /// One at a time for each namespace: two that look at the same Certificate would undo each other's names.
    private func ask(for certificates: [JSON], in namespace: String, evenIfUnchanged: Bool) async -> [String] {
        do throws(CancellationError) { try await turnstile.enter(namespace) } catch { return [] }
        let remarks = await askInTurn(for: certificates, in: namespace, evenIfUnchanged: evenIfUnchanged)
        await turnstile.leave(namespace)
        return remarks
    }

    private func askInTurn(
        for certificates: [JSON], in namespace: String, evenIfUnchanged: Bool
    ) async -> [String] {
        let plan = certificates.map { WantedCertificate($0, in: namespace) }
        if evenIfUnchanged || wanted[namespace] == nil { wanted[namespace] = plan.isEmpty ? nil : plan }
        var remarks: [String] = []
        for certificate in plan {
            do throws(KubernetesError) {
                let applied = try await ask(for: certificate, evenIfUnchanged: evenIfUnchanged)
                troubles[Self.key(certificate)] = nil
                if let applied, let remark = await record(applied, in: namespace) { remarks.append(remark) }
            } catch {
                let remark = CertificateWords.remark(error, certificate)
                troubles[Self.key(certificate)] = remark
                if !remarks.contains(remark) { remarks.append(remark) }
                // The others would wait as long for nothing.
                if error.isTransient || error == .cancelled { break }
            }
        }
        return remarks
    }

    /// - Returns: what was applied; nil when nothing was.
    private func ask(
        for certificate: WantedCertificate, evenIfUnchanged: Bool
    ) async throws(KubernetesError) -> JSON? {
        let live = try await client.find(.certificates, namespace: certificate.namespace, name: certificate.name)
        let asked = Set(live.map(WantedCertificate.hosts) ?? [])
        let allowed = await allowed(certificate.hosts, of: certificate, asked: asked)
        // Between deploys names are only added: the plan may be the one before what is rolled out just now.
        let isMore = live == nil || Set(allowed).isStrictSuperset(of: asked)
        guard !allowed.isEmpty, evenIfUnchanged || isMore else { return nil }
        return try await client.apply(certificate.object(for: allowed))
    }

    /// The names that may be asked for: those that were before, and those whose DNS is right.
    private func allowed(
        _ hosts: [String], of certificate: WantedCertificate, asked: Set<String>
    ) async -> [String] {
        guard let domains else { return hosts }
        let unproven = hosts.filter { !asked.contains($0) }
        var right = asked
        for slice in unproven.slices(of: Self.maxParallelChecks) {
            let proven = await withTaskGroup(of: String?.self, returning: [String].self) { group in
                for host in slice {
                    group.addTask { await domains.allows(host, dns01: certificate.usesDNS01) ? host : nil }
                }
                return await group.reduce(into: []) { if let host = $1 { $0.append(host) } }
            }
            right.formUnion(proven)
        }
        return hosts.filter(right.contains)
    }

    /// - Returns: why it could not be written down.
    private func record(_ applied: JSON, in namespace: String) async -> String? {
        guard let inventory else { return nil }
        do throws(JournalError) {
            try await inventory.place([PlacedObject(applied, .certificates, namespace: namespace)])
            return nil
        } catch {
            return "A certificate was asked for, and could not be written down: \(error). Deploy again once that is "
                + "mended."
        }
    }

    private static func key(_ certificate: WantedCertificate) -> String {
        "\(certificate.namespace)/\(certificate.name)"
    }
}

extension DomainCheck {
    /// Whether an authority that looks at the host's DNS now would find what it looks for.
    func allows(_ host: String, dns01: Bool) async -> Bool {
        dns01 ? await delegation(of: host) == .made : await place(of: host) == .here
    }
}
