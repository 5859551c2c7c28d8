import Addons
import Deploys
import Kubernetes

/// The operator's servers on which add-ons live, wired.
struct AddOnParts: Sendable {
    let servers: AddOnServers
    let connections: Connections
    let keptData: KeptData

    init(_ basics: Basics) {
        let databases = basics.settings.databases
        var servers = AddOnServers()
        servers.postgres = PostgresServers(
            { databases[$0] }, naming: basics.naming, programEnvironment: basics.settings.programEnvironment,
            learn: { [mask = basics.mask] in mask.learn($0) }, log: basics.log)
        var connections = Connections()
        connections.hasDatabases = { databases[$0] != nil }
        keptData = KeptData(servers) { plan in (try? plan.addOns()) ?? [] }
        self.servers = servers
        self.connections = connections
    }
}
