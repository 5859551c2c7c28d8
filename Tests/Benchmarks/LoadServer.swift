import Bot
import Deploys
import Foundation
import Store
import Subprocess
import TestSupport

/// The service in a process of its own, with builds that write logs in the same process, as `serve` has them.
struct LoadServer {
    static let mode = "load-server"
    static let secret = "a secret that Slack and we know"
    static let builds = 50
    static let linesPerSecond = 1_000
    private static let settingsFile = "settings"
    private static let portFile = "port"
    private static let linesFile = "lines"
    private static let startTimeLimit = Duration.seconds(30)

    let url: String
    private let directory: URL
    private let process: RunningProgram

    /// Starts this program once more, as a server.
    /// - Parameter slackURL: where its messages go.
    init(in directory: URL, slackURL: String) async throws {
        self.directory = directory
        let kubeconfig = directory.appending(path: "kubeconfig")
        try Data(Self.kubeconfig.utf8).write(to: kubeconfig)
        let environment = [
            "ITERAPP_LISTEN": "127.0.0.1:0", "ITERAPP_STATE_DIR": Self.state(directory).path,
            "ITERAPP_SOURCE": "dir:\(directory.path)", "ITERAPP_BUILDER": "docker",
            "SLACK_SIGNING_SECRET": Self.secret, "SLACK_BOT_TOKEN": "xoxb-benchmark", "SLACK_API_URL": slackURL,
            "KUBECONFIG": kubeconfig.path, "PATH": "/usr/bin:/bin", "HOME": directory.path,
        ]
        try JSONEncoder().encode(environment).write(to: directory.appending(path: Self.settingsFile))
        process = try RunningProgram(
            "/proc/self/exe", [Self.mode, directory.path], logFile: directory.appending(path: "server.log").path)
        let end = ContinuousClock.now + Self.startTimeLimit
        let port = directory.appending(path: Self.portFile)
        while !FileManager.default.fileExists(atPath: port.path) {
            guard ContinuousClock.now < end, process.isRunning else {
                let log = (try? String(contentsOf: directory.appending(path: "server.log"), encoding: .utf8)) ?? ""
                throw TestFailure("the service did not start:\n\(log.suffix(2_000))")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        url = "http://127.0.0.1:\(try String(contentsOf: port, encoding: .utf8))"
    }

    /// - Returns: how many lines were logged.
    func stop() async throws -> Int {
        await process.terminate(grace: .seconds(15))
        return Int(try String(contentsOf: directory.appending(path: Self.linesFile), encoding: .utf8)) ?? 0
    }

    static func state(_ directory: URL) -> URL { directory.appending(path: "state", directoryHint: .isDirectory) }

    /// Nobody listens there: without a Lease nothing is built or deployed, and every command waits in the queue.
    static let kubeconfig = """
        {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
        "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": {"token": "benchmark"}}]}
        """

    // MARK: The server's side

    static func serve(in directory: URL) async throws {
        let environment = try JSONDecoder().decode(
            [String: String].self, from: Data(contentsOf: directory.appending(path: settingsFile)))
        let signals = try TerminationSignals()
        let service = Service(try Settings.read(environment), log: .standardError)
        let building = Task { await build(FileBuildLogs(directory: state(directory))) }
        try await service.run(until: { await signals.wait() }) { port in
            try Data("\(port)".utf8).write(to: directory.appending(path: portFile), options: .atomic)
        }
        building.cancel()
        let lines = await building.value
        try Data("\(lines)".utf8).write(to: directory.appending(path: linesFile), options: .atomic)
    }

    /// Logs as builds do, line by line in small bursts, until it is cancelled.
    /// - Returns: how many lines.
    private static func build(_ logs: FileBuildLogs) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            for number in 1...builds {
                group.addTask {
                    let app = AppID(organisation: "iterate", name: LongHistory.app(number))
                    guard let log = try? logs.open(app: app, build: 1, appling: nil) else { return 0 }
                    var lines = 0
                    while !Task.isCancelled {
                        for _ in 0..<linesPerSecond / 20 {
                            lines += 1
                            log.write("#\(number) 12.34 Get:\(lines) http://deb.debian.org/debian bookworm/main Packages")
                        }
                        try? await Task.sleep(for: .milliseconds(50))
                    }
                    log.close()
                    return lines
                }
            }
            return await group.reduce(0, +)
        }
    }
}
