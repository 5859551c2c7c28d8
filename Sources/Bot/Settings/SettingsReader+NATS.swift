import Addons
import Foundation

/// The operator's NATS servers, on which apps get accounts.
extension SettingsReader {
    private static let appURL = "ITERAPP_NATS_URL"
    private static let ownURL = "ITERAPP_NATS_ADMIN_URL"
    private static let seedFile = "ITERAPP_NATS_OPERATOR_SEED_FILE"
    private static let credentialsFile = "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE"
    static let natsAuthorityFile = "ITERAPP_NATS_CA_FILE"
    static let natsAddresses = [appURL, ownURL]
    static let natsFiles = [seedFile, credentialsFile, natsAuthorityFile]
    static let natsSettings = natsAddresses + natsFiles

    /// Nil when none of it is set: then there are no accounts.
    mutating func nats() -> NATSSettings? {
        guard let (url, addresses) = natsServers() else { return nil }
        let file = "with \(Self.appURL), it is the file with the"
        let seed = required(
            Self.seedFile, "\(file) seed of the operator that the servers trust, or of one of its signing keys")
        let user = required(Self.credentialsFile, "\(file) credentials of a user of the servers' system account")
        let signer = seed.isEmpty ? nil : operatorKey(seed)
        let system = user.isEmpty ? nil : systemUser(user)
        let authorities = text(Self.natsAuthorityFile).flatMap { natsAuthorities($0) }
        guard let signer, let system else { return nil }
        return NATSSettings(
            appURL: url, addresses: addresses, operator: signer, system: system, authoritiesPEM: authorities)
    }

    /// Where the servers are; the rest stands in files.
    mutating func natsServers() -> (url: String, addresses: [NATSAddress])? {
        guard let url = text(Self.appURL) else {
            let others = Self.natsSettings.filter { text($0) != nil }
            if let first = others.first {
                problems.append("\(Self.appURL) is not set: \(first) is good for nothing without it.")
            }
            return nil
        }
        let apps = natsAddresses(Self.appURL, url)
        let own = text(Self.ownURL).flatMap { natsAddresses(Self.ownURL, $0) }
        return (url, own ?? apps ?? [])
    }

    /// The sentence does not carry the value: somebody may have put a password into it.
    private mutating func natsAddresses(_ name: String, _ value: String) -> [NATSAddress]? {
        if let addresses = NATSAddress.list(value) { return addresses }
        problems.append(
            "\(name) must be as in nats://nats.example.com:4222 or tls://nats.example.com:4222, or several of them "
                + "separated by commas; without a user and a password.")
        return nil
    }

    private mutating func operatorKey(_ path: String) -> NKey? {
        guard let text = content(of: Self.seedFile, path) else { return nil }
        let key = NKey(seedText: text.trimmingCharacters(in: .whitespacesAndNewlines))
        if let key, key.kind == .operator { return key }
        let found = key == nil ? "holds no seed" : "holds the seed of another kind of key"
        problems.append("\(Self.seedFile) names \(path), which \(found): one line that begins with SO is needed.")
        return nil
    }

    private mutating func systemUser(_ path: String) -> NATSCredentials? {
        guard let text = content(of: Self.credentialsFile, path) else { return nil }
        if let credentials = NATSCredentials(text: text) { return credentials }
        problems.append(
            "\(Self.credentialsFile) names \(path), which holds no credentials of a user: a token and the seed that "
                + "belongs to it are needed, as `nsc generate creds` writes them.")
        return nil
    }

    private mutating func natsAuthorities(_ path: String) -> String? {
        guard let text = content(of: Self.natsAuthorityFile, path) else { return nil }
        if Authorities.areIn(text) { return text }
        problems.append("\(Self.natsAuthorityFile) names \(path), which holds no certificate in PEM form.")
        return nil
    }

    private mutating func content(of name: String, _ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.read(upToCount: Self.maxKeyFileBytes)
        else {
            problems.append("\(name) names \(path), which can't be read.")
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension NATSSettings {
    /// What must not be read in logs.
    var secrets: [String] { [`operator`.seedText, system.key.seedText] }
}
