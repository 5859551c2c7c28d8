import AppFile
import Deploys

/// Releases that use what runs beside applings.
extension TestReleases {
    /// One appling with everything beside it.
    static func furnished() throws -> Release {
        var settings = Appling()
        settings.files = MountedFiles(
            common: [MountedSecret(path: "/etc/keys", secret: "signing-keys")],
            byEnvironment: ["test": [MountedSecret(path: "/etc/certificates", secret: "partner")]])
        settings.releaseCommand = "bin/migrate --all && echo \"done\""
        settings.redis = RedisCache()
        settings.nats = NATSAccount()
        settings.postgres = Postgres(extensions: ["uuid-ossp"])
        settings.cloudSQLInstances = [
            CloudSQLInstance(port: 5433, connectionName: "shop:europe-west1:orders"),
            CloudSQLInstance(port: 9801, connectionName: "shop:europe-west1:stock"),
        ]
        settings.metrics = Metrics(path: "/stats", port: 3001)
        settings.cronJobs = [
            CronJob(name: "nightly", schedule: "13 4 * * *", path: "/tasks?name=nightly"),
            CronJob(
                name: "update-thing", schedule: "13 * * * *", path: "/api/v1/run", method: "POST",
                headers: [
                    HTTPHeader(name: "Authorization", value: "Bearer t0ken"), HTTPHeader(name: "X-From", value: "cron"),
                ]),
        ]
        let addOns = [
            AddOn(.nats, name: "cats-nats"), AddOn(.postgres(extensions: ["uuid-ossp"]), name: "cats-postgres"),
            AddOn(.redis, name: "cats-redis"),
        ]
        var variables = [ReleasedAppling.Variable(name: "PORT", value: .plain("3000"))]
        for addOn in addOns {
            variables += addOn.plainVariables.map { .init(name: $0.name, value: .plain($0.value)) }
            variables += addOn.secretVariables.map { .init(name: $0, value: .secret(name: addOn.name, key: $0)) }
            variables += addOn.optionalVariables.map {
                .init(name: $0, value: .secret(name: addOn.name, key: $0), isOptional: true)
            }
        }
        return try release(
            [
                appling(
                    settings, replicas: 2, variables: variables.sorted { $0.name < $1.name },
                    addOns: addOns.map(\.name))
            ], addOns: addOns)
    }

    /// One appling with a Redis, and maybe a release command.
    static func cached(releaseCommand: String? = nil, operation: Int64 = 7) throws -> Release {
        var settings = Appling()
        settings.releaseCommand = releaseCommand
        return try release(
            [appling(settings, addOns: ["cats-redis"])], operation: operation, addOns: [AddOn(.redis, name: "cats-redis")])
    }

    /// One appling with a release command.
    static func migrating(_ command: String = "bin/migrate", operation: Int64 = 7) throws -> Release {
        var settings = Appling()
        settings.releaseCommand = command
        return try release([appling(settings)], operation: operation)
    }
}
