import TOML

// Variables and ports that belong to what runs beside an appling.
extension Agreement {
    func checkAddOnVariables(_ file: inout LoadedFile) {
        let owners = [
            ("[postgres]", appling.postgres.map { _ in Postgres.variables }),
            ("[redis_lfu_cache]", appling.redis.map { _ in RedisCache.variables }),
            ("[nats]", appling.nats.map { _ in NATSAccount.variables }),
        ]
        for table in file.section.section("env").entries {
            for (addOn, variables) in owners {
                for name in variables ?? [] {
                    guard let entry = table.value.table?.entry(name) else { continue }
                    file.problems.add(
                        entry.position,
                        """
                        `env.\(TOMLText.key(table.name)).\(name)` is set by the platform because of \
                        `\(addOn)`\(ofAppling); remove one of them
                        """)
                }
            }
        }
    }

    /// All containers of a pod share one address.
    func checkProxyPorts(_ file: inout LoadedFile) {
        let taken = [
            ("the `port`", appling.port), ("the port of the readiness probe", appling.readiness.port),
            ("the port of the liveness probe", appling.liveness?.port),
            ("the port of the metrics", appling.metrics?.port),
        ]
        for entry in file.section.section("cloud_sql_postgres_instances").entries {
            guard let port = Int(entry.name) else { continue }
            if port == Postgres.port, appling.postgres != nil {
                file.problems.add(
                    entry.position,
                    """
                    the database of `[postgres]` always has the port \(port); choose another one, such as \
                    \(port + 1), for the Cloud SQL instance
                    """)
            }
            if let owner = taken.first(where: { $0.1 == port }) {
                file.problems.add(
                    entry.position,
                    """
                    \(port) is \(owner.0)\(ofAppling), and the Cloud SQL proxy runs beside it; choose another \
                    port for the instance
                    """)
            }
        }
    }

    /// Domains of something that nobody can reach.
    func checkDomains(_ file: inout LoadedFile) {
        let names = ["domains", "domains_env"].compactMap { name in
            file.section.table.entry(name).flatMap { $0.value.isEmpty ? nil : $0 }
        }
        guard appling.ingressDisabled, let first = names.first else { return }
        file.problems.add(
            first.position,
            "`\(first.name)` has no effect, since `ingress.disable` keeps everybody outside\(ofAppling)", .warning)
    }
}

extension TOMLValue {
    fileprivate var isEmpty: Bool { array?.isEmpty ?? table?.entries.isEmpty ?? false }
}
