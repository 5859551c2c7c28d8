import Foundation

/// Which part of an add-on's Secret must be read nowhere. Hosts and names are no secrets, and addresses hold the same
/// passwords.
enum AddOnPasswords {
    private static let variables = ["PGPASSWORD", "DB_PASSWORD", RedisSecret.passwordKey]
    private static let credentials = "NATS_CREDENTIALS"
    /// What a user's seed begins with
    /// (https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth).
    private static let userSeed = "SU"

    /// - Parameter secret: the Secret's values by their keys, of whatever add-on.
    static func found(in secret: [String: String]) -> [String] {
        let seeds = (secret[credentials] ?? "").split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasPrefix(userSeed) }
        return variables.compactMap { secret[$0] } + seeds
    }
}
