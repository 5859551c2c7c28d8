import Deploys
import Foundation

/// Looks now and then whether the servers have the accounts of all environments: one that begins anew without them
/// gets them again, and apps are let in without a deploy. It is also told when older users' time is over.
package actor NATSAccountKeeper {
    /// Between two looks.
    static let period = Duration.seconds(120)

    private let settings: NATSSettings
    private let secrets: any AddOnSecrets
    private let installation: InstallationIdentity
    private let now: @Sendable () -> Date
    private let log: Log
    /// Said once, not with every look.
    private var lastTrouble: String?

    package init(
        _ settings: NATSSettings, secrets: any AddOnSecrets, installation: InstallationIdentity,
        now: @escaping @Sendable () -> Date = { Date() }, log: Log
    ) {
        self.settings = settings
        self.secrets = secrets
        self.installation = installation
        self.now = now
        self.log = log
    }

    /// Works until the task is cancelled.
    package func run() async {
        repeat { await look() } while (try? await Task.sleep(for: Self.period)) != nil
    }

    /// Names of accounts.
    struct Pushed: Sendable, Equatable {
        /// Which the server had lost.
        var missing: [String] = []
        /// Whose older users are turned away from now on.
        var changed: [String] = []
    }

    @discardableResult
    func look() async -> Pushed {
        do throws(AddOnError) {
            let pushed = try await push(try await secrets.kept(.nats))
            if !pushed.missing.isEmpty {
                log.warning("the NATS server had lost accounts, and has them again: \(Self.list(pushed.missing))")
            }
            if !pushed.changed.isEmpty {
                log.info("of these NATS accounts, only the newest users are let in now: \(Self.list(pushed.changed))")
            }
            if lastTrouble != nil { log.info("NATS accounts are looked after again") }
            lastTrouble = nil
            return pushed
        } catch {
            note(error)
            return Pushed()
        }
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    private func push(_ kept: [KeptAddOn]) async throws(AddOnError) -> Pushed {
        let second = Int(now().timeIntervalSince1970)
        // Users of another operator's accounts get new ones with the next deploy.
        let known = kept.compactMap { one in
            let account = DerivedAccount(of: one.place, operator: settings.operator)
            let user = NATSUser(in: one.secret, of: account)
            return user.map { (account: account, revokedUntil: $0.revokedUntil(at: second)) }
        }
        guard !known.isEmpty else { return Pushed() }
        return try await NATSTalk(limits: settings.limits).run { [settings] interrupt throws(NATSError) in
            let system = try NATSSystem(settings, second: second, interrupt)
            let listed = try system.accounts()
            var pushed = Pushed()
            for (account, revokedUntil) in known {
                switch try system.ensure(account, revokedUntil: revokedUntil, listed: listed).push {
                case .none: break
                case .missing: pushed.missing.append(account.name)
                case .changed: pushed.changed.append(account.name)
                }
            }
            return pushed
        }
    }

    private func note(_ error: AddOnError) {
        let sentence: String
        switch error {
        case .refused(let words, let advice): sentence = [words, advice].compactMap { $0 }.joined(separator: " ")
        case .unreachable(let words): sentence = words
        case .cancelled: return
        }
        guard sentence != lastTrouble else { return }
        lastTrouble = sentence
        log.warning("NATS accounts cannot be looked after: \(sentence)")
    }
}
