import Deploys
import Foundation
import Kubernetes

extension Settings {
    /// What the programs that we run may see: nothing that could be a secret.
    static func programVariables(_ environment: [String: String]) -> [String: String] {
        let names: Set = [
            "path", "home", "lang", "tmpdir", "http_proxy", "https_proxy", "no_proxy", "all_proxy", "docker_host",
            "docker_config", "ssl_cert_file", "ssl_cert_dir",
        ]
        return environment.filter { names.contains($0.key.lowercased()) }
    }

    /// Reads the process's environment.
    package static func fromProcess() throws(SettingsError) -> Settings {
        try read(ProcessInfo.processInfo.environment)
    }

    /// - Throws: every problem at once. No sentence carries a secret's value.
    package static func read(_ environment: [String: String]) throws(SettingsError) -> Settings {
        var reader = SettingsReader(environment)
        let (host, port) = reader.address("ITERAPP_LISTEN", default: "127.0.0.1:8080")
        let source = reader.source()
        reader.builder()
        let settings = Settings(
            host: host, port: port,
            publicURL: reader.url("ITERAPP_PUBLIC_URL").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 },
            stateDirectory: reader.text("ITERAPP_STATE_DIR") ?? "./state", slack: reader.slack(),
            github: reader.github(needed: source == .github), source: source,
            registry: reader.text("ITERAPP_REGISTRY"), naming: reader.naming(), cluster: reader.cluster(),
            programEnvironment: programVariables(environment))
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        return settings
    }
}

/// Takes variables one by one and collects what is wrong with them. A variable set to nothing counts as not set, and
/// the line break that a file with a secret often ends with is no part of it.
private struct SettingsReader {
    private let environment: [String: String]
    private(set) var problems: [String] = []

    init(_ environment: [String: String]) { self.environment = environment }

    func text(_ name: String) -> String? {
        let value = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return value.isEmpty ? nil : value
    }

    mutating func required(_ name: String, _ why: String) -> String {
        if let value = text(name) { return value }
        problems.append("\(name) is not set: \(why).")
        return ""
    }

    mutating func url(_ name: String) -> String? {
        guard let value = text(name) else { return nil }
        guard let url = URL(string: value), ["http", "https"].contains(url.scheme ?? ""), url.host() != nil else {
            problems.append("\(name) must be a URL that begins with http:// or https://.")
            return nil
        }
        return value
    }

    mutating func address(_ name: String, default usual: String) -> (String, Int) {
        let value = text(name) ?? usual
        let parts = value.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let port = Int(parts[parts.count - 1]), (0...65_535).contains(port) else {
            problems.append("\(name) must be an address and a port, as in 127.0.0.1:8080 or [::]:8080, not \(value).")
            return ("127.0.0.1", 0)
        }
        let host = parts.dropLast().joined(separator: ":")
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        return (bare.isEmpty ? "0.0.0.0" : bare, port)
    }

    mutating func whole(_ name: String, default usual: Int, in range: ClosedRange<Int>) -> Int {
        guard let value = text(name) else { return usual }
        if let number = Int(value), range.contains(number) { return number }
        problems.append(
            "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(value).")
        return usual
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default usual: Choice
    ) -> Choice where Choice.RawValue == String {
        guard let value = text(name) else { return usual }
        if let choice = Choice(rawValue: value) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: " or ")
        problems.append("\(name) must be \(known), not \(value).")
        return usual
    }
}

extension SettingsReader {
    mutating func slack() -> Settings.Slack {
        let logChannel = text("ITERAPP_LOG_CHANNEL") ?? "#iterapp-logs"
        let others = (text("ITERAPP_COMMAND_CHANNELS") ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        for channel in [logChannel] + others where !channel.hasPrefix("#") && !channel.hasPrefix("C") {
            problems.append("\(channel) is no channel: write #name, or the channel's id (C…).")
        }
        return Settings.Slack(
            signingSecret: required(
                "SLACK_SIGNING_SECRET", "it is on your Slack app's page under Basic Information"),
            botToken: required("SLACK_BOT_TOKEN", "it is on your Slack app's page under OAuth & Permissions"),
            apiURL: url("SLACK_API_URL") ?? "https://slack.com/api/",
            channels: ChannelPolicy(logChannel: logChannel, commandChannels: others))
    }

    mutating func github(needed: Bool) -> Settings.GitHub {
        if text("GITHUB_APP_ID") != nil || text("GITHUB_APP_PRIVATE_KEY_FILE") != nil {
            problems.append("GITHUB_APP_ID is not supported by this version yet; set GITHUB_TOKEN instead.")
        } else if needed && text("GITHUB_TOKEN") == nil {
            problems.append(
                "GITHUB_TOKEN is not set: with ITERAPP_SOURCE=github, repositories are read with it.")
        }
        let secret =
            needed
            ? required("GITHUB_WEBHOOK_SECRET", "with ITERAPP_SOURCE=github, pushes are verified with it")
            : text("GITHUB_WEBHOOK_SECRET")
        return Settings.GitHub(
            webhookSecret: secret, token: text("GITHUB_TOKEN"), url: url("GITHUB_URL") ?? "https://github.com")
    }

    mutating func source() -> Settings.Source {
        let value = text("ITERAPP_SOURCE") ?? "github"
        if value == "github" { return .github }
        guard value.hasPrefix("dir:"), value.count > 4 else {
            problems.append("ITERAPP_SOURCE must be github, or dir:PATH with a folder of repositories.")
            return .github
        }
        let path = String(value.dropFirst(4))
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || !isFolder.boolValue {
            problems.append("ITERAPP_SOURCE names \(path), which is no folder.")
        }
        return .directory(path)
    }

    mutating func builder() {
        switch text("ITERAPP_BUILDER") ?? "buildkit" {
        case "docker": break
        case "buildkit":
            problems.append(
                "ITERAPP_BUILDER=buildkit (the default) is not supported by this version yet; "
                    + "set ITERAPP_BUILDER=docker.")
        case let other: problems.append("ITERAPP_BUILDER must be docker or buildkit, not \(other).")
        }
    }

    mutating func naming() -> Naming {
        let organisation = text("ITERAPP_DEFAULT_ORG") ?? "iterate"
        if AppID(parsing: "\(organisation)/app", defaultOrganisation: "") == nil {
            problems.append("ITERAPP_DEFAULT_ORG must be an organisation's name, not \(organisation).")
        }
        return Naming(
            defaultOrganisation: organisation, domains: domains(suffix: "", "iterate.no"),
            externalDomains: domains(suffix: "_EXTERNAL", "iterapp.no"))
    }

    private mutating func domains(suffix: String, _ root: String) -> Naming.Domains {
        Naming.Domains(
            prod: domain("ITERAPP_DOMAIN_PROD\(suffix)", default: "{app}.app.\(root)", needs: ["{app}"]),
            test: domain("ITERAPP_DOMAIN_TEST\(suffix)", default: "{app}.test.\(root)", needs: ["{app}"]),
            snap: domain("ITERAPP_DOMAIN_SNAP\(suffix)", default: "{env}.{app}.app.\(root)", needs: ["{app}", "{env}"]))
    }

    private mutating func domain(_ name: String, default usual: String, needs: [String]) -> String {
        guard let value = text(name)?.lowercased() else { return usual }
        for part in needs where !value.contains(part) {
            problems.append("\(name) must contain \(part), as in \(usual).")
        }
        let host = value.replacing("{app}", with: "a").replacing("{env}", with: "e")
        let isHost = host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
        if !isHost { problems.append("\(name) must be a host name, as in \(usual).") }
        return value
    }

    private mutating func gateway() -> (namespace: String, name: String) {
        let value = text("ITERAPP_GATEWAY") ?? "iterapp/iterapp"
        let parts = value.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            problems.append("ITERAPP_GATEWAY must be namespace/name of a Gateway, not \(value).")
            return ("iterapp", "iterapp")
        }
        return (parts[0], parts[1])
    }

    mutating func cluster() -> Settings.Cluster {
        Settings.Cluster(
            connection: connection(), routing: choice("ITERAPP_ROUTING", default: .gateway), gateway: gateway(),
            ingressClass: text("ITERAPP_INGRESS_CLASS"),
            issuer: text("ITERAPP_CLUSTER_ISSUER") ?? "letsencrypt",
            ingressAddress: text("ITERAPP_INGRESS_ADDRESS"),
            rollOutDeadlineSeconds: whole(
                "ITERAPP_ROLLOUT_DEADLINE_SECONDS", default: RenderOptions().progressDeadlineSeconds, in: 5...3_600))
    }

    private mutating func connection() -> KubernetesConnection {
        do throws(ConnectionError) {
            guard let path = text("KUBECONFIG") else { return try InClusterConnection.load(environment: environment) }
            return try Kubeconfig(path: path).connection()
        } catch {
            problems.append(error.sentence)
            return KubernetesConnection(server: "")
        }
    }
}
