import Bot
import Deploys
import Foundation
import HTTP
import JSON
import Subprocess
import TestSupport
import XCTest

@testable import Sandbox

/// The bot as `serve` runs it with GitHub as its source, between a strict GitHub, a strict Slack and the demo's cluster.
final class GitHubStage: Sendable {
    static let organisation = "iterate"
    private static let signingSecret = "story-signing-secret"
    private static let webhookSecret = "story-webhook-secret"

    let directory: URL
    let github: GitHubStandIn
    private let madeRepository: GitHubStandIn.Repository
    /// As its developers have it in front of them.
    let work: GitRepository
    let slack: SlackServer
    private let cluster: DemoCluster
    private let engine: DemoEngine
    /// What the service is told by its environment.
    let variables: [String: String]
    let port: Int
    private let http: HTTPClient

    /// The app `cats` is on GitHub, the App is installed, and nothing is registered.
    /// - Parameter more: variables of the service; gets the stage's directory and the Docker Engine's socket.
    static func with(
        _ more: (_ directory: URL, _ engine: String) throws -> [String: String] = { _, _ in [:] },
        _ body: (GitHubStage) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let stage = try await GitHubStage(directory, more)
            do {
                try await body(stage)
            } catch {
                await stage.stop()
                throw error
            }
            await stage.stop()
        }
    }

    private init(_ directory: URL, _ more: (URL, String) throws -> [String: String]) async throws {
        self.directory = directory
        http = HTTPClient()
        let process = DemoEnvironment.fromProcess()
        let program = ProgramImage(program: DemoProcess.binary.path)
        engine = try await DemoEngine.find(directory: directory, environment: process, http: http)
        cluster = try await DemoCluster(
            directory: directory, engineSocket: engine.socket, programs: [program], http: http, log: .silent)
        slack = try SlackServer()
        let slackURL = try slack.start()
        github = try await GitHubStandIn(in: directory)
        let repository = try await github.addRepository(Self.organisation, "cats")
        madeRepository = repository
        github.install(on: Self.organisation)
        let sample = SampleRepository(
            root: directory.appending(path: "work"), hook: directory.appending(path: "no-hook"))
        try await sample.makeIfMissing()
        work = GitRepository(directory: sample.directory)
        try await work.git("remote", "add", "origin", repository.directory.path)
        try await work.git("push", "--quiet", "origin", "main")
        let key = directory.appending(path: "app.pem")
        try github.keys.privatePEM.write(to: key, atomically: true, encoding: .utf8)
        port = try FreePort.find()
        variables = process.programVariables
            .merging(
                Self.variables(directory, port, engine, cluster, slackURL: slackURL, github: github, key: key)
            ) { $1 }
            .merging(try more(directory, engine.socket)) { $1 }
    }

    private static func variables(
        _ directory: URL, _ port: Int, _ engine: DemoEngine, _ cluster: DemoCluster, slackURL: String,
        github: GitHubStandIn, key: URL
    ) -> [String: String] {
        [
            "ITERAPP_LISTEN": "127.0.0.1:\(port)", "ITERAPP_PUBLIC_URL": "http://localhost:\(port)",
            "ITERAPP_STATE_DIR": directory.appending(path: "state").path,
            "ITERAPP_DEFAULT_ORG": organisation, "ITERAPP_BUILDER": "docker",
            "DOCKER_HOST": "unix://\(engine.socket)", "KUBECONFIG": cluster.kubeconfig.path,
            "ITERAPP_LOG_CHANNEL": "#\(Workspace.channelName)", "ITERAPP_DOMAIN_PROD": "{app}.app.localhost",
            "ITERAPP_DOMAIN_TEST": "{app}.test.localhost", "ITERAPP_DOMAIN_SNAP": "{env}.{app}.app.localhost",
            "SLACK_SIGNING_SECRET": signingSecret, "SLACK_BOT_TOKEN": "xoxb-test", "SLACK_API_URL": "\(slackURL)/api/",
            "GITHUB_WEBHOOK_SECRET": webhookSecret, "GITHUB_APP_ID": GitHubStandIn.appID,
            "GITHUB_APP_PRIVATE_KEY_FILE": key.path, "GITHUB_URL": github.url, "GITHUB_API_URL": github.api,
            "ITERAPP_ROLLOUT_DEADLINE_SECONDS": "30",
        ]
    }

    private func settings() throws -> Settings {
        var settings = try Settings.read(variables)
        settings.rendering.naming.scheme = "http"
        settings.rendering.naming.port = port
        settings.slack.pace = Pace(burst: 20, perSecond: 10)
        return settings
    }

    private func stop() async {
        await cluster.stop()
        await github.stop()
        await slack.stop()
        await engine.stop()
    }

    /// From the start of the service to its stop.
    func serving(_ body: () async throws -> Void) async throws {
        let (stop, isReady) = (Signal(), Watched(false))
        let service = Service(try settings(), log: .silent) { [cluster] in await cluster.answer($0) }
        let running = Task {
            try await service.run(until: { await stop.wait() }) { _ in isReady.change { $0 = true } }
        }
        do {
            try await isReady.wait(for: "the service") { $0 }
            try await body()
        } catch {
            stop.fire()
            _ = try? await running.value
            throw error
        }
        stop.fire()
        try await running.value
    }

    /// The app's repository as it is called now.
    var repository: GitHubStandIn.Repository { github.repository(madeRepository.id) ?? madeRepository }

    // MARK: What people do

    func command(_ line: String) async throws -> BotAnswer {
        try await slack.caller(botURL: "http://127.0.0.1:\(port)", signingSecret: Self.signingSecret, client: http)
            .command("/iterapp \(line)")
    }

    func register() async throws {
        _ = try await command("register cats")
        try await waitForMessage("registered")
    }

    /// Commits to a branch (made when it is new) and pushes it; no webhook tells of it yet.
    func push(_ page: String, to branch: String = "main") async throws -> String {
        try await work.git("checkout", "--quiet", "-B", branch)
        try await work.commit(["site/index.html": page], "Say \(page)")
        try await work.git("push", "--quiet", "--force", "origin", branch)
        return try await work.head()
    }

    /// GitHub tells of a push.
    func deliverPush(_ sha: String, to branch: String = "main") async throws {
        let status = try await deliver("push", github.pushPayload(repository, branch: branch, after: sha))
        XCTAssertEqual(status, 202)
    }

    /// - Returns: the status that GitHub is answered with.
    @discardableResult
    func deliver(_ event: String, _ payload: JSON, id: String = UUID().uuidString) async throws -> Int {
        try await GitHubStandIn.deliver(
            event, payload, to: "http://127.0.0.1:\(port)/github/webhooks", secret: Self.webhookSecret, id: id,
            through: http
        ).status
    }

    // MARK: What people see

    /// The page of an environment; nil while nothing answers there.
    func page(_ environment: String = "test") async -> String? {
        let host = "cats.\(environment == "prod" ? "app" : environment).localhost:\(port)"
        let request = HTTPClientRequest("GET", "http://127.0.0.1:\(port)/", headers: ["Host": host])
        guard let answer = try? await http.send(request), answer.status == 200 else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// The check runs of a commit, the oldest first.
    func checks(of sha: String) -> [JSON] {
        github.checkRuns(of: repository.fullName).filter { $0["head_sha"]?.string == sha }
    }

    /// The check run of a commit, when it is completed.
    func waitForCheck(of sha: String) async throws -> JSON {
        try await wait("a check run that is completed") { checks(of: sha).first?["status"] == "completed" }
        return try XCTUnwrap(checks(of: sha).first)
    }

    /// Where GitHub says that a commit runs.
    func deploymentURLs(of sha: String) -> [String] {
        github.deployments(of: repository.fullName).filter { $0["sha"]?.string == sha }
            .flatMap { $0["statuses"]?.array ?? [] }.compactMap { $0["environment_url"]?.string }
    }

    func messages() async throws -> [String] { try await slack.workspace.shown().map(\.text) }

    func waitForMessage(_ words: String) async throws {
        try await wait("a message with “\(words)”") { try await messages().contains { $0.contains(words) } }
    }

    /// Waits for what the log of some build says.
    func waitForBuildLog(_ words: String) async throws {
        let folder = directory.appending(path: "state/logs/iterate/cats")
        try await wait("a build that says “\(words)”") {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            for name in names where try await log(folder.appending(path: name)).contains(words) { return true }
            return false
        }
    }

    /// Those of builds that ended are packed.
    private func log(_ file: URL) async throws -> String {
        guard file.pathExtension == "gz" else { return (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
        let result = try await ProgramRun("gzip", ["-dc", file.path], timeLimit: .seconds(10)).run()
        return String(decoding: result.output, as: UTF8.self)
    }

    /// Others change it: it is looked at again and again.
    func wait(_ what: String, until isMet: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if try await isMet() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestFailure("waited in vain for \(what); the channel says: \(try await messages())")
    }
}
