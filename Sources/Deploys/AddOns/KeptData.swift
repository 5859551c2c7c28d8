/// Knows what of apps' data stays on the operator's servers when nothing asks for it any more.
package struct KeptData: Sendable {
    private let addOns: @Sendable (ClusterPlan) -> [AddOnPlace]
    private let servers: AddOnServers

    /// - Parameter addOns: what a plan has on the operator's servers.
    package init(_ servers: AddOnServers, addOns: @escaping @Sendable (ClusterPlan) -> [AddOnPlace]) {
        self.servers = servers
        self.addOns = addOns
    }

    package static let none = KeptData(AddOnServers()) { _ in [] }

    /// The data of a plan's add-ons, besides those that a later release has, too.
    /// - Returns: each as a part of a sentence, such as "the database `cats_test` on `db.example.com`".
    func whereabouts(_ plan: ClusterPlan, besides later: [AddOn] = []) -> [String] {
        addOns(plan).filter { place in !later.contains { $0.name == place.addOn.name } }
            .compactMap { servers.server(of: $0.addOn)?.whereabouts(of: $0) }
    }

    /// The same of all that an app has live.
    func whereabouts(of app: AppID, in journal: any Journal) async -> [String] {
        var all: [String] = []
        for environment in EnvironmentName.all {
            // That nobody remembers keeps no app from being deregistered.
            guard let state = try? await journal.liveState(of: app, in: environment) else { continue }
            all += whereabouts(state.plan)
        }
        return all
    }
}
