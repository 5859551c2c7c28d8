import Addons
import Deploys
import Foundation
import GitHub
import Images
import Kubernetes
import Slack
import Store

/// Everything the operator can set, read from environment variables and checked together.
package struct Settings: Sendable {
    package struct Slack: Sendable {
        package var signingSecret: String
        package var botToken: String
        /// The app's own id; nil when requests of any app with its secret are taken.
        package var appID: String?
        package var apiURL: String
        /// Of sign-in with Slack; nil when links alone lead to pages.
        package var client: SlackSignIn.Client?
        package var channels: ChannelPolicy
        package var pace = Pace()
    }

    package struct GitHub: Sendable {
        package var webhookSecret: String?
        /// Nil when nothing is read from GitHub.
        package var identity: GitHubIdentity?
        package var address: GitHubAddress
        /// Between two looks for pushes that nobody told of.
        package var lookSeconds = 600
    }

    package enum Source: Sendable, Equatable {
        case github
        /// `PATH/{app}` and `PATH/{org}/{app}` are repositories.
        case directory(String)
    }

    package struct Cluster: Sendable {
        package var connection: KubernetesConnection
        /// What domains must point to; nil when their DNS is not looked at.
        package var ingressAddress: IngressAddress?
        /// The name that `_acme-challenge` records of DNS-01 domains must lead to; nil takes any.
        package var acmeDelegation: String?
        package var policy = WorkPolicy()

        /// Ours when neither the pod nor the kubeconfig's context says another one.
        static let usualNamespace = "default"
    }

    package var host: String
    package var port: Int
    /// Without a slash at its end; nil when no links are wanted.
    package var publicURL: String?
    package var stateDirectory: String
    static let usualStateDirectory = "./state"
    /// What all build logs together may take in the state directory.
    package var logDiskMebibytes: Int
    /// How many operations may be queued or running; beyond it, commands and pushes are refused.
    package var queueLimit: Int
    /// Left free on the state directory's disk: below it, new work is refused.
    package var diskReserveMebibytes = 256
    package var retention = RetentionLimits()
    package var slack: Slack
    package var github: GitHub
    package var source: Source
    package var builder: Builder
    package var git = GitOptions()
    package var cluster: Cluster
    package var rendering: Rendering
    package var access: Access?
    package var permissions: Permissions?
    package var databases = Databases()
    /// What tells us from other installations that share a server with us; nil takes what tells our cluster apart.
    package var installation: String?
    /// Nil when there is no key for encrypted values.
    package var keys: Keys?
    /// Nil when apps get no accounts.
    package var nats: NATSSettings?
    /// What the programs that we run (Git, Docker) may see of our environment: no secret of ours.
    package var programEnvironment: [String: String]
}

/// All that is wrong with the settings, a sentence each.
package struct SettingsError: Error, Sendable, CustomStringConvertible {
    package let problems: [String]
    package var description: String {
        let count = problems.count == 1 ? "There is a problem" : "There are \(problems.count) problems"
        return "\(count) with the settings:\n" + problems.map { "  - \($0)" }.joined(separator: "\n")
    }
}
