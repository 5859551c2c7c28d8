/// What an installation of the bot consists of.
package enum InstallPart: String, Sendable, CaseIterable {
    /// The namespace, the account, and what it may do.
    case rbac
    /// The bot itself, and the way to it.
    case bot
    /// Where images are built.
    case buildkit
    /// The ClusterIssuer that certificates come from.
    case issuers
}

/// What the operator decides about the installation.
package struct InstallOptions: Sendable {
    package var namespace = "iterapp"
    package var parts: Set<InstallPart> = Set(InstallPart.allCases)
    /// How requests come in, whose image runs, what the issuer is called: as for apps.
    package var rendering = RenderOptions()
    /// Of the bot's own URL.
    package var host: String
    /// Variables that say nothing secret, as the bot reads them.
    package var settings: [String: String] = [:]
    /// Names of secret settings that not every installation has.
    package var furtherSecrets: [String] = []
    /// The text of the access file, if there is one.
    package var accessFile: String?
    /// The text of the policy file, if there is one.
    package var policyFile: String?
    /// Of database servers.
    package var databaseAuthorities = InstalledAuthorities([:])
    /// Where the keys for encrypted values are now, when they have to be put into a Secret; nil when they need not.
    package var keyFile: String?
    /// Of the volume for the journal and the mirrors.
    package var storage = "10Gi"
    /// Nil for the cluster's default class.
    package var storageClass: String?
    /// A Secret with credentials of registries (`kubernetes.io/dockerconfigjson`), if the bot needs some.
    package var registrySecret: String?
    /// Nil when images are built elsewhere.
    package var buildKit: BuildKitOptions? = BuildKitOptions()
    package var issuer = IssuerOptions()

    package init(host: String) { self.host = host }

    /// Its keys are the bot's secret variables.
    package static let secretName = "iterapp"

    /// Holds the private key of the GitHub App, which is a file and no variable.
    package static let gitHubAppSecret = "iterapp-github-app"
    package static let gitHubAppKey = "private-key.pem"
    /// Holds the keys for encrypted values, where they are in a file now.
    package static let keysSecret = "iterapp-keys"
    package var usesGitHubApp: Bool { settings["GITHUB_APP_ID"] != nil }

    /// Nil without a NATS server.
    package var nats: NATSFiles?

    /// Files of a Secret, by which the bot makes accounts on NATS servers.
    package enum NATSFiles: Sendable {
        /// The servers' certificates are the web's, or they have none.
        case publicAuthorities
        /// The Secret has a file with the authority of the servers' certificates, too.
        case ownAuthority

        package static let secret = "iterapp-nats"

        /// By setting.
        package var names: [(variable: String, file: String)] {
            [
                ("ITERAPP_NATS_OPERATOR_SEED_FILE", "operator.nk"),
                ("ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE", "system.creds"),
            ] + (self == .ownAuthority ? [("ITERAPP_NATS_CA_FILE", "ca.crt")] : [])
        }
    }
}

package struct BuildKitOptions: Sendable {
    package enum Certificates: String, Sendable, CaseIterable {
        /// cert-manager makes an authority, and renews what that signs.
        case certManager = "cert-manager"
        /// The operator makes the Secrets.
        case own
    }

    package var namespace = "iterapp-build"
    package var image = "moby/buildkit:v0.32.2-rootless"
    package var certificates = Certificates.certManager
    /// Where cert-manager looks for what a ClusterIssuer refers to (its `--cluster-resource-namespace`).
    package var certManagerNamespace = "cert-manager"

    package init() {}

    /// Of the daemon's and the client's certificates.
    package static let daemonSecret = "buildkitd-tls"
    package static let clientSecret = "buildkit-client-tls"
    package static let name = "buildkitd"
    package static let port = 1234

    package var address: String { "tcp://\(Self.name).\(namespace).svc:\(Self.port)" }
}

package struct IssuerOptions: Sendable {
    /// Who may set the records of DNS-01 challenges. Each names a Secret, or trusts the account that cert-manager
    /// runs as (https://cert-manager.io/docs/configuration/acme/dns01/).
    package enum DNS01: Sendable, Equatable {
        case cloudflare
        case cloudDNS(project: String)
        case route53(region: String)
    }

    /// Where the authority writes to when a certificate is about to expire.
    package var email: String?
    package var server = "https://acme-v02.api.letsencrypt.org/directory"
    package var dns01: DNS01?

    package init() {}

    static let cloudflareSecret = "cloudflare-api-token"
}
