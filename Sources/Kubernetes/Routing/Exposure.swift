import Deploys

/// How requests from outside reach an appling: the one description that every profile is rendered from. All
/// of a host is the appling's, from the path `/` on.
struct Exposure {
    let appling: ReleasedAppling
    /// Each host is in one of them; empty when nothing outside reaches the appling.
    let groups: [HostGroup]

    init(_ appling: ReleasedAppling, in environment: EnvironmentName) {
        self.appling = appling
        let domains = appling.settings.domains(in: environment.rawValue)
        let redirects = appling.redirects(in: environment)
        groups = [
            HostGroup(
                .domains, of: appling, hosts: appling.hosts.filter(domains.contains), redirects: redirects),
            HostGroup(
                .platform, of: appling, hosts: appling.hosts.filter { !domains.contains($0) }, redirects: []),
        ].filter { !$0.hosts.isEmpty }
    }

    /// Those of the file first, as everywhere.
    var hosts: [String] { groups.flatMap(\.hosts) }
    var redirects: [Redirect] { groups.flatMap(\.redirects) }
    var certificates: [CertificateNames] { groups.flatMap(\.certificates) }
    /// Largest body of a request; 0 for no limit, nil for whatever the cluster's is.
    var maxBodyBytes: Int? { appling.settings.maxBodyBytes }
    var hasAccessLog: Bool { !appling.settings.accessLogDisabled }

    static let path = "/"
}

/// Hosts of an appling that are proven to certificate authorities in the same way.
///
/// The platform's own name always leads here, because its operator has seen to it. A domain leads here once
/// somebody has changed its DNS, and DNS-01 works for it once somebody has delegated it: one certificate for
/// both would leave the app without any until then.
struct HostGroup {
    enum Kind {
        /// What the file lists.
        case domains
        /// What every app gets.
        case platform
    }

    let kind: Kind
    /// Of its objects: `cats-domains` for what the file lists, `cats` for the platform's.
    let name: String
    let hosts: [String]
    let redirects: [Redirect]
    let certificates: [CertificateNames]
    let usesDNS01: Bool

    init(_ kind: Kind, of appling: ReleasedAppling, hosts: [String], redirects: [Redirect]) {
        self.kind = kind
        name = kind == .domains ? "\(appling.name)-domains" : appling.name
        self.hosts = hosts
        self.redirects = redirects
        usesDNS01 = kind == .domains && appling.settings.usesDNS01
        let sources = Dictionary(grouping: redirects, by: \.to)
        certificates = CertificateNames.divide(
            hosts.map { host in [host] + (sources[host] ?? []).map(\.from) }, name: name)
    }
}

/// A certificate's place and the names in it.
struct CertificateNames {
    let name: String
    let hosts: [String]

    /// Let's Encrypt takes no more in one (https://letsencrypt.org/docs/rate-limits/).
    static let maxHosts = 100

    /// Where cert-manager puts it.
    var secretName: String { "\(name)-tls" }

    /// As few certificates as hold all names, in their order.
    /// - Parameter names: a host and what redirects to it stay together: nginx serves both with one certificate.
    static func divide(_ names: [[String]], name: String) -> [CertificateNames] {
        var parts: [[String]] = []
        for together in names {
            if let last = parts.last, last.count + together.count <= maxHosts {
                parts[parts.count - 1] += together
            } else {
                parts.append(together)
            }
        }
        return parts.enumerated().map { index, hosts in
            CertificateNames(name: ObjectNames.numbered(name, index), hosts: hosts)
        }
    }
}

extension ObjectNames {
    /// `cats`, `cats-2`, `cats-3`: of what is too much for one object.
    static func numbered(_ name: String, _ index: Int) -> String {
        index == 0 ? name : "\(name)-\(index + 1)"
    }
}

extension Array {
    /// Slices of at most so many elements, in order.
    func slices(of maxCount: Int) -> [[Element]] {
        stride(from: 0, to: count, by: maxCount).map { Array(self[$0..<Swift.min($0 + maxCount, count)]) }
    }
}
