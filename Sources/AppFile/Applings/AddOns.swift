/// Something that the platform runs or arranges beside an appling.
///
/// What the root file of a repository asks for is shared by all its applings; what an appling's own file asks
/// for is its own.
package enum AddOnOwner: Sendable, Equatable {
    case app
    case appling
}

/// A database with a role of its own, on the operator's server.
package struct Postgres: Sendable, Equatable {
    package var owner: AddOnOwner
    /// Names of extensions, such as `uuid-ossp`, each once.
    package var extensions: [String]

    package init(owner: AddOnOwner = .app, extensions: [String] = []) {
        self.owner = owner
        self.extensions = extensions
    }

    /// Where it listens, as `PGPORT` says.
    package static let port = 5432
    /// What the platform sets for it.
    package static let variables = [
        "DATABASE_URL", "DB_DATABASE", "DB_HOST", "DB_PASSWORD", "DB_PORT", "DB_USERNAME", "PGDATABASE", "PGHOST",
        "PGPASSWORD", "PGPORT", "PGUSER",
    ]
}

/// A Redis that keeps what is used most, in memory only.
package struct RedisCache: Sendable, Equatable {
    package var owner: AddOnOwner

    package init(owner: AddOnOwner = .app) { self.owner = owner }

    /// What the platform sets for it.
    package static let variables = ["REDIS_HOST", "REDIS_PASSWORD", "REDIS_PORT", "REDIS_URL", "REDIS_USER"]
}

/// An account on the operator's NATS server.
package struct NATSAccount: Sendable, Equatable {
    package var owner: AddOnOwner

    package init(owner: AddOnOwner = .app) { self.owner = owner }

    /// What the platform sets for it.
    package static let variables = ["NATS_CA_FILE", "NATS_CREDENTIALS", "NATS_CREDENTIALS_FILE", "NATS_URL"]
}

/// A Cloud SQL instance that a proxy beside the app brings to a port of `localhost`.
package struct CloudSQLInstance: Sendable, Equatable {
    /// Where the proxy listens: 1 to 65535.
    package var port: Int
    /// `project:region:instance`
    package var connectionName: String

    package init(port: Int, connectionName: String) {
        self.port = port
        self.connectionName = connectionName
    }
}
