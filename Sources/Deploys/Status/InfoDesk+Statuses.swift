import Foundation

extension InfoDesk {
    struct Sorted {
        /// Those of the reader's teams, and those that the reader touched lately: the newest of these first.
        var own: [AppRecord] = []
        /// By key.
        var others: [AppRecord] = []
    }

    func sorted(for reader: Person) async throws(JournalError) -> Sorted {
        let records = try await journal.records()
        let touched = try await journal.apps(
            touchedBy: reader.id, since: now().addingTimeInterval(-Self.lateSeconds), atMost: Self.maxTouchedApps)
        let ofTeams = await gate.apps(of: reader)
        // Apps of teams that nobody touched come behind all others.
        let rank = Dictionary(
            touched.enumerated().map { ($0.element, $0.offset) } + ofTeams.map { ($0, touched.count) }
        ) { first, _ in first }
        var sorted = Sorted()
        for record in records {
            if rank[record.app.id] != nil { sorted.own.append(record) } else { sorted.others.append(record) }
        }
        sorted.own.sort { (rank[$0.app.id] ?? .max, $0.app.id.key) < (rank[$1.app.id] ?? .max, $1.app.id.key) }
        return sorted
    }

    /// The reader's own; all when there are few, or none is the reader's.
    func own(of sorted: Sorted) -> [AppRecord] {
        let all = sorted.own + sorted.others
        return sorted.own.isEmpty || all.count <= Self.maxAppsForAll ? all : sorted.own
    }

    /// Adds how they are.
    func statuses(of records: [AppRecord]) async -> [AppStatus] {
        let namespaces = records.flatMap { record in
            record.environments.map { naming.namespace(record.app.id, $0.environment) }
        }
        let healths = await health.health(of: namespaces)
        return records.map { record in
            AppStatus(
                app: record.app, label: naming.label(record.app.id), team: gate.team(of: record.app.id),
                environments: record.environments.map { environment in
                    let namespace = naming.namespace(record.app.id, environment.environment)
                    return EnvironmentStatus(environment, healths[namespace])
                })
        }
    }
}

extension EnvironmentStatus {
    fileprivate init(_ record: EnvironmentRecord, _ health: NamespaceHealth?) {
        self.init(
            environment: record.environment, release: record.release, previousRelease: record.previousRelease,
            pods: health?.pods, certificate: health?.certificate ?? .unknown, sites: record.sites,
            underWay: record.underWay, failed: record.failed)
    }
}
