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
        let troubles = Dictionary(
            grouping: (try? await journal.toldTroubles()) ?? [], by: \.certificate.namespace)
        return records.map { record in
            AppStatus(
                app: record.app, label: naming.label(record.app.id), team: gate.team(of: record.app.id),
                environments: record.environments.map { environment in
                    let namespace = naming.namespace(record.app.id, environment.environment)
                    return EnvironmentStatus(environment, healths[namespace], told: troubles[namespace] ?? [])
                })
        }
    }
}

extension EnvironmentStatus {
    /// - Parameter told: about its certificates; the next best when nothing is known of them now.
    fileprivate init(_ record: EnvironmentRecord, _ health: NamespaceHealth?, told: [ToldTrouble]) {
        var certificate = health?.certificate ?? .unknown
        if certificate == .unknown, let trouble = told.first {
            certificate = .trouble(StatusWords.trouble(trouble.kind))
        }
        self.init(
            environment: record.environment, release: record.release, previousRelease: record.previousRelease,
            pods: health?.pods, certificate: certificate, sites: record.sites,
            underWay: record.underWay, failed: record.failed)
    }
}
