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
    /// The same of single accounts: reasons by name.
    private var lastRefused: [String: String] = [:]

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
        /// Which the server does not take, with the reason.
        var refused: [String: String] = [:]
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
            note(pushed.refused)
            return pushed
        } catch {
            note(error)
            return Pushed()
        }
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    private func push(_ kept: [KeptAddOn]) async throws(AddOnError) -> Pushed {
        let second = Int(now().timeIntervalSince1970)
        var known: [(account: DerivedAccount, revokedUntil: Int)] = []
        for one in kept {
            let account = DerivedAccount(
                of: one.place, operator: settings.operator, installation: try await installation.id())
            // Users of another operator's accounts get new ones with the next deploy.
            guard let user = NATSUser(in: one.secret, of: account) else { continue }
            known.append((account, user.revokedUntil(at: second)))
        }
        guard !known.isEmpty else { return Pushed() }
        let talk = NATSTalk(limits: settings.limits)
        return try await talk.run(atMost: settings.limits.look) { [settings, known] interrupt throws(NATSError) in
            var system = try NATSSystem(settings, second: second, interrupt)
            let listed = try system.accounts()
            var pushed = Pushed()
            for (account, revokedUntil) in known {
                do throws(NATSError) {
                    switch try system.ensure(account, revokedUntil: revokedUntil, listed: listed).push {
                    case .none: break
                    case .missing: pushed.missing.append(account.name)
                    case .changed: pushed.changed.append(account.name)
                    }
                } catch .failed(let reason) {
                    // The others shall have theirs. A server that is offended ends the connection.
                    pushed.refused[account.name] = reason
                    system = try NATSSystem(settings, second: second, interrupt)
                }
            }
            return pushed
        }
    }

    private func note(_ refused: [String: String]) {
        let new = refused.filter { lastRefused[$0.key] != $0.value }
        for (reason, found) in Dictionary(grouping: new, by: \.value).sorted(by: { $0.key < $1.key }) {
            log.warning(
                "of all NATS accounts, these cannot be looked after: \(Self.list(found.map(\.key).sorted())). "
                    + "Of the NATS server: \(reason)")
        }
        let settled = lastRefused.keys.filter { refused[$0] == nil }.sorted()
        if !settled.isEmpty { log.info("these NATS accounts are looked after again: \(Self.list(settled))") }
        lastRefused = refused
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
