import AppFile

/// A host that only sends visitors on to another one.
package struct Redirect: Sendable, Equatable {
    package let from: String
    package let to: String

    package init(from: String, to: String) {
        self.from = from
        self.to = to
    }

    /// RFC 1035, section 2.3.4.
    fileprivate static let maxHostBytes = 253
}

extension ReleasedAppling {
    /// `www.cats.cool` to `cats.cool` or the other way round, whichever of the two the file lists. A name that
    /// already leads to the appling, or that cannot be a public host, is left out.
    package func redirects(in environment: EnvironmentName) -> [Redirect] {
        guard settings.fromToWWWRedirect, !hosts.isEmpty else { return [] }
        return settings.domains(in: environment.rawValue).compactMap { domain in
            let from = Host.redirected(to: domain)
            let isHost = from.contains(".") && from.utf8.count <= Redirect.maxHostBytes
            return isHost && !hosts.contains(from) ? Redirect(from: from, to: domain) : nil
        }
    }

    /// Every name that leads to the appling, directly or by a redirect.
    func claimedHosts(in environment: EnvironmentName) -> [String] {
        hosts + redirects(in: environment).map(\.from)
    }
}
