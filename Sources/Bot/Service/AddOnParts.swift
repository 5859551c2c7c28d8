import Addons
import Deploys
import Kubernetes

/// The operator's servers on which add-ons live, wired.
struct AddOnParts: Sendable {
    let servers: AddOnServers
    let connections: Connections
    let keptData: KeptData
    /// Nil without a NATS server.
    private let accounts: NATSAccountKeeper?

    /// - Parameter client: of the cluster, where the add-ons' Secrets are.
    init(_ basics: Basics, _ client: KubernetesClient) {
        let databases = basics.settings.databases
        var servers = AddOnServers()
        servers.postgres = PostgresServers(
            { databases[$0] }, naming: basics.naming, programEnvironment: basics.settings.programEnvironment,
            learn: { [mask = basics.mask] in mask.learn($0) }, log: basics.log)
        let nats = basics.settings.nats
        servers.nats = nats.map { NATSAccounts($0, now: basics.now, learn: { [mask = basics.mask] in mask.learn($0) }) }
        accounts = nats.map {
            NATSAccountKeeper($0, secrets: AddOnSecretList(client), now: basics.now, log: basics.log)
        }
        var connections = Connections()
        connections.hasNATS = nats != nil
        connections.hasDatabases = { databases[$0] != nil }
        keptData = KeptData(servers) { plan in (try? plan.addOns()) ?? [] }
        self.servers = servers
        self.connections = connections
    }

    /// Looks after what lives on the servers. Returns at once when there is nothing to look after; else when the task
    /// is cancelled.
    func run() async { await accounts?.run() }
}
