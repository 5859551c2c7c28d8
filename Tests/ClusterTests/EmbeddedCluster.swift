import Foundation
import HTTP
import JSON
import Kubernetes

@testable import Sandbox

/// A cluster in this process, with a node on the machine's Docker Engine, for the tests of one class.
final class EmbeddedCluster: Sendable {
    let connection: KubernetesConnection
    private let store = ObjectStore()
    private let api: EmbeddedAPI
    private let engine: DockerEngineClient
    private let settings: NodeSettings
    private let work: Task<Void, Never>
    private static let token = "cluster-tests"

    init(http: HTTPClient) throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "iterapp-cluster-\(UUID().uuidString)", directoryHint: .isDirectory)
        var settings = NodeSettings(cluster: ClusterID(directory: directory), directory: directory)
        settings.toolsTag = "test-cluster-\(getpid())"
        settings.drainDelay = .milliseconds(100)
        settings.backOff = BackOff(initial: 0.3, longest: 2)
        engine = DockerEngineClient(socketPath: ClusterImage.socket, http: http)
        let node = ClusterNode(store: store, engine: engine, http: http, settings: settings)
        let loop = ControllerLoop(store: store, jobBackOff: settings.backOff)
        api = EmbeddedAPI(EmbeddedAPISettings(token: Self.token), store: store, logs: node)
        connection = KubernetesConnection(
            server: "http://127.0.0.1:\(try api.start())", credential: .token(Self.token))
        self.settings = settings
        work = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await node.run() }
                group.addTask { await loop.run() }
            }
        }
    }

    /// Takes everything away that it brought.
    func stop() async {
        await api.stop(grace: .zero)
        work.cancel()
        await work.value
        let containers = (try? await engine.list(label: ContainerLabel.cluster, value: settings.cluster.text)) ?? []
        await withTaskGroup(of: Void.self) { group in
            for container in containers { group.addTask { [engine] in try? await engine.remove(container.id) } }
        }
        await ClusterImage.remove(["iterapp:\(settings.toolsTag)"])
        try? FileManager.default.removeItem(at: settings.directory)
    }
}
