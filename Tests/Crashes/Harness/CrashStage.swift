import Foundation
import HTTP
import Sandbox
import Subprocess
import TestSupport

/// What surrounds the service and outlives it: a strict Slack, a strict GitHub, a cluster, a builder and a registry, all
/// in this process.
final class CrashStage: Sendable {
    static let signingSecret = "crash-signing-secret"
    static let webhookSecret = "crash-webhook-secret"
    static let organisation = "iterate"

    let directory: URL
    let github: GitHubStandIn
    let slack: SlackServer
    let cluster: QuickCluster
    let port: Int
    let http = HTTPClient()
    let repositories: [String: GitHubStandIn.Repository]
    let variables: [String: String]
    private let builder: QuickBuilder

    var state: URL { directory.appending(path: "state", directoryHint: .isDirectory) }
    var url: String { "http://127.0.0.1:\(port)" }
    /// The workspace's messages, as rows.
    var workspaceFile: String { directory.appending(path: "workspace.sqlite").path }

    /// Gives `body` a stage of its own, of which nothing is left.
    /// - Parameter apps: repositories with a commit each; none is registered.
    static func with<Value>(apps: [String], _ body: (CrashStage) async throws -> Value) async throws -> Value {
        try await withTemporaryDirectory { directory in
            let stage = try await CrashStage(directory, apps)
            let result: Result<Value, any Error>
            do { result = .success(try await body(stage)) } catch { result = .failure(error) }
            await stage.stop()
            return try result.get()
        }
    }

    private init(_ directory: URL, _ apps: [String]) async throws {
        self.directory = directory
        github = try await GitHubStandIn(in: directory)
        github.install(on: Self.organisation)
        var made: [String: GitHubStandIn.Repository] = [:]
        for app in apps {
            let repository = try await github.addRepository(Self.organisation, app)
            try await github.push(repository, Self.files(content: "\(app) 0"), subject: "\(app) 0")
            made[app] = repository
        }
        repositories = made
        cluster = try await QuickCluster(in: directory)
        builder = try QuickBuilder(in: directory)
        let workspace = try Workspace(path: directory.appending(path: "workspace.sqlite").path) { .now }
        slack = SlackServer(SlackStandIn(workspace: workspace, grant: SlackGrant(token: "xoxb-test")))
        let slackURL = try slack.start()
        port = try LowPorts.next()
        let key = directory.appending(path: "app.pem")
        try github.keys.privatePEM.write(to: key, atomically: true, encoding: .utf8)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        variables = [
            "ITERAPP_LISTEN": "127.0.0.1:\(port)", "ITERAPP_PUBLIC_URL": "http://localhost:\(port)",
            "ITERAPP_STATE_DIR": directory.appending(path: "state").path, "ITERAPP_DEFAULT_ORG": Self.organisation,
            "ITERAPP_BUILDER": "buildkit", "BUILDKIT_HOST": "tcp://127.0.0.1:1",
            "ITERAPP_REGISTRY": builder.registry, "KUBECONFIG": cluster.kubeconfig.path,
            "ITERAPP_LOG_CHANNEL": "#\(Workspace.channelName)", "SLACK_SIGNING_SECRET": Self.signingSecret,
            "SLACK_BOT_TOKEN": "xoxb-test", "SLACK_API_URL": "\(slackURL)/api/",
            "GITHUB_WEBHOOK_SECRET": Self.webhookSecret, "GITHUB_APP_ID": GitHubStandIn.appID,
            "GITHUB_APP_PRIVATE_KEY_FILE": key.path, "GITHUB_URL": github.url, "GITHUB_API_URL": github.api,
            "ITERAPP_ROLLOUT_DEADLINE_SECONDS": "600", "PATH": "\(builder.folder.path):\(path)",
            "HOME": directory.path,
        ]
    }

    private func stop() async {
        await cluster.stop()
        await github.stop()
        await slack.stop()
        await builder.stop()
    }

    /// What an app's repository has: nobody outside looks at it, so that no site holds a deploy up.
    static func files(content: String) -> [String: String] {
        ["Dockerfile": "FROM scratch\nCOPY content /\n", "iterapp.toml": "[ingress]\ndisable = true\n", "content": content]
    }
}
