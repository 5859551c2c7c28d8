import Kubernetes

/// What an administrator has to do besides applying the objects.
struct InstallNotes {
    let options: InstallOptions

    var text: String {
        let notes = (options.parts.contains(.bot) ? bot : []) + buildKit + issuers
        return notes.map { "note: \($0)\n" }.joined()
    }

    private var bot: [String] {
        let usual = SettingsReader.secretSettings(
            usesGitHubApp: options.usesGitHubApp, signsIn: options.settings["SLACK_CLIENT_ID"] != nil)
        let names = (usual + options.furtherSecrets).joined(separator: ", ")
        var notes = [
            "The bot's secrets are not among the objects. Write \(names) as NAME=value lines into a file that only you "
                + "can read, and: kubectl -n \(options.namespace) create secret generic \(InstallOptions.secretName) "
                + "--from-env-file=FILE"
        ]
        if options.usesGitHubApp {
            notes.append(
                "The GitHub App's private key is read from a Secret, too: kubectl -n \(options.namespace) create "
                    + "secret generic \(InstallOptions.gitHubAppSecret) "
                    + "--from-file=\(InstallOptions.gitHubAppKey)=FILE")
        }
        if let file = options.keyFile {
            notes.append(
                "The keys for encrypted values are not among the objects, and are in a Secret there: kubectl -n "
                    + "\(options.namespace) create secret generic \(InstallOptions.keysSecret) "
                    + "--from-file=\(KeySecret.entry)=\(file)")
        }
        notes += natsSecret
        if !options.parts.contains(.rbac) {
            notes.append("The namespace and the account are not among the objects; they come with --only rbac.")
        }
        return notes
    }

    private var natsSecret: [String] {
        guard let nats = options.nats else { return [] }
        let files = nats.names.map { "--from-file=\($0.file)=FILE" }.joined(separator: " ")
        let variables = nats.names.map(\.variable).joined(separator: ", ")
        return [
            "What lets the bot make accounts on NATS servers is read from a Secret, too, with the files for "
                + "\(variables): kubectl -n \(options.namespace) create secret generic "
                + "\(InstallOptions.NATSFiles.secret) \(files)"
        ]
    }

    private var buildKit: [String] {
        guard options.parts.contains(.buildkit), let buildKit = options.buildKit, buildKit.certificates == .own else {
            return []
        }
        return [
            "BuildKit needs two Secrets with ca.crt, tls.crt and tls.key: \(BuildKitOptions.daemonSecret) in "
                + "\(buildKit.namespace), for the host \(BuildKitOptions.name).\(buildKit.namespace).svc, and "
                + "\(BuildKitOptions.clientSecret) in \(options.namespace). Make them with: "
                + "kubectl -n NAMESPACE create secret generic NAME "
                + "--from-file=ca.crt --from-file=tls.crt --from-file=tls.key"
        ]
    }

    private var issuers: [String] {
        guard options.parts.contains(.issuers) else { return [] }
        let name = options.rendering.clusterIssuer
        var notes = [
            "The ClusterIssuer \(name) is among the objects. If the cluster has one of that name, leave it out: --only "
                + "rbac,bot,buildkit"
        ]
        switch options.issuer.dns01 {
        case nil: notes.append("Apps with dns01_for_acme need a DNS-01 solver, which --dns01 adds.")
        case .cloudflare:
            notes.append(
                "DNS-01 needs the Secret cloudflare-api-token with the key api-token in cert-manager's namespace.")
        case .cloudDNS, .route53:
            notes.append("DNS-01 uses the cloud account that cert-manager runs as; it must be allowed to set records.")
        }
        return notes
    }
}
