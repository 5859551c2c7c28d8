import Bot
import Deploys
import Foundation

/// The demo's settings, given to the bot as environment variables, as an operator would.
struct DemoSettings: Sendable {
    let directory: URL
    let port: Int
    let signingSecret: String
    let botToken: String
    let clientSecret: String
    let slackURL: String
    let webhookSecret: String
    let repositories: URL
    let kubeconfig: URL
    let engineSocket: String
    /// Of its database server.
    let postgres: [String: String]
    let process: DemoEnvironment

    /// Nobody adds machines to the embedded cluster or fetches images from far away: it is quick or it is broken.
    private static let rollOutDeadlineSeconds = "30"

    /// Of this demo alone.
    var keys: URL { directory.appending(path: "keys.pem") }

    /// Of the programs that apps are given, where no registry may be within reach.
    static func images(_ process: DemoEnvironment) -> [ProgramImage] {
        [program(process)] + [redis(process)].compactMap { $0 }
    }

    private static func program(_ process: DemoEnvironment) -> ProgramImage { ProgramImage(program: process.program) }

    /// Nil where no server is installed: then the engine has to have the usual image.
    private static func redis(_ process: DemoEnvironment) -> ProgramImage? {
        let name = "redis-server"
        let places = process.path.split(separator: ":").map { "\($0)/\(name)" }
        return places.first { access($0, X_OK) == 0 }.map { ProgramImage(program: $0, name: name) }
    }

    func settings() throws -> Settings {
        try KeyTool.makeIfMissing(keys.path)
        var environment = process.programVariables
        environment["DOCKER_HOST"] = "unix://\(engineSocket)"
        environment.merge([
            "ITERAPP_LISTEN": "127.0.0.1:\(port)",
            "ITERAPP_PUBLIC_URL": "http://localhost:\(port)",
            "ITERAPP_STATE_DIR": directory.appending(path: "state").path,
            "ITERAPP_SOURCE": "dir:\(repositories.path)",
            "ITERAPP_DEFAULT_ORG": Demo.organisation,
            "ITERAPP_BUILDER": "docker",
            "ITERAPP_LOG_CHANNEL": "#\(Workspace.channelName)",
            "ITERAPP_DOMAIN_PROD": "{app}.app.localhost",
            "ITERAPP_DOMAIN_TEST": "{app}.test.localhost",
            "ITERAPP_DOMAIN_SNAP": "{env}.{app}.app.localhost",
            "SLACK_SIGNING_SECRET": signingSecret,
            "SLACK_BOT_TOKEN": botToken,
            "SLACK_CLIENT_ID": DemoInstallation.clientID,
            "SLACK_CLIENT_SECRET": clientSecret,
            "SLACK_API_URL": "\(slackURL)/api/",
            "GITHUB_WEBHOOK_SECRET": webhookSecret,
            "KUBECONFIG": kubeconfig.path,
            "ITERAPP_KEYS": keys.path,
            "ITERAPP_IMAGE": Self.program(process).reference,
            "ITERAPP_ROLLOUT_DEADLINE_SECONDS": process.rollOutDeadline ?? Self.rollOutDeadlineSeconds,
        ]) { _, ours in ours }
        environment.merge(postgres) { _, ours in ours }
        environment.merge(process.nats) { _, theirs in theirs }
        if let redis = Self.redis(process) { environment["ITERAPP_REDIS_IMAGE"] = redis.reference }
        if let reserve = process.diskReserve { environment["ITERAPP_DISK_RESERVE_MIB"] = reserve }
        if let policy = process.policyFile { environment["ITERAPP_POLICY_FILE"] = policy }
        var settings = try Settings.read(environment)
        // The embedded cluster's front door speaks plain HTTP on the demo's own port.
        settings.rendering.naming.scheme = "http"
        settings.rendering.naming.port = port
        // Nor does its channel mind how much is said; in Slack's, about a message a second may be posted.
        settings.slack.pace = Pace(burst: 20, perSecond: 10)
        return settings
    }
}
