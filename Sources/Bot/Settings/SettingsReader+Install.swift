import Foundation
import Kubernetes

/// The same settings as the service's, read to be written down in its Deployment.
extension SettingsReader {
    /// What the Deployment says in plain text. Everything else is secret, or the Deployment's own business.
    static let plainSettings = [
        "ITERAPP_PUBLIC_URL", "SLACK_API_URL", "SLACK_APP_ID", "SLACK_CLIENT_ID", "ITERAPP_LOG_CHANNEL",
        "ITERAPP_COMMAND_CHANNELS",
        "ITERAPP_DEFAULT_ORG",
        "GITHUB_URL", "GITHUB_API_URL", "GITHUB_APP_ID", "ITERAPP_REGISTRY", "ITERAPP_ROUTING", "ITERAPP_GATEWAY",
        "ITERAPP_GATEWAY_LISTENERS",
        "ITERAPP_INGRESS_CLASS", "ITERAPP_INGRESS_CONTROLLER", "ITERAPP_CLUSTER_ISSUER", "ITERAPP_INGRESS_ADDRESS",
        "ITERAPP_ACME_DELEGATION",
        "ITERAPP_KUBERNETES_VERSION", "ITERAPP_IMAGE", "ITERAPP_REDIS_IMAGE", "ITERAPP_CLOUD_SQL_PROXY_IMAGE",
        "ITERAPP_CLOUD_SQL_SERVICE_ACCOUNT",
        "ITERAPP_POD_MONITORS", "ITERAPP_ROLLOUT_DEADLINE_SECONDS", "ITERAPP_PUT_BACK",
        "ITERAPP_LOG_DISK_MIB", "ITERAPP_LOG_DAYS", "ITERAPP_HISTORY_DAYS", "ITERAPP_AUDIT_DAYS",
        "ITERAPP_DISK_RESERVE_MIB", "ITERAPP_QUEUE_LIMIT", "ITERAPP_GIT_WORKSPACE_MIB", "ITERAPP_GIT_CHECKOUT_MIB",
        "ITERAPP_LOOK_SECONDS",
        "ITERAPP_GIT_SUBMODULES", "ITERAPP_GIT_LFS", "ITERAPP_DOMAIN_PROD",
        "ITERAPP_DOMAIN_TEST", "ITERAPP_DOMAIN_SNAP", "ITERAPP_DOMAIN_PROD_EXTERNAL", "ITERAPP_DOMAIN_TEST_EXTERNAL",
        "ITERAPP_DOMAIN_SNAP_EXTERNAL", installationName,
    ] + databaseAddresses + natsAddresses
    /// What only the engine's builder needs.
    static let dockerSettings = ["ITERAPP_BUILDER", "DOCKER_HOST"]
    /// What the Secret holds, with the reason to make it.
    /// - Parameters:
    ///   - usesGitHubApp: its key is a file in a Secret of its own, and makes a token needless.
    ///   - signsIn: whether people sign in with Slack.
    static func secretSettings(usesGitHubApp: Bool, signsIn: Bool) -> [String] {
        ["SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"] + (signsIn ? ["SLACK_CLIENT_SECRET"] : [])
            + ["GITHUB_WEBHOOK_SECRET"] + (usesGitHubApp ? [] : ["GITHUB_TOKEN"])
    }

    mutating func installation(into options: inout InstallOptions) {
        options.rendering = rendering().options
        let installsBot = options.parts.contains(.bot)
        if installsBot {
            options.host = publicHost()
            if text("ITERAPP_IMAGE") == nil {
                problems.append(
                    "ITERAPP_IMAGE is not set: say with it, or with --image, where the cluster finds this program's "
                        + "image.")
            }
            options.accessFile = access().flatMap { Self.text(ofFile: $0.path) }
            options.policyFile = permissions().flatMap { Self.text(ofFile: $0.path) }
            let authorities = databases().authorities.map { ($0, Self.text(ofFile: $0) ?? "") }
            options.databaseAuthorities = InstalledAuthorities(Dictionary(authorities) { first, _ in first })
        }
        var names = Self.plainSettings
        enum Builder: String, CaseIterable { case buildkit, docker }
        if choice("ITERAPP_BUILDER", default: Builder.buildkit) == .docker {
            options.buildKit = nil
            names += Self.dockerSettings
            if installsBot, text("DOCKER_HOST") == nil {
                problems.append("DOCKER_HOST is not set: with ITERAPP_BUILDER=docker, it says which engine builds.")
            }
        } else if installsBot, text("ITERAPP_REGISTRY") == nil {
            problems.append(
                "ITERAPP_REGISTRY is not set: it says where BuildKit puts images and the cluster finds them.")
        }
        for name in names { options.settings[name] = text(name) }
        // What stands in files is in a Secret, which need not be on this machine.
        if natsServers() != nil {
            options.nats = text(Self.natsAuthorityFile) == nil ? .publicAuthorities : .ownAuthority
        }
        options.furtherSecrets = Self.databaseURLs.filter { text($0) != nil }
        if installsBot { keys(into: &options) }
    }

    /// In a pod, they are always in a Secret: what is mounted there, others than its owner could read.
    private mutating func keys(into options: inout InstallOptions) {
        switch keyPlace() {
        case nil: return
        case .secret?: options.settings["ITERAPP_KEYS"] = text("ITERAPP_KEYS")
        case .file(let path)?:
            options.keyFile = path
            options.settings["ITERAPP_KEYS"] =
                "\(KeyPlace.prefix)\(options.namespace)/\(InstallOptions.keysSecret)"
        }
    }

    private mutating func publicHost() -> String {
        guard text("ITERAPP_PUBLIC_URL") != nil else {
            problems.append(
                "ITERAPP_PUBLIC_URL is not set: say with it, or with --url, where the bot is reached, as in "
                    + "https://iterapp.example.com.")
            return ""
        }
        guard let value = url("ITERAPP_PUBLIC_URL"), let url = URL(string: value), let host = url.host()?.lowercased()
        else { return "" }
        if url.scheme != "https" || url.port != nil || !["", "/"].contains(url.path()) {
            problems.append(
                "ITERAPP_PUBLIC_URL must be https:// and a host, without port and path, to be routed into the cluster.")
        }
        return host
    }

    private static func text(ofFile path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
