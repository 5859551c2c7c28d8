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
        places += kept ?? []
        var whereabouts: [String] = []
        for environment in EnvironmentName.all {
            let here = places.filter { $0.environment == environment }.sorted { $0.addOn.name < $1.addOn.name }
            for sentence in here.compactMap(self.whereabouts) where !whereabouts.contains(sentence) {
                whereabouts.append(sentence)
            }
        }
        return Found(whereabouts: whereabouts, isAll: kept != nil)
    }

    private func whereabouts(of place: AddOnPlace) -> String? {
        servers.server(of: place.addOn)?.whereabouts(of: place)
    }

    /// Nil when the cluster does not say.
    private func kept(of app: AppID) async -> [AddOnPlace]? {
        guard let secrets, servers.postgres != nil else { return [] }
        let work = Task { try? await secrets.kept(.postgres(extensions: [])) }
        defer { work.cancel() }
        return (await patience.result(of: work) ?? nil)?.map(\.place).filter { $0.app.key == app.key }
    }
}
