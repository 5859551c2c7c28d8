import Foundation
import SQLite
import Store
import Subprocess
import TestSupport

/// `iterapp serve` as it is shipped, with a Slack that takes every message and without a cluster: every command waits
/// in the queue.
actor IterappServers {
    private static let buildTimeLimit = Duration.seconds(1_200)
    private static let settlingTimeLimit = Duration.seconds(120)
    /// The most that can be set: nothing that is measured shall be refused because of what was measured before.
    private static let queueLimit = 1_000_000

    private let directory: URL
    private let slackPort: Int
    private var templates: [JournalSize: URL] = [:]

    /// Builds the program as it is now, unless `ITERAPP_TEST_BINARY` names another one.
    init(in directory: URL, slackPort: Int) async throws {
        self.directory = directory
        self.slackPort = slackPort
        guard ProcessInfo.processInfo.environment["ITERAPP_TEST_BINARY"] == nil else { return }
        let package = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let build = ["build", "--configuration", "release", "--static-swift-stdlib", "--product", "iterapp"]
        var run = ProgramRun("swift", build, timeLimit: Self.buildTimeLimit)
        run.directory = package.path
        let result = try await run.run()
        guard result.exitCode == 0 else {
            throw TestFailure("iterapp could not be built:\n\(String(decoding: result.output.suffix(4_000), as: UTF8.self))")
        }
    }

    /// Starts one with a journal of its own.
    func start(_ size: JournalSize) async throws -> IntakeServer {
        let template = try await template(size)
        let own = directory.appending(path: UUID().uuidString, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        try Data(LoadServer.kubeconfig.utf8).write(to: own.appending(path: "kubeconfig"))
        let state = own.appending(path: "state", directoryHint: .isDirectory)
        try FileManager.default.copyItem(at: template, to: state)
        let port = try freePort()
        return try await IntakeServer(
            IntakeServer.Recipe(
                name: "Iterapp, durable", mark: "Deploying", program: DemoProcess.binary.path, arguments: ["serve"],
                environment: environment(own, state: state, port: port), port: port, readyPath: "/readyz", directory: own,
                settle: { try await IterappServers.unpacking(in: state) }
            ) { acknowledged in
                let written = try IterappServers.operations(in: state) - size.operations
                guard written == acknowledged else {
                    throw TestFailure("\(acknowledged) commands were acknowledged, and \(written) are in the journal")
                }
                try FileManager.default.removeItem(at: own)
            })
    }

    private func environment(_ own: URL, state: URL, port: Int) -> [String: String?] {
        // Whatever is set here stays out of what is measured.
        var environment = ProcessInfo.processInfo.environment
            .filter { $0.key.hasPrefix("ITERAPP_") || $0.key.hasPrefix("SLACK_") || $0.key.hasPrefix("GITHUB_") }
            .mapValues { _ in String?.none }
        environment["ITERAPP_LISTEN"] = "127.0.0.1:\(port)"
        environment["ITERAPP_STATE_DIR"] = state.path
        environment["ITERAPP_QUEUE_LIMIT"] = String(Self.queueLimit)
        environment["ITERAPP_SOURCE"] = "dir:\(own.path)"
        environment["ITERAPP_BUILDER"] = "docker"
        environment["SLACK_SIGNING_SECRET"] = IntakeServer.secret
        environment["SLACK_BOT_TOKEN"] = "xoxb-benchmark"
        environment["SLACK_API_URL"] = "http://127.0.0.1:\(slackPort)/api/"
        environment["KUBECONFIG"] = own.appending(path: "kubeconfig").path
        environment["HOME"] = own.path
        return environment
    }

    /// A journal of that size, to be copied.
    private func template(_ size: JournalSize) async throws -> URL {
        if let known = templates[size] { return known }
        let state = directory.appending(path: "template-\(templates.count)", directoryHint: .isDirectory)
        let empty = try await SQLiteJournal.open(state)
        await empty.close()
        if size != .empty { try size.history.write(into: state) }
        templates[size] = state
        return state
    }

    /// Waits until each request that is on disk has become an operation with its message.
    private static func unpacking(in state: URL) async throws {
        let database = try Database(path: state.appending(path: "iterapp-inbox.db").path)
        defer { database.close() }
        let deadline = ContinuousClock.now + settlingTimeLimit
        while try !database.run("SELECT id FROM inbox LIMIT 1").isEmpty {
            guard ContinuousClock.now < deadline else { throw TestFailure("requests are still not operations") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func operations(in state: URL) throws -> Int {
        let database = try Database(path: state.appending(path: "iterapp.db").path)
        defer { database.close() }
        return Int(try database.run("SELECT count(*) AS n FROM operations").first?.integer("n") ?? 0)
    }
}

/// What a journal holds when the service starts.
struct JournalSize: Hashable, Sendable {
    let apps: Int
    /// All of them have ended.
    let operations: Int

    static let empty = JournalSize(apps: 0, operations: 0)
    /// Of the runs beside other servers.
    static let usual = JournalSize(apps: 1_000, operations: 10_000)
    static let small = JournalSize(apps: 10, operations: 10)
    static let large = JournalSize(apps: 10_000, operations: 100_000)

    fileprivate var history: LongHistory {
        var history = LongHistory(until: .now)
        (history.apps, history.operations, history.unfinished) = (apps, operations, 0)
        return history
    }
}
