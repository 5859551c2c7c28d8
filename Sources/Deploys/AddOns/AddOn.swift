import AppFile

/// What the platform keeps beside a release's applings, for one of them or for all.
///
/// An add-on's secrets are made once, by the service, and kept in the app's namespace: applings refer to them.
package struct AddOn: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case postgres(extensions: [String])
        case redis
        case nats
    }

    package let kind: Kind
    /// Of its objects, and of the Secret with its variables: `cats-redis`, or `cats-frontend-redis` for one
    /// appling's own.
    package let name: String

    package init(_ kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    /// Where the applings of a NATS account find its files.
    package static let natsDirectory = "/var/run/iterapp/nats"
    /// Keys of the Secret, and names of the files in `natsDirectory`.
    package static let natsCredentialsFile = "nats.creds"
    package static let natsAuthorityFile = "ca.crt"
    /// Its value says where `natsAuthorityFile` is.
    package static let natsAuthorityVariable = "NATS_CA_FILE"
    package static let redisPort = 6379

    /// The variables that the applings get from the Secret, ordered by name.
    package var secretVariables: [String] {
        switch kind {
        case .postgres:
            [
                "DATABASE_URL", "DB_DATABASE", "DB_HOST", "DB_PASSWORD", "DB_PORT", "DB_USERNAME", "PGDATABASE",
                "PGHOST", "PGPASSWORD", "PGPORT", "PGUSER",
            ]
        case .redis: ["REDIS_PASSWORD", "REDIS_URL", "REDIS_USER"]
        case .nats: ["NATS_CREDENTIALS", "NATS_URL"]
        }
    }

    /// The variables that the applings get from the Secret where it has them, ordered by name. Only the service knows
    /// its servers, and a release is rendered without it.
    package var optionalVariables: [String] {
        kind == .nats ? [Self.natsAuthorityVariable] : []
    }

    /// Keys that the Secret has or lacks, as the server wants it; all others stay once they are there.
    package var optionalKeys: [String] {
        kind == .nats ? [Self.natsAuthorityVariable, Self.natsAuthorityFile] : []
    }

    /// The variables whose values are no secret, ordered by name.
    package var plainVariables: [(name: String, value: String)] {
        switch kind {
        case .postgres: []
        case .redis: [("REDIS_HOST", name), ("REDIS_PORT", String(Self.redisPort))]
        case .nats: [("NATS_CREDENTIALS_FILE", "\(Self.natsDirectory)/\(Self.natsCredentialsFile)")]
        }
    }
}
