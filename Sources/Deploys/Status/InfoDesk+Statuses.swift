import Foundation

extension InfoDesk {
    struct Sorted {
        /// Those of the reader's teams, and those that the reader touched lately: the newest of these first.
        var own: [AppID] = []
        /// By key.
        var others: [AppID] = []

        var count: Int { own.count + others.count }
    }

    func sorted(for reader: Person) async throws(JournalError) -> Sorted {
        let apps = try await journal.apps().map(\.id)
        let touched = try await journal.apps(
            touchedBy: reader.id, since: now().addingTimeInterval(-Self.lateSeconds), atMost: Self.maxTouchedApps)
        let ofTeams = await gate.apps(of: reader)
        // Apps of teams that nobody touched come behind all others.
        let rank = Dictionary(
            touched.enumerated().map { ($0.element, $0.offset) } + ofTeams.map { ($0, touched.count) }
        ) { first, _ in first }
        var sorted = Sorted()
        for app in apps {
            if rank[app] != nil { sorted.own.append(app) } else { sorted.others.append(app) }
        }
        sorted.own.sort { (rank[$0] ?? .max, $0.key) < (rank[$1] ?? .max, $1.key) }
        return sorted
    }

    /// The reader's own; all when there are few.
    func ownOrFew(_ sorted: Sorted) -> [AppID] {
        let isShort = sorted.count <= Self.maxAppsForAll
        return Array((sorted.own + (isShort ? sorted.others : [])).prefix(Self.maxListedApps))
    }

    /// With how they are.
    func statuses(of apps: [AppID]) async throws(JournalError) -> [AppStatus] {
        let records = try await journal.records(of: apps)
        let namespaces = records.flatMap { record in
            record.environments.map { naming.namespace(record.app.id, $0.environment) }
        }
        let healths = await health.health(of: namespaces)
        let troubles = Dictionary(grouping: try await journal.toldTroubles(), by: \.certificate.namespace)
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
            pods: health?.pods, certificate: certificate, sites: record.sites, tasks: health?.tasks ?? [],
            tasksSeen: health?.tasksSeen ?? .never, underWay: record.underWay, failed: record.failed)
    }
}
