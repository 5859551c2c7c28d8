import Foundation

/// How apps are called in messages, on the network and in the cluster.
package struct Naming: Sendable {
    /// Host templates with `{app}` and `{env}`, for the default organisation or for all others.
    package struct Domains: Sendable, Equatable {
        package var prod: String
        package var test: String
        package var snap: String

        package init(prod: String, test: String, snap: String) {
            self.prod = prod
            self.test = test
            self.snap = snap
        }
    }

    package var defaultOrganisation: String
    package var domains: Domains
    package var externalDomains: Domains
    /// `https`, but for a demo on one machine.
    package var scheme: String
    /// Nil for the scheme's own port.
    package var port: Int?

    package init(
        defaultOrganisation: String, domains: Domains, externalDomains: Domains,
        scheme: String = "https", port: Int? = nil
    ) {
        self.defaultOrganisation = defaultOrganisation
        self.domains = domains
        self.externalDomains = externalDomains
        self.scheme = scheme
        self.port = port
    }

    /// What people type and read: `cats`, or `org/cats` outside the default organisation.
    package func label(_ app: AppID) -> String {
        isExternal(app) ? "\(app.organisation)/\(app.name)" : app.name
    }

    /// `apps-cats-test`; `apps-org-cats-test` for another organisation.
    package func namespace(_ app: AppID, _ environment: EnvironmentName) -> String {
        let owner = isExternal(app) ? "\(Self.slug(app.organisation))-" : ""
        return "apps-\(owner)\(Self.slug(app.name))-\(environment)"
    }

    /// The host every app gets in an environment; an appling's is prefixed with its name.
    package func host(_ app: AppID, appling: String?, _ environment: EnvironmentName) -> String {
        let domains = isExternal(app) ? externalDomains : domains
        let template =
            environment == .prod ? domains.prod : environment.isSnap ? domains.snap : domains.test
        let host = template.replacing("{app}", with: Self.slug(app.name))
            .replacing("{env}", with: environment.rawValue)
        return appling.map { "\(Self.slug($0)).\(host)" } ?? host
    }

    package func url(host: String) -> String {
        "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")/"
    }

    /// A DNS label (RFC 1123) made of a name: lower case, `_` and `.` as `-`.
    package static func slug(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 })
    }

    package func isExternal(_ app: AppID) -> Bool {
        app.organisation.lowercased() != defaultOrganisation.lowercased()
    }
}
