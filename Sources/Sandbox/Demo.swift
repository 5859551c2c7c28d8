import Bot
import Crypto
import Deploys
import Foundation
import HTTP

/// `iterapp demo`: the bot exactly as `serve` runs it, and around it, over real sockets, stand-ins for Slack and
/// Kubernetes, a sample repository, and a page.
package struct Demo: Sendable {
    static let organisation = "iterate"
    static let defaultSigningSecret = "demo-signing-secret"

    private let port: Int
    private let directory: URL

    package init(port: Int, directory: String) {
        self.port = port
        self.directory = URL(filePath: directory, directoryHint: .isDirectory).absoluteURL.standardizedFileURL
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Throws: a sentence that says what is missing or in the way.
    package func run() async throws {
        let signals = try TerminationSignals()
        let log = Log.standardError
        let process = DemoEnvironment.fromProcess()
        try makeDirectory()
        // Before anything is looked at or written: it may all belong to a demo that runs.
        let lock = try DirectoryLock(directory)
        defer { lock.unlock() }
        let http = HTTPClient()
        let engine = try await DemoEngine.find(directory: directory, environment: process, http: http)
        let postgres = await DemoPostgres.start(
            in: directory, engineSocket: engine.socket, process, http: http, log: log)
        do {
            let cluster = try await DemoCluster(
                directory: directory, engineSocket: engine.socket, programs: DemoSettings.images(process), http: http,
                log: log)
            do {
                try await run(engine, cluster, postgres, http, process, log, until: { await signals.wait() })
            } catch {
                await cluster.stop()
                throw error
            }
            await cluster.stop()
        } catch {
            await postgres?.stop()
            await engine.stop()
            throw error
        }
        await postgres?.stop()
        await engine.stop()
    }

    private func run(
        _ engine: DemoEngine, _ cluster: DemoCluster, _ postgres: DemoPostgres?, _ http: HTTPClient,
        _ process: DemoEnvironment, _ log: Log, until stop: @Sendable () async -> Void
    ) async throws {
        let secret = process.signingSecret ?? Self.defaultSigningSecret
        let webhookSecret = hex(randomBytes(16))
        let botToken = "xoxb-" + hex(randomBytes(16))
        let workspace = try Workspace(path: directory.appending(path: "workspace.sqlite").path) { .now }
        let slack = SlackServer(SlackStandIn(
            workspace: workspace, grant: SlackGrant(token: botToken, scopes: DemoInstallation.scopes)))
        let slackURL = try slack.start()
        let port = try port == 0 ? FreePort.find() : port
        let clientSecret = hex(randomBytes(16))
        slack.standIn.signIn.register(.init(
            id: DemoInstallation.clientID, secret: clientSecret,
            redirectURLs: ["http://localhost:\(port)/slack/sign-in/callback"]))
        let botURL = "http://127.0.0.1:\(port)"
        try PushHook.install(in: directory, program: process.program, botURL: botURL, secret: webhookSecret)
        let samples = try await samples(postgres)
        let settings = try DemoSettings(
            directory: directory, port: port, signingSecret: secret, botToken: botToken,
            clientSecret: clientSecret, slackURL: slackURL,
            webhookSecret: webhookSecret, repositories: repositories, kubeconfig: cluster.kubeconfig,
            engineSocket: engine.socket,
            postgres: postgres?.variables() ?? [:], process: process
        ).settings()
        var caller = slack.caller(botURL: botURL, signingSecret: secret, client: http)
        caller.subscriptions = DemoInstallation.events
        let changes = await workspace.changes()
        let echo = Task { [caller] in await caller.echoDirectMessages(among: changes) }
        defer { echo.cancel() }
        let page = PageRoutes(workspace: workspace, caller: caller)
        let service = Service(settings, log: log) { request in
            if let answer = await cluster.answer(request) { return answer }
            return await page.answer(request)
        }
        defer { Task { await slack.stop() } }
        try await service.run(until: stop) { port in announce(port, samples, cluster) }
    }

    private var repositories: URL { directory.appending(path: "repositories", directoryHint: .isDirectory) }

    private func samples(_ postgres: DemoPostgres?) async throws -> [SampleRepository] {
        let hook = directory.appending(path: PushHook.scriptName)
        var samples = [SampleRepository(root: repositories, hook: hook)]
        if let postgres {
            samples.append(
                SampleRepository(sample: .visits(psql: "\(postgres.programs)/psql"), root: repositories, hook: hook))
        }
        for sample in samples { try await sample.makeIfMissing() }
        return samples
    }

    private func announce(_ port: Int, _ samples: [SampleRepository], _ cluster: DemoCluster) {
        let directories = samples.map(\.directory.path).joined(separator: "\n               ")
        let database = samples.count > 1 ? ", or visits, which counts its visitors in a database" : ""
        let text = """
            The Iterapp demo runs.

              Page         http://localhost:\(port)/
              Repository   \(directories)  (a commit on main deploys to test by itself)
              Cluster      KUBECONFIG=\(cluster.kubeconfig.path)

            Type /iterapp register cats on the page to begin\(database). Ctrl-C ends the demo.

            """
        // Not `print`: whoever waits for the address behind a pipe must get it at once.
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private func makeDirectory() throws {
        do {
            try FileManager.default.createDirectory(
                at: repositories, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DemoError(
                "The folder \(directory.path) can't be made: \(error.localizedDescription) "
                    + "Name another one with --dir.")
        }
    }
}
