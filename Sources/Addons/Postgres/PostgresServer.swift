/// A database server of the operator's.
package struct PostgresServer: Sendable, Equatable {
    /// As whom databases and roles are made: with CREATEDB and CREATEROLE, or a superuser.
    package let admin: PostgresURL
    /// Where apps find it, which may be another way than the service's.
    package let appHost: String
    package let appPort: Int

    /// - Parameter appAddress: nil when apps find it where the admin does.
    package init(admin: PostgresURL, appAddress: (host: String, port: Int)? = nil) {
        self.admin = admin
        appHost = appAddress?.host ?? admin.host
        appPort = appAddress?.port ?? admin.port
    }

    /// What people call it: the host that apps find in their variables.
    var title: String { appHost }

    /// Reads `host`, `host:port` or `[::1]:port`.
    package static func address(parsing text: String) throws(PostgresURL.Problem) -> (host: String, port: Int) {
        try PostgresURL.place(text[...])
    }

    /// Apps have no file with the authority's certificate, so they can't ask for more than an encrypted connection.
    var appSSLMode: String? { admin.sslMode.map { $0.hasPrefix("verify-") ? "require" : $0 } }
}
