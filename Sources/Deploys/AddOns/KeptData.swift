/// Knows what of apps' data stays on the operator's servers when nothing asks for it any more.
package struct KeptData: Sendable {
    private let addOns: @Sendable (ClusterPlan) -> [AddOnPlace]
    private let servers: AddOnServers
    private let secrets: (any AddOnSecrets)?
    private let patience: WaitLimit

    /// Somebody waits for the answer, in which it is only one sentence.
    package static let patience = WaitLimit(.milliseconds(1_500))

    /// - Parameters:
    ///   - secrets: stay in the cluster as long as the data does, also when no plan asks for it any more.
    ///   - addOns: what a plan has on the operator's servers.
    package init(
        _ servers: AddOnServers, secrets: (any AddOnSecrets)? = nil, patience: WaitLimit = Self.patience,
        addOns: @escaping @Sendable (ClusterPlan) -> [AddOnPlace]
    ) {
        self.servers = servers
        self.secrets = secrets
        self.patience = patience
        self.addOns = addOns
    }

    package static let none = KeptData(AddOnServers()) { _ in [] }

    /// What is known of one app's data.
    struct Found: Sendable {
        /// Each as a part of a sentence, such as "the database `cats_test` on `db.example.com`".
        let whereabouts: [String]
        /// Whether there is nothing else.
        let isAll: Bool
    }

    /// The data of a plan's add-ons, besides those that a later release has, too.
    /// - Returns: each as a part of a sentence.
    func whereabouts(_ plan: ClusterPlan, besides later: [AddOn] = []) -> [String] {
        addOns(plan).filter { place in !later.contains { $0.name == place.addOn.name } }.compactMap(whereabouts)
    }

    /// All that was ever made for an app, whether it is registered or not.
    func found(of app: AppID, in journal: any Journal) async -> Found {
        var places: [AddOnPlace] = []
        for environment in EnvironmentName.all {
            // That nobody remembers keeps no app from being deregistered.
            guard let state = try? await journal.liveState(of: app, in: environment) else { continue }
            places += addOns(state.plan)
        }
        let kept = await kept(of: app)
        // A Secret knows better where the data is than a setting, which may be gone or lead elsewhere by now.
        var all = (kept ?? []).map { (place: $0.place, secret: $0.secret) }
        all += places.filter { place in !all.contains { $0.place.isSame(as: place) } }.map { ($0, [:]) }
        var whereabouts: [String] = []
        for environment in EnvironmentName.all {
            let here = all.filter { $0.place.environment == environment }
                .sorted { $0.place.addOn.name < $1.place.addOn.name }
            for sentence in here.compactMap({ Self.whereabouts($0.secret) ?? self.whereabouts(of: $0.place) })
            where !whereabouts.contains(sentence) { whereabouts.append(sentence) }
        }
        // Where there never was a server, an answer is not missed.
        let isMissed = servers.postgres != nil || places.contains(where: \.isDatabase)
        return Found(whereabouts: whereabouts, isAll: kept != nil || !isMissed)
    }

    private func whereabouts(of place: AddOnPlace) -> String? {
        servers.server(of: place.addOn)?.whereabouts(of: place)
    }

    /// As the app was told where its database is.
    private static func whereabouts(_ secret: [String: String]) -> String? {
        guard let database = secret["PGDATABASE"], let host = secret["PGHOST"] else { return nil }
        return "the database `\(database)` on `\(host)`"
    }

    /// Nil when the cluster does not say. It is asked without a server, too: there may have been one.
    private func kept(of app: AppID) async -> [KeptAddOn]? {
        guard let secrets else { return [] }
        let work = Task { try? await secrets.kept(.postgres(extensions: [])) }
        defer { work.cancel() }
        return (await patience.result(of: work) ?? nil)?.filter { $0.place.app.key == app.key }
    }
}

extension AddOnPlace {
    fileprivate var isDatabase: Bool { if case .postgres = addOn.kind { true } else { false } }

    /// Also when other extensions are asked for by now.
    fileprivate func isSame(as other: AddOnPlace) -> Bool {
        app.key == other.app.key && environment == other.environment && addOn.name == other.addOn.name
    }
}
