import Deploys
import Foundation
import Kubernetes
import Store

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
        let builder = reader.builder()
        let git = reader.git()
        var settings = Settings(
            host: host, port: port,
            publicURL: reader.publicURL(),
            stateDirectory: reader.text("ITERAPP_STATE_DIR") ?? Settings.usualStateDirectory,
            logDiskMebibytes: reader.whole("ITERAPP_LOG_DISK_MIB", default: 2_048, in: 32...1_048_576),
            queueLimit: reader.whole(
                "ITERAPP_QUEUE_LIMIT", default: SQLiteJournal.usualMaxUnfinishedOperations, in: 100...1_000_000),
            slack: reader.slack(),
            github: reader.github(needed: source == .github), source: source, builder: builder,
            cluster: reader.cluster(), rendering: reader.rendering(), access: reader.access(),
            permissions: reader.permissions(),
            programEnvironment: programVariables(environment))
        settings.git = git
        settings.diskReserveMebibytes = reader.whole("ITERAPP_DISK_RESERVE_MIB", default: 256, in: 0...1_048_576)
        settings.retention = reader.retention()
        settings.databases = reader.databases()
        settings.installation = reader.installation()
        settings.keys = reader.keys()
        settings.nats = reader.nats()
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        return settings
    }
}

/// Takes variables one by one and collects what is wrong with them. A variable set to nothing counts as not set, and
/// the line break that a file with a secret often ends with is no part of it.
struct SettingsReader {
    let environment: [String: String]
    var problems: [String] = []

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

    /// Without a slash at its end. Slack and GitHub call fixed paths of ours, and so do our pages.
    mutating func publicURL() -> String? {
        let name = "ITERAPP_PUBLIC_URL"
        guard let value = url(name) else { return nil }
        let url = URL(string: value)
        guard ["", "/"].contains(url?.path() ?? ""), url?.query() == nil, url?.fragment() == nil else {
            problems.append(
                "\(name) must end behind its host or port, as in https://iterapp.example.com: the service has to be at "
                    + "the top there, not below a path.")
            return nil
        }
        return value.hasSuffix("/") ? String(value.dropLast()) : value
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

    mutating func flag(_ name: String, default usual: Bool) -> Bool {
        guard let value = text(name) else { return usual }
        if let flag = Bool(value) { return flag }
        problems.append("\(name) must be true or false, not \(value).")
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
