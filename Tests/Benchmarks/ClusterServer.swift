import Foundation
import HTTP
import JSON
import Kubernetes
import Sandbox
import Subprocess
import TestSupport

/// An embedded API in a process of its own, so that what it costs is not counted as ours.
struct ClusterServer {
    static let mode = "cluster-server"
    private static let token = "benchmark"
    private static let startTimeLimit = Duration.seconds(10)

    let kubeconfig: URL
    private let statistics: URL
    private let process: RunningProgram

    /// Starts this program once more, as a server.
    init(in directory: URL) async throws {
        kubeconfig = directory.appending(path: "kubeconfig")
        statistics = directory.appending(path: "statistics")
        process = try RunningProgram(
            "/proc/self/exe", [Self.mode, directory.path], logFile: directory.appending(path: "server.log").path)
        let end = ContinuousClock.now + Self.startTimeLimit
        while !FileManager.default.fileExists(atPath: statistics.path) {
            guard ContinuousClock.now < end, process.isRunning else {
                throw TestFailure("the cluster's server did not start")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    func stop() async { await process.terminate(grace: .seconds(5)) }

    struct Statistics {
        let requests: Int
        let watches: Int
    }

    /// As they were at most `interval` ago.
    func counts() throws -> Statistics {
        let json = try JSON.parse(Data(contentsOf: statistics))
        return Statistics(requests: json["requests"]?.int ?? 0, watches: json["watches"]?.int ?? 0)
    }

    static let interval = Duration.milliseconds(200)

    // MARK: The server's side

    static func serve(in directory: URL) async throws {
        let store = ObjectStore()
        let api = EmbeddedAPI(EmbeddedAPISettings(token: token), store: store, logs: NoLogs())
        try api.start()
        guard let config = api.kubeconfig() else { throw TestFailure("the embedded API did not start") }
        try Data(config.prettyText.utf8).write(to: directory.appending(path: "kubeconfig"), options: .atomic)
        while true {
            let counts: JSON = [
                "requests": .int(api.answeredRequests), "watches": .int(await store.runningWatches),
            ]
            try Data(counts.text.utf8).write(to: directory.appending(path: "statistics"), options: .atomic)
            try await Task.sleep(for: interval)
        }
    }

    private struct NoLogs: PodLogs {
        func log(
            of pod: JSON, container: String, _ options: PodLogOptions
        ) async throws(APIError) -> AsyncThrowingStream<[UInt8], any Error> {
            throw APIError(400, "BadRequest", "this cluster has no node")
        }
    }
}

/// Gives `body` a cluster: the one that `ITERAPP_TEST_KUBECONFIG` names, or a server in another process.
func withCluster(_ body: (URL, ClusterServer?) async throws -> Void) async throws {
    if let path = ProcessInfo.processInfo.environment["ITERAPP_TEST_KUBECONFIG"], !path.isEmpty {
        return try await body(URL(filePath: path), nil)
    }
    try await withTemporaryDirectory { directory in
        let server = try await ClusterServer(in: directory)
        do {
            try await body(server.kubeconfig, server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}
