import Crypto
import Deploys
import Foundation
import HTTP
import JSON

/// The embedded cluster: an API over HTTP, controllers, one node on the Docker Engine, and a gateway.
struct DemoCluster: Sendable {
    /// How `kubectl` and the bot reach the API; readable by its owner only, for it holds the token.
    let kubeconfig: URL
    private let api: EmbeddedAPI
    private let ingress: Ingress
    private let node: ClusterNode
    private let work: Task<Void, Never>

    /// - Parameter programs: what pods may run besides images of the engine's.
    init(
        directory: URL, engineSocket: String, programs: [ProgramImage], http: HTTPClient, log: Log
    ) async throws {
        let store = ObjectStore()
        try await store.open(directory.appending(path: "cluster.sqlite").path)
        // Every cluster has them: the bot's Lease lives in the one, and the other's UID tells the cluster from others.
        for name in ["default", "kube-system"] where (try? await store.get(.namespace, name: name)) == nil {
            let namespace: JSON = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
            _ = try await store.create(.namespace, namespace, by: "kube-apiserver")
        }
        var settings = NodeSettings(
            cluster: ClusterID(directory: directory),
            directory: directory.appending(path: "node", directoryHint: .isDirectory))
        settings.programs = programs
        let node = ClusterNode(
            store: store, engine: DockerEngineClient(socketPath: engineSocket, http: http), http: http,
            settings: settings)
        let api = EmbeddedAPI(EmbeddedAPISettings(token: hex(randomBytes(16))), store: store, logs: node)
        try api.start()
        let ingress = Ingress(store: store, http: http)
        let controllers = ControllerLoop(store: store)
        kubeconfig = directory.appending(path: "kubeconfig")
        guard let config = api.kubeconfig() else { throw DemoError("The embedded cluster did not start.") }
        try PrivateFile.write(Array(config.prettyText.utf8), to: kubeconfig, mode: 0o600)
        work = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await node.run() }
                group.addTask { await controllers.run() }
                group.addTask { await ingress.run() }
            }
        }
        (self.api, self.ingress, self.node) = (api, ingress, node)
    }

    /// The answer of the app that the Host field names; nil when it names this machine, whose page is meant.
    func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        let own: Set = ["localhost", "127.0.0.1", "[::1]", ""]
        if own.contains(request.host), !ingress.hasRoute(for: request.host) { return nil }
        return await ingress.respond(to: request)
    }

    /// Ends the containers too; they come back at the next start.
    func stop() async {
        await api.stop(grace: .milliseconds(500))
        work.cancel()
        await work.value
        await node.shutDown()
    }
}
