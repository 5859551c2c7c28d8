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
        let settings = basics.settings
        let (databases, nats) = (settings.databases, settings.nats)
        let cluster = ClusterIdentity(client)
        let installation = settings.installation.map(InstallationIdentity.init(id:))
            ?? InstallationIdentity { () throws(AddOnError) in try await cluster.uid() }
        let learn: @Sendable ([String]) -> Void = { [mask = basics.mask] in mask.learn($0) }
        var servers = AddOnServers()
        if EnvironmentName.all.contains(where: { databases[$0] != nil }) {
            servers.postgres = PostgresServers(
                { databases[$0] }, naming: basics.naming, installation: installation,
                programEnvironment: settings.programEnvironment, learn: learn, log: basics.log)
        }
        servers.nats = nats.map { NATSAccounts($0, installation: installation, now: basics.now, learn: learn) }
        let secrets = AddOnSecretList(client)
        accounts = nats.map {
            NATSAccountKeeper(
                $0, secrets: secrets, installation: installation, now: basics.now, log: basics.log)
        }
        var connections = Connections()
        connections.hasNATS = nats != nil
        connections.hasDatabases = { databases[$0] != nil }
        keptData = KeptData(servers, secrets: secrets) { plan in (try? plan.addOns()) ?? [] }
        self.servers = servers
        self.connections = connections
    }

    /// Looks after what lives on the servers. Returns at once when there is nothing to look after; else when the task
    /// is cancelled.
    func run() async { await accounts?.run() }
}
