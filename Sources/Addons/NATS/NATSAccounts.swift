import Crypto
import Deploys
import Foundation

/// Accounts on the operator's NATS servers. An account is made by us and pushed; its one user lives in the Secret.
package struct NATSAccounts: AddOnServer {
    private let settings: NATSSettings
    private let installation: InstallationIdentity
    private let now: @Sendable () -> Date
    private let random: @Sendable (_ count: Int) -> [UInt8]
    private let learn: @Sendable (_ secrets: [String]) -> Void

    /// - Parameters:
    ///   - random: as many bytes as asked for, fit for keys.
    ///   - learn: told of every user's key, which shall be hidden in logs.
    package init(
        _ settings: NATSSettings, installation: InstallationIdentity,
        now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable (_ count: Int) -> [UInt8] = { randomBytes($0) },
        learn: @escaping @Sendable (_ secrets: [String]) -> Void = { _ in }
    ) {
        self.learn = learn
        self.settings = settings
        self.installation = installation
        self.now = now
        self.random = random
    }

    private var second: Int { Int(now().timeIntervalSince1970) }
    private var talk: NATSTalk { NATSTalk(limits: settings.limits) }

    private func account(of place: AddOnPlace) async throws(AddOnError) -> DerivedAccount {
        DerivedAccount(of: place, operator: settings.operator, installation: try await installation.id())
    }

    // MARK: The Secret

    package func secret(
        of place: AddOnPlace, kept: [String: String]?
    ) async throws(AddOnError) -> [String: String] {
        let account = try await account(of: place)
        let kept = kept ?? [:]
        let user = NATSUser(in: kept, of: account)
        let credentials = user?.credentials ?? newUser(of: account)
        learn([credentials.key.seedText])
        var secret = [
            NATSUser.Key.credentials: credentials.text, NATSUser.Key.url: settings.appURL,
            AddOn.natsCredentialsFile: credentials.text,
        ]
        if let authorities = settings.authoritiesPEM {
            secret[AddOn.natsAuthorityFile] = authorities
            secret[AddOn.natsAuthorityVariable] = "\(AddOn.natsDirectory)/\(AddOn.natsAuthorityFile)"
        }
        if let olderUntil = user?.olderUntil { secret[NATSUser.Key.olderUntil] = String(olderUntil) }
        return secret
    }

    private func newUser(of account: DerivedAccount) -> NATSCredentials {
        let made = NATSCredentials.make(
            signedBy: account.signer, for: account.key.publicText, name: account.name, issuedAt: second,
            seed: random(Ed25519Key.seedBytes))
        guard let made else { preconditionFailure("the random bytes are fewer than were asked for") }
        return made
    }

    /// - Throws: what can only be when the Secret was changed by hand just now.
    private func user(in secret: [String: String], _ account: DerivedAccount) throws(AddOnError) -> NATSUser {
        if let user = NATSUser(in: secret, of: account) { return user }
        throw .refused("The credentials of \(account.name) cannot be read.", advice: "Deploy again to have new ones.")
    }

    // MARK: The server

    /// The account is on the server, and lets its user in.
    package func provide(
        _ place: AddOnPlace, _ secret: [String: String]
    ) async throws(AddOnError) -> [String] {
        let account = try await account(of: place)
        let user = try user(in: secret, account)
        try await talk.run { [settings, second] interrupt throws(NATSError) in
            let system = try NATSSystem(settings, second: second, interrupt)
            let revokedUntil = user.revokedUntil(at: second)
            var ensured = try system.ensure(account, revokedUntil: revokedUntil, listed: try system.accounts())
            if try user.isLetIn(settings, interrupt) { return }
            if ensured.push == .none, ensured.token.issuer != settings.operator.publicText {
                ensured = try system.push(account, over: ensured.token, revokedUntil: revokedUntil)
                if try user.isLetIn(settings, interrupt) { return }
            }
            let isRevoked = DerivedAccount.revokedUntil(ensured.token) >= user.credentials.token.issuedAt
            // Any server takes any operator's accounts; it only serves nobody then.
            throw isRevoked ? .revokedUser : .otherOperator
        }
        return []
    }

    /// How long pods that are told to end may go on with an older user; Kubernetes gives them 30 seconds, usually.
    static let graceSeconds = 60

    /// Users that were issued before this one are turned away by `NATSAccountKeeper`, once the Secret says so.
    package func retireOlder(
        than secret: [String: String], at place: AddOnPlace
    ) async throws(AddOnError) -> [String: String] {
        let user = try user(in: secret, try await account(of: place))
        return user.olderUntil == nil ? [NATSUser.Key.olderUntil: String(second + Self.graceSeconds)] : [:]
    }
}
